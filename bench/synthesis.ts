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

/** What the library imports of the CDK. */
export const CDK_MODULES = [
  'aws-cdk-lib', 'aws-cdk-lib/aws-iam', 'aws-cdk-lib/aws-kinesis', 'aws-cdk-lib/aws-kinesisfirehose', 'aws-cdk-lib/aws-lambda', 'aws-cdk-lib/aws-logs',
  'aws-cdk-lib/aws-s3', 'constructs',
];

/** Processes that import the modules of the CDK that the library needs, without it and with it: milliseconds. */
export async function imports(rounds: number): Promise<Record<'without' | 'with', Series>> {
  const requiring = (modules: string[]) => ({ args: ['--eval', modules.map((module) => `require('${module}')`).join(';')] });
  return interleaved({ without: requiring(CDK_MODULES), with: requiring([...CDK_MODULES, 'cdk-pinpoint-event-stream']) }, rounds);
}
