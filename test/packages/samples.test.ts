import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { builtAssembly, ROOT, runTool, withPackageOf } from './assembly';

interface Snippet {
  readonly translations: { readonly $: { readonly source: string }; readonly python: { readonly source: string } };
}

/** All documents but API.md, which has the samples of the docstrings. */
const DOCUMENTS = execFileSync('git', ['ls-files', '*.md', ':!API.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
  .map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n\n');

/** Has jsii-rosetta compile and translate the samples of a README, and those in the docstrings of the library. */
function compile(readme: string): { status: number | null; output: string; snippets: Snippet[] } {
  return withPackageOf({ ...builtAssembly(), readme: { markdown: readme } }, (directory) => {
    const result = runTool('jsii-rosetta', 'extract', '--strict', '--directory', ROOT, directory);
    const { snippets } = JSON.parse(readFileSync(join(directory, '.jsii.tabl.json'), 'utf8')) as { snippets: Record<string, Snippet> };
    return { ...result, snippets: Object.values(snippets) };
  });
}

test('every sample of every document and docstring compiles strictly against the library, and its Python beside it is its translation', () => {
  // GIVEN
  const samples = DOCUMENTS.match(/^```ts( fixture=imports)?$/gm)!;
  const inPython = [...DOCUMENTS.matchAll(/^```ts[^\n]*\n([^`]*)\n```\n\n```python\n([^`]*)\n```$/gm)].map(([, sample, python]) => ({ sample, python }));
  const examples = Object.values(builtAssembly().types!).filter(({ docs }) => docs?.example);

  // WHEN
  const { snippets, ...result } = compile(DOCUMENTS);

  // THEN
  expect(result).toMatchObject({ status: 0 });
  expect(snippets).toHaveLength(samples.length + examples.length);
  expect(inPython).toHaveLength(DOCUMENTS.match(/^```python$/gm)!.length);
  const translations = new Map(snippets.map(({ translations: { $, python } }) => [$.source, python.source]));
  expect(inPython.map(({ sample }) => ({ sample, python: translations.get(sample) }))).toEqual(inPython);
}, 120_000);

test('a sample with a property that does not exist is found', () => {
  // GIVEN
  const sample = [
    '```ts',
    "import { Stack } from 'aws-cdk-lib';",
    "import { PinpointEventStream } from 'cdk-pinpoint-event-stream';",
    'declare const stack: Stack;',
    "new PinpointEventStream(stack, 'Events', { applicationId: '0123456789abcdef0123456789abcdef', replace: true });",
    '```',
  ].join('\n');

  // WHEN
  const { status, output } = compile(sample);

  // THEN
  expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining("'replace' does not exist in type 'PinpointEventStreamProps'") });
}, 120_000);
