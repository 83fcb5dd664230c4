import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The packages that have code in a bundle, by esbuild's metafile: what their package.json says, and their directory. */
export function bundledPackages(metafile) {
  const [{ inputs }] = Object.values(JSON.parse(readFileSync(metafile, 'utf8')).outputs);
  const directories = new Set(Object.keys(inputs)
    .filter((input) => inputs[input].bytesInOutput > 0)
    .flatMap((input) => PACKAGE.exec(input) ?? []));
  if (directories.size === 0) {
    throw new Error(`${metafile} lists no package, expected those of the bundle: make it with esbuild --bundle --metafile`);
  }
  return [...directories].map((directory) => ({ ...JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')), directory }));
}
