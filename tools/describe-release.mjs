// Adds to dist what the release on GitHub has beside the packages: an SBOM, and at the end of the changelog
// the hash of the function with the steps that build it again. Runs after `projen release`.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { bundledPackages } from './bundled-packages.mjs';

const FUNCTION = 'assets/handler/index/index.js';

const { name, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
const version = readFileSync('dist/version.txt', 'utf8').trim();
const tag = readFileSync('dist/releasetag.txt', 'utf8').trim();

// The library depends on its peers only, so that its components are the packages in the function.
const bundled = new Set(bundledPackages('.cache/handler-bundle.json').map((bundledPackage) => `${bundledPackage.name}@${bundledPackage.version}`));
const sbom = JSON.parse(execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
}));
// npm takes the name from the folder, and the version has been put back to 0.0.0.
Object.assign(sbom.metadata.component, { 'bom-ref': `${name}@${version}`, name, version, 'purl': `pkg:npm/${name}@${version}` });
sbom.components = sbom.components.filter((component) => bundled.has(component['bom-ref']));
sbom.dependencies = [{ ref: `${name}@${version}`, dependsOn: sbom.components.map((component) => component['bom-ref']) }];
writeFileSync('dist/sbom.cdx.json', JSON.stringify(sbom, undefined, 2));

const hash = createHash('sha256').update(readFileSync(FUNCTION)).digest('hex');
appendFileSync('dist/changelog.md', `
## The function

\`${FUNCTION}\` in the packages has the SHA-256 hash \`${hash}\`. To build it again:

\`\`\`sh
git clone --branch ${tag} ${repository.url} && cd ${name}
npm ci && npx projen pre-compile
sha256sum ${FUNCTION}
\`\`\`
`);
