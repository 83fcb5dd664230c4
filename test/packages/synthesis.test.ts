import { execFileSync } from 'child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';

const ROOT = join(__dirname, '..', '..');
const { version, jsii: { targets } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const MAVEN_REPOSITORY = join(ROOT, '.cache', 'maven');

/** Where a Maven repository keeps this library. */
const MAVEN_PATH = join(...targets.java.maven.groupId.split('.'), targets.java.maven.artifactId);

/** Where examples find `../../dist`, and nothing else of this project: above all no node_modules. */
let elsewhere: string;

beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'examples-'));
  symlinkSync(join(ROOT, 'dist'), join(elsewhere, 'dist'));
  // A library of the same version, from an earlier run, must not be taken for the one that was just built.
  rmSync(join(MAVEN_REPOSITORY, MAVEN_PATH), { recursive: true, force: true });
});

afterAll(() => {
  rmSync(elsewhere, { recursive: true, force: true });
});

/** The commands that the example's README tells people to run. */
function documentedCommands(example: string): string {
  const [, commands] = /```sh\n(.*?)```/s.exec(readFileSync(join(example, 'README.md'), 'utf8'))!;
  return commands.trim();
}

/** Runs what the README of an example says, and gives the template of each destination. */
function synthesise(language: string): { kinesis: unknown; firehose: unknown } {
  const example = join(elsewhere, 'examples', language);
  const committed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '.'], { cwd: join(ROOT, 'examples', language), encoding: 'utf8' });
  for (const file of committed.trim().split('\n')) {
    cpSync(join(ROOT, 'examples', language, file), join(example, file));
  }
  const commands = documentedCommands(example);
  const synth = commands.split('\n').at(-1);
  execFileSync('bash', ['-euo', 'pipefail', '-c', `${commands}\n${synth} -c destination=firehose --output firehose.out`], {
    cwd: example,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PATH: [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      MAVEN_OPTS: `-Dmaven.repo.local=${MAVEN_REPOSITORY}`,
      // The metadata names the language.
      CDK_VERSION_REPORTING: 'false',
      CDK_NOTICES: 'false',
    },
  });
  const template = (assembly: string) => JSON.parse(readFileSync(join(example, assembly, 'PinpointEvents.template.json'), 'utf8')) as unknown;
  return { kinesis: template('cdk.out'), firehose: template('firehose.out') };
}

test('the examples of all languages, with the built packages alone, give the same templates, asset hashes included', () => {
  // GIVEN
  const expected = synthesise('typescript');
  expect(JSON.stringify(expected.kinesis)).toContain('AWS::Kinesis::Stream');
  expect(JSON.stringify(expected.firehose)).toContain('AWS::KinesisFirehose::DeliveryStream');

  for (const language of ['python', 'java', 'go']) {
    // WHEN
    const templates = synthesise(language);

    // THEN
    expect({ language, ...templates }).toEqual({ language, ...expected });
  }
}, 1_200_000);

test('the example in C# names only what the generated C# has', () => {
  // GIVEN
  const source = readFileSync(join(ROOT, 'examples', 'csharp', 'Program.cs'), 'utf8');
  const { packageId, namespace } = targets.dotnet;
  const generated = (type: string) => readFileSync(join(ROOT, 'dist', 'dotnet', packageId, namespace, `${type}.cs`), 'utf8');

  // WHEN
  const ours = [...source.matchAll(/new (\w+)/g)].map(([, type]) => type)
    .filter((type) => !['App', 'Stack', 'CfnOutput', 'CfnOutputProps'].includes(type));

  // THEN
  expect(new Set(ours)).toEqual(new Set(['PinpointEventStream', 'PinpointEventStreamProps', 'FirehoseDestination', 'KinesisStreamDestination']));
  for (const type of ours) {
    expect(generated(type)).toContain(`public class ${type} :`);
    expect(generated(type)).toContain(`namespace ${namespace}`);
  }
  expect(generated('PinpointEventStreamProps')).toContain('public string ApplicationId');
  expect(generated('PinpointEventStreamProps')).toContain(`public ${namespace}.IEventStreamDestination? Destination`);
  expect(generated('PinpointEventStream')).toContain('public virtual string DestinationArn');
});

test('the Java package comes with its sources and its documentation', () => {
  const { package: javaPackage, maven: { artifactId } } = targets.java;
  const entries = (classifier: string) => execFileSync('jar', [
    '--list', '--file', join(ROOT, 'dist', 'java', MAVEN_PATH, version, `${artifactId}-${version}-${classifier}.jar`),
  ], { encoding: 'utf8' }).split('\n');
  const type = `${javaPackage.replaceAll('.', '/')}/PinpointEventStream`;

  expect(entries('sources')).toContain(`${type}.java`);
  expect(entries('javadoc')).toContain(`${type}.html`);
});
