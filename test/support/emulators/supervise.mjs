// Runs the emulators for as long as whoever started this lives: standard input ends when that
// process does, however it does. Then they are stopped and their folder is deleted.
// After any input, they run on until SIGTERM.
//
// usage: node supervise.mjs CONFIG, with CONFIG a JSON file of
//   directory: the folder of the emulators, with the logs in it
//   commands:  { name: { command, args, env } }

import { spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const GRACE_MS = 3_000;

const { directory, commands } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const children = Object.entries(commands).map(([name, { command, args, env }]) => {
  const log = openSync(join(directory, `${name}.log`), 'a');
  // A process group of its own, so that its children can be stopped with it.
  return spawn(command, args, { cwd: directory, env, stdio: ['ignore', log, log], detached: true });
});

const ended = Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve).once('error', resolve))));

function signalAll(signal) {
  for (const { pid } of children) {
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended already, or never started.
    }
  }
}

let stopping = false;
async function stop() {
  if (stopping) {
    return;
  }
  stopping = true;
  signalAll('SIGTERM');
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
  // Those that did not heed it, and what the others left behind.
  signalAll('SIGKILL');
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, stop);
}
let keep = false;
process.stdin.on('data', () => { keep = true; });
process.stdin.on('end', () => keep || stop());
