import { execFileSync, spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';
import { ROOT } from './assembly';

const DIST = join(ROOT, 'dist');
const { jsii: { targets } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const MAVEN_REPOSITORY = join(ROOT, '.cache', 'maven');
const NUGET_PACKAGES = join(ROOT, '.cache', 'nuget');

// A .NET SDK is not asked of everybody. The workflow `test` installs one, and requires C#.
const CSHARP = process.env.REQUIRE_DOTNET || spawnSync('dotnet', ['--version']).status === 0 ? ['C#'] : [];
/** Those that are compared with TypeScript. */
const LANGUAGES = ['Python', 'Java', 'Go', ...CSHARP];

/** Where documented commands run: nothing else of this project is there, above all no node_modules. */
let elsewhere: string;

beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'newcomer-'));
  const committed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'examples'], { cwd: ROOT, encoding: 'utf8' });
  for (const file of committed.trim().split('\n')) {
    cpSync(join(ROOT, file), join(elsewhere, file));
  }
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
      EXAMPLES: join(elsewhere, 'examples'),
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

/** What `examples/README.md` tells to do in a language, from an empty folder to a template: the first block of shell under its heading. */
function documentedCommands(language: string): string {
  const readme = readFileSync(join(elsewhere, 'examples', 'README.md'), 'utf8');
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${language}\n`))!;
  const [, commands] = /```sh\n(.*?)```/s.exec(section)!;
  return commands;
}

/** By the files of the stacks. */
function templatesIn(assembly: string): Record<string, unknown> {
  return Object.fromEntries(readdirSync(assembly).filter((file) => file.endsWith('.template.json')).sort()
    .map((file) => [file, JSON.parse(readFileSync(join(assembly, file), 'utf8'))]));
}

/** Follows them in an empty folder. */
function start(language: string): string {
  const folder = join(elsewhere, language);
  mkdirSync(folder);
  run(documentedCommands(language), folder);
  return folder;
}

/** The templates of the lake alone, and with an event stream to each destination. */
function synthesise(language: string): { lake: unknown; streamToKinesis: unknown; streamToLake: unknown } {
  const folder = start(language);
  const withContext = (...context: string[]) => {
    const output = `${context.length}.out`;
    run(`${language === 'Python' ? '. .venv/bin/activate; ' : ''}cdk synth ${context.map((value) => `-c ${value}`).join(' ')} --output ${output}`, folder);
    return templatesIn(join(folder, output));
  };
  const application = 'applicationId=0123456789abcdef0123456789abcdef';
  return {
    lake: templatesIn(join(folder, 'cdk.out')),
    streamToKinesis: withContext(application),
    streamToLake: withContext(application, 'destination=lake'),
  };
}

test(`the examples lead from an empty folder, with the built packages alone, to the same templates in TypeScript, ${LANGUAGES.join(', ')}, asset hashes included`, () => {
  // GIVEN
  const expected = synthesise('TypeScript');
  expect(JSON.stringify(expected.lake)).toContain('AWS::SMSVOICE::ConfigurationSet');
  expect(JSON.stringify(expected.lake)).toContain('email_events');
  expect(JSON.stringify(expected.lake)).not.toContain('Custom::PinpointEventStream');
  expect(JSON.stringify(expected.streamToKinesis)).toContain('Custom::PinpointEventStream');
  expect(JSON.stringify(expected.streamToKinesis)).toContain('AWS::Kinesis::Stream');
  expect(JSON.stringify(expected.streamToLake)).toContain('pinpoint_events');

  for (const language of LANGUAGES) {
    // WHEN
    const templates = synthesise(language);

    // THEN
    expect({ language, ...templates }).toEqual({ language, ...expected });
  }
}, 1_200_000);

test('the app in TypeScript checks types as it runs: a property that does not exist fails', () => {
  // GIVEN
  const folder = join(elsewhere, 'TypeScript');
  const app = readFileSync(join(folder, 'app.ts'), 'utf8');
  writeFileSync(join(folder, 'app.ts'), app.replace("new EventLake(stack, 'Lake')", "new EventLake(stack, 'Lake', { buckets: undefined })"));

  // WHEN
  const synthesis = () => run('cdk synth', folder);

  // THEN
  expect(synthesis).toThrow("'buckets' does not exist in type 'EventLakeProps'");
}, 120_000);
