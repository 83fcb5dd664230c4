import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Assembly } from '@jsii/spec';

const ROOT = join(__dirname, '..', '..');
const LANGUAGES = ['python', 'java', 'go', 'csharp'];

/** What people read and write; API.md is generated of `src/`. */
const DOCUMENTS = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').filter((path) => path !== 'API.md');
const TEXT = DOCUMENTS.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n\n');

/** Holds an assembly, within this project so that samples find its node_modules. */
let directory: string;

beforeEach(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  directory = mkdtempSync(join(ROOT, '.cache', 'samples-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function builtAssembly(): Assembly {
  return JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly;
}

/** Has jsii-rosetta compile and translate the samples of a README, and those in the docstrings of the library. */
function translate(readme: string): { status: number | null; output: string } {
  writeFileSync(join(directory, '.jsii'), JSON.stringify({ ...builtAssembly(), readme: { markdown: readme } }));
  writeFileSync(join(directory, 'package.json'), readFileSync(join(ROOT, 'package.json')));
  const { status, stdout, stderr } = spawnSync('npx', ['jsii-rosetta', 'extract', '--strict', '--directory', ROOT, directory], { cwd: ROOT, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

interface Snippet {
  readonly translations: Record<string, { readonly source: string }>;
}

function translations(): Snippet[] {
  const { snippets } = JSON.parse(readFileSync(join(directory, '.jsii.tabl.json'), 'utf8')) as { snippets: Record<string, Snippet> };
  return Object.values(snippets);
}

test('every sample of every document compiles strictly against the library, and its translations are those that were read', () => {
  // WHEN
  const { status, output } = translate(TEXT);

  // THEN
  expect({ status, output }).toMatchObject({ status: 0 });
  const examples = Object.values(builtAssembly().types!).filter(({ docs }) => docs?.example);
  expect(translations()).toHaveLength(TEXT.match(/^```ts$/gm)!.length + examples.length);
  for (const language of LANGUAGES) {
    expect(translations().map((snippet) => snippet.translations[language].source).join('\n\n---\n\n')).toMatchSnapshot(language);
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
