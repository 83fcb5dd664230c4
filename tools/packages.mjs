// Builds the packages of all languages into dist, that of C# where there is a .NET SDK, or the package of one language.
// Installs what is missing first, so that a fresh clone will do.
//
// usage: node tools/packages.mjs [js|python|java|go|dotnet]

import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const LANGUAGES = ['js', 'python', 'java', 'go', 'dotnet'];

const languages = process.argv.slice(2);
if (languages.length > 1 || languages.some((language) => !LANGUAGES.includes(language))) {
  console.error(`packages: expected one of ${LANGUAGES.join(', ')}, or nothing for all of them, got ${languages.join(' ')}`);
  process.exit(1);
}
process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

// The SDK and jsii remind of newer versions of Node at every start.
const env = { ...process.env, NODE_NO_WARNINGS: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
// jsii packs what the compiler and jsii-rosetta have made.
for (const [command, ...args] of [
  ['node', 'tools/setup.mjs', 'packages', ...languages],
  ...['pre-compile', 'compile', 'post-compile', languages.length ? `package:${languages[0]}` : 'package-all'].map((task) => ['npx', 'projen', task]),
]) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
