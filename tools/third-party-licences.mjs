// Writes the licences of the packages that esbuild has bundled: exactly those with code in the bundle, by esbuild's own account.
// Fails on a licence that nobody has allowed, and on one whose text would not be among them.
//
// usage: node tools/third-party-licences.mjs METAFILE OUTPUT

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
const LICENCE = /^(licen[cs]e|copying)/i;
const NOTICE = /^notice/i;
const DIRECTORY = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

const [metafile, output] = process.argv.slice(2);
const [{ inputs }] = Object.values(JSON.parse(readFileSync(metafile, 'utf8')).outputs);
const directories = new Set(Object.entries(inputs)
  .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  .flatMap(([input]) => DIRECTORY.exec(input) ?? []));
if (directories.size === 0) {
  throw new Error(`${metafile} names no package that is in the bundle: was it made by esbuild --bundle?`);
}

const packages = [...directories].map((directory) => {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  if (!ALLOWED.includes(license)) {
    throw new Error(`${name}@${version} has the licence ${JSON.stringify(license)}, which is none of ${ALLOWED.join(', ')}: decide whether it may be bundled`);
  }
  const read = (pattern) => readdirSync(directory).filter((file) => pattern.test(file)).sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').replace(/\r\n/g, '\n').trim()).join('\n\n');
  const terms = read(LICENCE);
  const text = [terms || `The package has no licence file; its package.json says ${license}.`, read(NOTICE)].filter(Boolean).join('\n\n');
  return { title: `${name} ${version} (${license})`, license, terms, text };
}).sort((a, b) => (a.title < b.title ? -1 : 1));

for (const { title, license, terms } of packages) {
  // The text of Apache-2.0 is the same for everybody, so that one copy serves all; the others name their copyright holders.
  if (!terms && !(license === 'Apache-2.0' && packages.some((other) => other.license === license && other.terms))) {
    throw new Error(`${title} has no licence file, expected one there, or, for Apache-2.0, in another bundled package, and found none: `
      + 'bundle a version that has one, or add the text that its author publishes to this tool');
  }
}

const byText = new Map();
for (const { title, text } of packages) {
  byText.set(text, [...byText.get(text) ?? [], title]);
}
const rule = '-'.repeat(80);
const sections = [...byText].map(([text, titles]) => `${rule}\n${titles.join('\n')}\n${rule}\n\n${text}\n`);
writeFileSync(output, `The Lambda function of this package, assets/handler/index/index.js, contains code of these packages.\n\n${sections.join('\n')}`);
