import { execFileSync } from 'child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'fs';
import { join, resolve } from 'path';
import { interleaved } from './processes';
import { WAYS, WayName } from './ways/way';

/** How many event streams the stacks have. */
export const COUNTS = [1, 10];

const DIRECTORY = resolve('.cache', 'bench');

const assemblyOf = (name: WayName, count: number) => join(DIRECTORY, `${name}-${count}`);

/**
 * New processes that synthesise an app.
 *
 * @returns milliseconds, by `WAY COUNT`
 */
export async function synthesis(rounds: number): Promise<Record<string, number[]>> {
  // An assembly keeps the assets of earlier runs.
  rmSync(DIRECTORY, { recursive: true, force: true });
  const app = join(DIRECTORY, 'app.js');
  execFileSync('npx', ['esbuild', 'bench/app.ts', '--bundle', '--packages=external', '--platform=node', `--outfile=${app}`, '--log-level=warning']);
  return interleaved(Object.fromEntries(WAYS.flatMap((name) => COUNTS.map((count) =>
    [`${name} ${count}`, { args: [app, name, String(count)], env: { CDK_OUTDIR: assemblyOf(name, count) } }]))), rounds);
}

/** What was synthesised: its resources, the bytes of its template without white space, and of the files that are uploaded beside it. */
export function sizeOf(name: WayName, count: number): { resources: number; templateBytes: number; assetBytes: number } {
  const assembly = assemblyOf(name, count);
  const template = JSON.parse(readFileSync(join(assembly, 'Bench.template.json'), 'utf8')) as { Resources: object };
  const assets = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter((path) => path.startsWith('asset.')).map((path) => statSync(join(assembly, path)));
  return {
    resources: Object.keys(template.Resources).length,
    templateBytes: Buffer.byteLength(JSON.stringify(template)),
    assetBytes: assets.filter((asset) => asset.isFile()).reduce((sum, { size }) => sum + size, 0),
  };
}

/** The synthesised function that calls Amazon Pinpoint. */
export function handlerOf(name: WayName): string {
  const assembly = assemblyOf(name, 1);
  return readdirSync(assembly).map((asset) => join(assembly, asset, 'index.js')).find((file) => existsSync(file))!;
}
