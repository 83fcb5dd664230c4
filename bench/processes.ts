import { spawn } from 'child_process';

/** A process of Node.js that is run again and again. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs it from its start to its end, and throws where it fails: milliseconds. */
async function run({ args, env }: Command): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH!, NODE_NO_WARNINGS: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', CDK_VALIDATION: 'false', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) {
    throw new Error(`node ${args.join(' ')} ended with ${status}, expected 0: see above`);
  }
  return performance.now() - start;
}

/** Runs commands in turn, so that what slows this machine down slows all of them down: milliseconds of each run. */
export async function interleaved<Name extends string>(commands: Record<Name, Command>, rounds: number): Promise<Record<Name, number[]>> {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of Object.keys(commands) as Name[]) {
      const time = await run(commands[name]);
      // The first round fills the caches of the disk.
      if (round > 0) {
        times[name].push(time);
      }
    }
  }
  return times;
}
