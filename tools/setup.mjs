// Installs what is missing, in the versions of the lock files: all that a fresh clone needs before
// the scripts of package.json. Runs with nothing but Node and npm, so it imports nothing else.
//
// usage: node tools/setup.mjs unit|emulators|test|packages [LANGUAGE]

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const EMULATORS = { venv: join(ROOT, '.emulators', 'venv'), requirements: join(ROOT, 'test', 'support', 'emulators', 'requirements.txt') };
/** What checks templates and workflows; apart, since its dependencies and those of the emulators contradict each other. */
const CHECKERS = { venv: join(ROOT, '.checkers', 'venv'), requirements: join(ROOT, 'test', 'support', 'checkers', 'requirements.txt') };

const OLDEST_NODE = 20;
const OLDEST_PYTHON = [3, 10];

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

/** Runs a command to its end, its output visible; ends this process where it fails. */
function run(command, args, cwd = ROOT) {
  const shown = [command, ...args].join(' ');
  console.error(`setup: ${shown}`);
  const { status, error, signal } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    fail(`'${shown}' failed (${error?.message ?? signal ?? `exit status ${status}`}); see above, and run this again`);
  }
}

/** Runs `install` unless it ran to its end before with the same `source`; what is half-done is done again. */
function once(stamp, source, install) {
  const version = createHash('sha256').update(readFileSync(source)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) {
    return;
  }
  install();
  writeFileSync(stamp, version);
}

function checkNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE) {
    fail(`Node.js ${OLDEST_NODE} or newer is needed, this is ${process.version}: install a newer one and run this again`);
  }
}

/** The first Python on the PATH that is new enough. */
function findPython() {
  const found = [];
  for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']) {
    const { status, stdout } = spawnSync(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
    if (status !== 0) {
      continue;
    }
    const version = stdout.trim();
    const [major, minor] = version.split('.').map(Number);
    if (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1])) {
      return name;
    }
    found.push(`${name} is ${version}`);
  }
  return fail(
    `Python ${OLDEST_PYTHON.join('.')} or newer is needed, ` +
    `${found.length ? found.join(', ') : `none is on the PATH (${process.env.PATH.split(delimiter).length} folders searched)`}: ` +
    'install one and run this again');
}

function installNodePackages(directory) {
  const modules = join(directory, 'node_modules');
  once(join(modules, '.installed'), join(directory, 'package-lock.json'), () => run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], directory));
}

/**
 * Lets the examples import this package by its name. What they need is linked, not the package as a whole:
 * tools that follow links would search it in itself, over and over.
 */
function linkSelf() {
  const self = join(ROOT, 'node_modules', 'cdk-pinpoint-event-stream');
  rmSync(self, { recursive: true, force: true });
  mkdirSync(self);
  cpSync(join(ROOT, 'package.json'), join(self, 'package.json'));
  for (const folder of ['assets', 'lib']) {
    symlinkSync(join(ROOT, folder), join(self, folder));
  }
}

function installPythonPackages(python, { venv, requirements }) {
  once(join(venv, '.installed'), requirements, () => {
    rmSync(venv, { recursive: true, force: true });
    mkdirSync(dirname(venv), { recursive: true });
    run(python, ['-m', 'venv', venv]);
    run(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', requirements]);
  });
}

/** What packages the library for a language, and shows that it is there. */
const PACKAGERS = {
  java: [['javac', '-version'], ['mvn', '--version']],
  go: [['go', 'version']],
  dotnet: [['dotnet', '--version']],
};

function checkPackagers(languages) {
  const missing = languages.flatMap((language) => PACKAGERS[language] ?? [])
    .filter(([command, ...args]) => spawnSync(command, args).status !== 0)
    .map(([command]) => command);
  if (missing.length > 0) {
    fail(`${missing.join(', ')} not found on the PATH: Java needs a JDK 17 and Maven, Go needs Go, C# a .NET SDK 10; install what is missing and run this again`);
  }
}

const PURPOSES = ['unit', 'emulators', 'test', 'packages'];
const [purpose, language] = process.argv.slice(2);
if (!PURPOSES.includes(purpose)) {
  fail(`expected one of ${PURPOSES.join(', ')}, got ${purpose}: run npm test, or another script of package.json`);
}
checkNode();
if (purpose === 'packages') {
  // A .NET SDK is not asked of everybody.
  checkPackagers(language ? [language] : ['java', 'go']);
}
// Before anything is installed; of the packages, jsii's build for Python needs one.
const python = purpose === 'unit' || (language && language !== 'python') ? undefined : findPython();
installNodePackages(ROOT);
linkSelf();
if (purpose === 'test') {
  installNodePackages(join(ROOT, 'test', 'support', 'newest-cdk'));
}
if (purpose === 'emulators' || purpose === 'test') {
  installPythonPackages(python, EMULATORS);
}
if (purpose === 'test') {
  installPythonPackages(python, CHECKERS);
}
