// Fails where a generated file that is committed is not what its source generates now.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const files = ['API.md', 'package.json', ...JSON.parse(readFileSync('.projen/files.json', 'utf8')).files];
const read = () => new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));

const before = read();
const env = { ...process.env, PROJEN_DISABLE_POST: '1' };
execFileSync('npx', ['projen', 'default'], { stdio: 'inherit', env });
execFileSync('npx', ['projen', 'docgen'], { stdio: 'inherit', env });
const after = read();

const stale = files.filter((file) => before.get(file) !== after.get(file));
if (stale.length > 0) {
  console.error(`not current: ${stale.join(', ')}; they have been generated anew: look at the difference, and commit it`);
  process.exit(1);
}
console.log(`${files.length} generated files are current`);
