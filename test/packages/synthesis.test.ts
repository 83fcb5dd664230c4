import { execFileSync, spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, dirname, join } from 'path';
import { ROOT } from './assembly';

const DIST = join(ROOT, 'dist');
const { jsii: { targets } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const MAVEN_REPOSITORY = join(ROOT, '.cache', 'maven');
const NUGET_PACKAGES = join(ROOT, '.cache', 'nuget');

// A .NET SDK is not asked of everybody. The workflow `test` installs one, and requires C#.
const CSHARP = process.env.REQUIRE_DOTNET || spawnSync('dotnet', ['--version']).status === 0 ? ['C#'] : [];
/** Those that are compared with TypeScript. */
const LANGUAGES = ['Python', 'Java', 'Go', ...CSHARP];

/** Where documented commands run: `dist` is there for the examples' `../../dist`, and nothing else of this project, above all no node_modules. */
let elsewhere: string;

beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'newcomer-'));
  symlinkSync(DIST, join(elsewhere, 'dist'));
  // A library of the same version, from an earlier run, must not be taken for the one that was just built.
  rmSync(join(MAVEN_REPOSITORY, ...targets.java.maven.groupId.split('.'), targets.java.maven.artifactId), { recursive: true, force: true });
  rmSync(join(NUGET_PACKAGES, targets.dotnet.packageId.toLowerCase()), { recursive: true, force: true });
});

afterAll(() => {
  rmSync(elsewhere, { recursive: true, force: true });
});

/** Runs documented commands as somebody does who has the packages, the CDK CLI and the tools of a language. */
function run(commands: string, folder: string): void {
  execFileSync('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      DIST,
      PATH: [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      MAVEN_OPTS: `-Dmaven.repo.local=${MAVEN_REPOSITORY}`,
      NUGET_PACKAGES,
      // The metadata names the language.
      CDK_VERSION_REPORTING: 'false',
      CDK_NOTICES: 'false',
    },
  });
}

/** `csharp` for C#: not every tool takes its sign in a path. */
function folderOf(language: string): string {
  return language.toLowerCase().replace('#', 'sharp');
}

/** The commands of a text in Markdown: its first block of shell. */
function commandsOf(text: string): string {
  const [, commands] = /```sh\n(.*?)```/s.exec(text)!;
  return commands.trim();
}

/** By the files of the stacks. */
function templatesIn(assembly: string): Record<string, unknown> {
  return Object.fromEntries(readdirSync(assembly).filter((file) => file.endsWith('.template.json')).sort()
    .map((file) => [file, JSON.parse(readFileSync(join(assembly, file), 'utf8'))]));
}

/** What the README tells to do in a language, from an empty folder to a template: its files, and its commands. */
function documentedStart(language: string): { files: [name: string, content: string][]; commands: string } {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, text] = new RegExp(`<summary>${language}</summary>(.*?)</details>`, 's').exec(readme)!;
  return {
    files: [...text.matchAll(/^`([^`]+)`:\n\n```\w+\n(.*?)```/gms)].map(([, name, content]) => [name, content]),
    commands: commandsOf(text),
  };
}

/** Does so, and gives the templates. */
function start(language: string): unknown {
  const folder = join(elsewhere, 'start', folderOf(language));
  const { files, commands } = documentedStart(language);
  for (const [name, content] of files) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  run(commands, folder);
  return templatesIn(join(folder, 'cdk.out'));
}

/** Runs what the README of an example says, and gives the templates for each destination. */
function synthesise(language: string): { kinesis: unknown; lake: unknown } {
  const source = join(ROOT, 'examples', folderOf(language));
  const example = join(elsewhere, 'examples', folderOf(language));
  const committed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '.'], { cwd: source, encoding: 'utf8' });
  for (const file of committed.trim().split('\n')) {
    cpSync(join(source, file), join(example, file));
  }
  const commands = commandsOf(readFileSync(join(example, 'README.md'), 'utf8'));
  const synth = commands.split('\n').at(-1);
  run(`${commands}\n${synth} -c destination=lake --output lake.out`, example);
  return { kinesis: templatesIn(join(example, 'cdk.out')), lake: templatesIn(join(example, 'lake.out')) };
}

test(`the README leads from an empty folder to the same template in TypeScript, ${LANGUAGES.join(', ')}`, () => {
  // GIVEN
  const expected = start('TypeScript');
  expect(JSON.stringify(expected)).toContain('Custom::PinpointEventStream');

  for (const language of LANGUAGES) {
    // WHEN
    const templates = start(language);

    // THEN
    expect({ language, templates }).toEqual({ language, templates: expected });
  }
}, 1_200_000);

test(`the examples in TypeScript, ${LANGUAGES.join(', ')}, with the built packages alone, give the same templates, asset hashes included`, () => {
  // GIVEN
  const expected = synthesise('TypeScript');
  expect(JSON.stringify(expected.kinesis)).toContain('AWS::Kinesis::Stream');
  expect(JSON.stringify(expected.lake)).toContain('pinpoint_events');
  expect(JSON.stringify(expected)).toContain('AWS::SMSVOICE::ConfigurationSet');

  for (const language of LANGUAGES) {
    // WHEN
    const templates = synthesise(language);

    // THEN
    expect({ language, ...templates }).toEqual({ language, ...expected });
  }
}, 1_200_000);
