import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { builtAssembly, ROOT, runTool, withPackageOf } from './assembly';

/** Has jsii-rosetta compile the samples of a README, and those in the docstrings of the library. */
function compile(readme: string): { status: number | null; output: string; samples: number } {
  return withPackageOf({ ...builtAssembly(), readme: { markdown: readme } }, (directory) => {
    const result = runTool('jsii-rosetta', 'extract', '--strict', '--directory', ROOT, directory);
    const { snippets } = JSON.parse(readFileSync(join(directory, '.jsii.tabl.json'), 'utf8')) as { snippets: object };
    return { ...result, samples: Object.keys(snippets).length };
  });
}

test('every sample of every document and docstring compiles strictly against the library', () => {
  // GIVEN: all documents but API.md, which has the samples of the docstrings
  const documents = execFileSync('git', ['ls-files', '*.md', ':!API.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const text = documents.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n\n');
  const examples = Object.values(builtAssembly().types!).filter(({ docs }) => docs?.example);

  // WHEN
  const { samples, ...result } = compile(text);

  // THEN
  expect(result).toMatchObject({ status: 0 });
  expect(samples).toBe(text.match(/^```ts$/gm)!.length + examples.length);
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
