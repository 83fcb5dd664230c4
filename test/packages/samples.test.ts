import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { builtAssembly, ROOT, runTool, withPackageOf } from './assembly';

const LANGUAGES = ['python', 'java', 'go', 'csharp'];

/** What people read and write; API.md is generated of `src/`. */
const DOCUMENTS = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').filter((path) => path !== 'API.md');
const TEXT = DOCUMENTS.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n\n');

interface Snippet {
  readonly translations: Record<string, { readonly source: string }>;
}

/** Has jsii-rosetta compile and translate the samples of a README, and those in the docstrings of the library. */
function translate(readme: string): { status: number | null; output: string; snippets: Snippet[] } {
  return withPackageOf({ ...builtAssembly(), readme: { markdown: readme } }, (directory) => {
    const result = runTool('jsii-rosetta', 'extract', '--strict', '--directory', ROOT, directory);
    const tablet = JSON.parse(readFileSync(join(directory, '.jsii.tabl.json'), 'utf8')) as { snippets: Record<string, Snippet> };
    return { ...result, snippets: Object.values(tablet.snippets) };
  });
}

test('every sample of every document compiles strictly against the library, and its translations are those that were read', () => {
  // WHEN
  const { status, output, snippets } = translate(TEXT);

  // THEN
  expect({ status, output }).toMatchObject({ status: 0 });
  const examples = Object.values(builtAssembly().types!).filter(({ docs }) => docs?.example);
  expect(snippets).toHaveLength(TEXT.match(/^```ts$/gm)!.length + examples.length);
  for (const language of LANGUAGES) {
    expect(snippets.map((snippet) => snippet.translations[language].source).join('\n\n---\n\n')).toMatchSnapshot(language);
  }
}, 120_000);

test('samples with a property that does not exist, a missing property, or a value of another type fail', () => {
  // GIVEN
  const sample = (props: string) => [
    '```ts',
    "import { Stack } from 'aws-cdk-lib';",
    "import { PinpointEventStream } from 'cdk-pinpoint-event-stream';",
    'declare const stack: Stack;',
    `new PinpointEventStream(stack, 'Events', ${props});`,
    '```',
  ].join('\n');

  // WHEN
  const { status, output } = translate([
    sample("{ applicationId: '0123456789abcdef0123456789abcdef', replace: true }"),
    sample('{}'),
    sample('{ applicationId: 7 }'),
  ].join('\n\n'));

  // THEN
  expect(status).toBe(1);
  expect(output).toContain("'replace' does not exist in type 'PinpointEventStreamProps'");
  expect(output).toContain("Property 'applicationId' is missing");
  expect(output).toContain("Type 'number' is not assignable to type 'string'");
  expect(output).toContain('3 diagnostics encountered');
}, 120_000);
