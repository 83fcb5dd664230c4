// Writes the licences of the packages that have code in the function's bundle, as esbuild's metafile lists them.
// Fails on a licence that nobody has allowed, and on a package without the text of its licence.
//
// usage: node tools/third-party-licences.mjs METAFILE OUTPUT

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from './bundled-packages.mjs';

const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
const LICENCE = /^(licen[cs]e|copying)/i;
const NOTICE = /^notice/i;

const [metafile, output] = process.argv.slice(2);

// Packages that share a text share its section.
const titles = new Map();
for (const { directory, name, version, license } of bundledPackages(metafile)) {
  const title = `${name} ${version} (${license})`;
  if (!ALLOWED.includes(license)) {
    throw new Error(`${title} has none of the licences ${ALLOWED.join(', ')}: decide whether it may be bundled`);
  }
  const files = readdirSync(directory).sort();
  const licences = files.filter((file) => LICENCE.test(file));
  if (licences.length === 0) {
    throw new Error(`${title} has no licence file, expected one in ${directory}: bundle a version that has one`);
  }
  const text = [...licences, ...files.filter((file) => NOTICE.test(file))]
    .map((file) => readFileSync(join(directory, file), 'utf8').replace(/\r\n/g, '\n').trim()).join('\n\n');
  titles.set(text, [...titles.get(text) ?? [], title].sort());
}

const rule = '-'.repeat(80);
const sections = [...titles].map(([text, names]) => `${rule}\n${names.join('\n')}\n${rule}\n\n${text}\n`).sort();
writeFileSync(output, `The Lambda function of this package, assets/handler/index/index.js, contains code of these packages.\n\n${sections.join('\n')}`);
