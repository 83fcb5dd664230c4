import { execFileSync } from 'child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';

const ROOT = join(__dirname, '..', '..');
const MAVEN_REPOSITORY = join(ROOT, '.cache', 'maven');

/** Where examples find `../../dist`, and nothing else of this project: above all no node_modules. */
let elsewhere: string;

beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'examples-'));
  symlinkSync(join(ROOT, 'dist'), join(elsewhere, 'dist'));
  // A library of the same version, from an earlier run, must not be taken for the one that was just built.
  rmSync(join(MAVEN_REPOSITORY, 'io', 'github', 'cdk-pinpoint-event-stream'), { recursive: true, force: true });
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
  const run = (script: string) => execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
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
  const template = () => JSON.parse(readFileSync(join(example, 'cdk.out', 'PinpointEvents.template.json'), 'utf8')) as unknown;

  run(commands);
  const kinesis = template();
  run(`${commands} -c destination=firehose`);
  return { kinesis, firehose: template() };
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
  const generated = (type: string) => readFileSync(join(ROOT, 'dist', 'dotnet', 'CdkPinpointEventStream', 'CdkPinpointEventStream', `${type}.cs`), 'utf8');

  // WHEN
  const ours = [...source.matchAll(/new (\w+)\(|new (\w+)\s*\{|new (\w+)\s*$/gm)].map((match) => match.slice(1).find(Boolean)!)
    .filter((type) => !['App', 'Stack', 'CfnOutput', 'CfnOutputProps'].includes(type));

  // THEN
  expect(new Set(ours)).toEqual(new Set(['PinpointEventStream', 'PinpointEventStreamProps', 'FirehoseDestination', 'KinesisStreamDestination']));
  for (const type of ours) {
    expect(generated(type)).toContain(`public class ${type} :`);
    expect(generated(type)).toContain('namespace CdkPinpointEventStream');
  }
  expect(generated('PinpointEventStreamProps')).toContain('public string ApplicationId');
  expect(generated('PinpointEventStreamProps')).toContain('public CdkPinpointEventStream.IEventStreamDestination? Destination');
  expect(generated('PinpointEventStream')).toContain('public virtual string DestinationArn');
});

test('the Java package comes with its sources and its documentation', () => {
  const directory = join(ROOT, 'dist', 'java', 'io', 'github', 'cdk-pinpoint-event-stream', 'cdk-pinpoint-event-stream', '0.0.0');
  const entries = (jar: string) => execFileSync('jar', ['--list', '--file', join(directory, jar)], { encoding: 'utf8' }).split('\n');

  expect(entries('cdk-pinpoint-event-stream-0.0.0-sources.jar')).toContain('io/github/cdkpinpointeventstream/PinpointEventStream.java');
  expect(entries('cdk-pinpoint-event-stream-0.0.0-javadoc.jar')).toContain('io/github/cdkpinpointeventstream/PinpointEventStream.html');
});
