import { spawn } from 'child_process';
import { each, mapped } from './records';
import { Series } from './statistics';

/** A process that is run again and again. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How one run of a process went. */
interface Run {
  readonly milliseconds: number;
  readonly stdout: string;
}

/** Runs Node.js from its start to its end; throws where it fails. */
export async function run({ args, env = {} }: Command): Promise<Run> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH!, NODE_NO_WARNINGS: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => { output.stdout += chunk; });
  child.stderr.on('data', (chunk) => { output.stderr += chunk; });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) {
    throw new Error(`node ${args.join(' ')} ended with ${status}:\n${output.stdout}${output.stderr}`);
  }
  return { milliseconds: Number(process.hrtime.bigint() - start) / 1e6, stdout: output.stdout };
}

/**
 * Runs commands in turn, so that what slows this machine down slows all of them down.
 *
 * @param figure what is noted of each run, by default its time in milliseconds
 */
export async function interleaved<Name extends string>(
  commands: Record<Name, Command>,
  rounds: number,
  figure: (run: Run) => number = ({ milliseconds }) => milliseconds,
): Promise<Record<Name, Series>> {
  const names = Object.keys(commands) as Name[];
  const figures = each(names, () => [] as number[]);
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const found = figure(await run(commands[name]));
      // The first round fills the caches of the disk.
      if (round > 0) {
        figures[name].push(found);
      }
    }
  }
  return mapped(figures, (found) => new Series(found));
}
