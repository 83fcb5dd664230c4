import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { interleaved } from './processes';
import { Series } from './statistics';
import { SubjectName } from './subjects';

/** The stacks are of the size that a provider holds. */
const EVENT_STREAMS_PER_STACK = 10;

/** Processes that synthesise apps, by the way and by how many event streams are in them: milliseconds. */
export async function synthesis(names: readonly SubjectName[], eventStreams: readonly number[], rounds: number): Promise<Record<string, Series>> {
  const commands = Object.fromEntries(names.flatMap((name) => eventStreams.map((count) => [`${name} ${count}`, {
    args: [join('.cache', 'bench', 'app.js'), name, ...stacks(count).map(String)],
    env: { CDK_VALIDATION: 'false' },
  }])));
  return interleaved(commands, rounds);
}

function stacks(eventStreams: number): number[] {
  return eventStreams > EVENT_STREAMS_PER_STACK
    ? [EVENT_STREAMS_PER_STACK, ...stacks(eventStreams - EVENT_STREAMS_PER_STACK)]
    : [eventStreams];
}

/** The modules of the CDK that the library imports. */
function cdkModules(): string[] {
  const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.startsWith(join('provider', 'handler')))
    .map((file) => readFileSync(join('lib', file), 'utf8'));
  return [...new Set(sources.flatMap((source) => [...source.matchAll(/require\("((?:aws-cdk-lib|constructs)[^"]*)"\)/g)].map(([, name]) => name)))].sort();
}

/** Processes that import the modules of the CDK that the library needs, without it and with it: milliseconds. */
export async function imports(rounds: number): Promise<Record<'without' | 'with', Series>> {
  const requiring = (modules: string[]) => ({ args: ['--eval', modules.map((module) => `require('${module}')`).join(';')] });
  return interleaved({ without: requiring(cdkModules()), with: requiring([...cdkModules(), 'cdk-pinpoint-event-stream']) }, rounds);
}
