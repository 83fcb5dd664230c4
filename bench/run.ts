import { execFileSync } from 'child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { cpus, release, totalmem, type } from 'os';
import { coldStarts, firstCreates, memory, memorySweep } from './cold-start';
import { deployments, STEPS } from './deployment';
import { sizeOf, zippedAssetBytes } from './exact';
import { picture } from './picture';
import { each, mapped } from './records';
import { table } from './report';
import { COUNTS, DOCUMENTS, Range, Results } from './results';
import { Series } from './statistics';
import { SubjectName, SUBJECTS } from './subjects';
import { imports, synthesis } from './synthesis';

/** Measures all ways side by side, and writes the results, their table and their picture. */

const ROUNDS = { coldStarts: 40, firstCreates: 40, memory: 15, memorySweep: 15, synthesis: 5, imports: 40, deployments: 4 };
const EVENT_STREAMS = [1, 10, 50, 200];
/** Not the naive way, whose bundler takes longer than everything else. */
const SYNTHESISED: SubjectName[] = ['native', 'ours', 'aws-custom-resource', 'provider-framework'];
/** Not the native resource, which the emulator does not know. */
const DEPLOYED: SubjectName[] = ['ours', 'aws-custom-resource', 'provider-framework', 'naive'];

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

function range(series: Series): Range {
  const round = (figure: number) => Math.round(figure * 10) / 10;
  return { min: round(series.min), median: round(series.median), max: round(series.max) };
}

/** The plain bundle, and the CDK apps, in JavaScript. */
function compile(): void {
  const esbuild = (...args: string[]) => execFileSync('npx', ['esbuild', ...args, '--platform=node', '--target=node20', '--log-level=warning']);
  esbuild('bench/handlers/naive.ts', '--bundle', '--minify', '--outfile=.cache/bench/naive.js');
  esbuild('bench/app.ts', ...['index', 'common', ...SUBJECTS].map((name) => `bench/subjects/${name}.ts`), '--format=cjs', '--outdir=.cache/bench', '--outbase=bench');
}

function version(name: string): string {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
}

async function measure(): Promise<Results> {
  say('sizes');
  const sizes = each(SUBJECTS, (name) => each(COUNTS, (count) => sizeOf(name, count)));
  const zipped = each(SUBJECTS, zippedAssetBytes);
  say('cold starts');
  const cold = mapped(await coldStarts(ROUNDS.coldStarts), range);
  say('first requests');
  const first = mapped(await firstCreates(ROUNDS.firstCreates), range);
  const rss = mapped(await memory(ROUNDS.memory), range);
  const sweep = mapped(await memorySweep([128, 256, 512, 1_024, 1_769], ROUNDS.memorySweep), range);
  say('imports');
  const imported = mapped(await imports(ROUNDS.imports), range);
  say('synthesis');
  const synthesised = await synthesis(SYNTHESISED, EVENT_STREAMS, ROUNDS.synthesis);
  say('deployments');
  const deployed = await deployments(DEPLOYED, ROUNDS.deployments);
  return {
    machine: { cpus: cpus().length, cpu: cpus()[0].model, memoryGiB: Math.round(totalmem() / 2 ** 30), system: `${type()} ${release().replace(/-.*/, '')}` },
    versions: {
      'Node.js': process.versions.node,
      ...each(['aws-cdk-lib', 'aws-cdk', '@aws-sdk/client-pinpoint', 'esbuild'], version),
    },
    rounds: ROUNDS,
    sizes,
    zippedAssetBytes: zipped,
    coldStarts: cold,
    firstCreates: first,
    memory: rss,
    memorySweep: sweep,
    synthesis: each(SYNTHESISED, (name) => each(EVENT_STREAMS, (count) => range(synthesised[`${name} ${count}`]))),
    imports: imported,
    deployments: each(DEPLOYED, (name) => each(STEPS, (step) => {
      const { milliseconds, calls } = deployed[name][step];
      return { milliseconds: range(milliseconds), calls: [...new Set(calls)] };
    })),
  };
}

async function main(): Promise<void> {
  mkdirSync('.cache/bench', { recursive: true });
  compile();
  const results = await measure();
  writeFileSync(DOCUMENTS.data, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(DOCUMENTS.table, table(results));
  writeFileSync(DOCUMENTS.picture, picture(results));
  process.stdout.write(table(results));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
