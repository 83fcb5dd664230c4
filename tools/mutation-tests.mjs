// Writes docs/mutation-tests.md from Stryker's report and from the reasons in test/mutation/survivors.json.
// Fails where a mutant that survives has no reason, or a reason no mutant.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const DOCUMENT = 'docs/mutation-tests.md';
const REASONS = 'test/mutation/survivors.json';

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const onOneLine = (text) => text.replace(/\s+/g, ' ').trim();
/** A text as code within a table; three backticks around it, since a template may have one, and an empty one two. */
const code = (text) => `\`\`\` ${(text.length > 100 ? `${text.slice(0, 99)}…` : text).replaceAll('|', '\\|')} \`\`\``;

/** What the mutant stands in for. */
function originalOf(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push(lines.pop().slice(0, end.column - 1));
  return [lines[0].slice(start.column - 1), ...lines.slice(1)].join('\n');
}

const files = Object.entries(readJson('test-reports', 'mutation', 'mutation.json').files)
  .filter(([, { mutants }]) => mutants.length > 0)
  .sort(([a], [b]) => (a < b ? -1 : 1));

function row(name, mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  // Some are detected now by a test, now by the time that they take.
  const detected = count('Killed', 'Timeout');
  const survived = count('Survived', 'NoCoverage');
  return `| ${[name, mutants.length, detected, survived, `${(100 * detected / (detected + survived)).toFixed(1)} %`].join(' | ')} |`;
}

const reasons = readJson(REASONS);
const used = new Set();
let unexplained = 0;
const survivors = files.flatMap(([file, { source, mutants }]) => mutants
  .filter(({ status }) => ['Survived', 'NoCoverage'].includes(status))
  .sort((a, b) => a.location.start.line - b.location.start.line || a.location.start.column - b.location.start.column)
  .map(({ location, replacement }) => {
    const [line, from, to] = [source.split('\n')[location.start.line - 1], originalOf(source, location), replacement].map(onOneLine);
    const survivor = { file, line, from, to };
    const entry = reasons.find((candidate) => Object.entries(survivor).every(([key, value]) => candidate[key] === value));
    used.add(entry);
    if (!entry) {
      unexplained++;
      console.error(`survives without a reason in ${REASONS}: ${JSON.stringify(survivor)} (line ${location.start.line})`);
    }
    return `| ${file}:${location.start.line} | ${code(from)} | ${code(to)} | ${entry?.reason ?? '**none yet**'} |`;
  }));
const stale = reasons.filter((entry) => !used.has(entry));
stale.forEach((entry) => console.error(`no mutant survives any more that ${REASONS} explains: ${JSON.stringify(entry)}`));

const report = `# Mutation tests

\`npm run test:mutation\` changes \`src/\` in one place after the other, and runs the unit tests against each change. A test must fail then:
a change that none notices survives. Made from Stryker's report by \`UPDATE_DOCS=true npm run test:mutation\`, which fails where this is not
what it finds; the reasons are kept in \`${REASONS}\`.

| File | Mutants | Detected | Survived | Score |
|---|---|---|---|---|
${files.map(([file, { mutants }]) => row(file, mutants)).join('\n')}
${row('**all**', files.flatMap(([, { mutants }]) => mutants))}

## What survives, and why no test can tell

| Where | Code | Mutant | Reason |
|---|---|---|---|
${survivors.join('\n')}
`;
if (process.env.UPDATE_DOCS) {
  writeFileSync(DOCUMENT, report);
}
const isCurrent = readFileSync(DOCUMENT, 'utf8') === report;
if (!isCurrent) {
  console.error(`${DOCUMENT} is not what this run found: look at what has changed, and run UPDATE_DOCS=true npm run test:mutation`);
}
process.exitCode = unexplained + stale.length > 0 || !isCurrent ? 1 : 0;
