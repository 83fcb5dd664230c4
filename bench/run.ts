import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { cpus } from 'os';
import { deployments } from './deployments';
import { functions } from './functions';
import { report } from './report';
import { COUNTS, sizeOf, synthesis } from './synthesis';
import { WAYS } from './ways/way';

// Measures all ways side by side, and writes docs/benchmarks.md.

const ROUNDS = { processes: 20, deployments: 3 };

export type Results = Awaited<ReturnType<typeof measure>>;

async function measure() {
  return {
    versions: {
      'Node.js': process.versions.node,
      ...Object.fromEntries(['aws-cdk-lib', 'aws-cdk', '@aws-sdk/client-pinpoint', 'esbuild'].map((name) =>
        [name, JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version as string])),
    },
    cores: cpus().length,
    rounds: ROUNDS,
    // Comes before the sizes and the functions, which are what it leaves.
    synthesis: await synthesis(ROUNDS.processes),
    sizes: Object.fromEntries(WAYS.map((name) => [name, COUNTS.map((count) => sizeOf(name, count))])),
    functions: await functions(ROUNDS.processes),
    deployments: await deployments(ROUNDS.deployments),
  };
}

async function main(): Promise<void> {
  const results = await measure();
  mkdirSync('test-reports', { recursive: true });
  writeFileSync('test-reports/benchmarks.json', JSON.stringify(results, undefined, 2));
  writeFileSync('docs/benchmarks.md', report(results));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
