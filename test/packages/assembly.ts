import { spawnSync } from 'child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Assembly } from '@jsii/spec';

export const ROOT = join(__dirname, '..', '..');

/** What jsii made of `src/`; a new copy each time. */
export function builtAssembly(): Assembly {
  return JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly;
}

/** Does something with the folder of a package that has another assembly, within this project so that it finds node_modules. */
export function withPackageOf<T>(assembly: Assembly, use: (directory: string) => T): T {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, '.cache', 'package-'));
  try {
    writeFileSync(join(directory, '.jsii'), JSON.stringify(assembly));
    copyFileSync(join(ROOT, 'package.json'), join(directory, 'package.json'));
    cpSync(join(ROOT, 'rosetta'), join(directory, 'rosetta'), { recursive: true });
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Runs one of this project's tools to its end, whether it succeeds or fails. */
export function runTool(...command: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('npx', command, { cwd: ROOT, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
