import { execFileSync } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');
const DIST = join(ROOT, 'dist');
const { name: npmName, version, jsii: { targets } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The names of the public types, which must be there in each language. */
const TYPES = [
  'CloudWatchLogsDestination',
  'EventStreamDestinationConfig',
  'FirehoseDestination',
  'IEventStreamDestination',
  'IPinpointEventStream',
  'ISmsVoiceEventDestination',
  'KinesisStreamDestination',
  'PinpointEventStream',
  'PinpointEventStreamProps',
  'PinpointEventStreamProvider',
  'PinpointEventStreamProviderProps',
  'SmsVoiceEventDestinationConfig',
  'SmsVoiceEventDestinationProps',
  'SmsVoiceEventStream',
  'SmsVoiceEventStreamProps',
  'SmsVoiceEventType',
  'SnsTopicDestination',
];

const lines = (text: string) => text.trim().split('\n').sort();

describe('the Python wheel', () => {
  const { distName, module } = targets.python;
  const wheel = join(DIST, 'python', `${distName.replaceAll('-', '_')}-${version}-py3-none-any.whl`);
  const python = (expression: string, ...args: string[]) =>
    execFileSync('python3', ['-c', `import sys, zipfile; wheel = zipfile.ZipFile(sys.argv[1]); print(${expression})`, wheel, ...args], { encoding: 'utf8' });
  const read = (path: string) => python('wheel.read(sys.argv[2]).decode()', path);

  test('holds the module with its types, the library and the licence, and nothing else', () => {
    const info = `${module}-${version}.dist-info`;

    // Where the licence is depends on the version of setuptools.
    expect(lines(python('"\\n".join(wheel.namelist())').replace('/licenses/', '/'))).toEqual([
      `${info}/METADATA`,
      `${info}/RECORD`,
      `${info}/WHEEL`,
      `${info}/LICENSE`,
      `${info}/top_level.txt`,
      `${module}/__init__.py`,
      `${module}/_jsii/__init__.py`,
      `${module}/_jsii/${npmName}@${version}.jsii.tgz`,
      `${module}/py.typed`,
    ].sort());
  });

  test('names all types, and their members in snake case', () => {
    const source = read(`${module}/__init__.py`);

    expect(TYPES.filter((type) => !new RegExp(`^class ${type}[(:]`, 'm').test(source))).toEqual([]);
    expect([
      'def event_stream_arn(self)', 'def grant_read(', 'def from_application_id(', 'def for_stack(', 'application_id: builtins.str,',
    ].filter((member) => !source.includes(member))).toEqual([]);
  });

  test('shows the samples of the README in Python', () => {
    expect(read(`${module}-${version}.dist-info/METADATA`)).toContain('PinpointEventStream(stack, "Events", application_id="0123456789abcdef0123456789abcdef")');
  });
});

describe('the Java package', () => {
  const { package: javaPackage, maven: { groupId, artifactId } } = targets.java;
  const folder = join(DIST, 'java', ...groupId.split('.'), artifactId, version);
  const entries = (classifier: string) => lines(execFileSync('jar', ['--list', '--file', join(folder, `${artifactId}-${version}${classifier}.jar`)], { encoding: 'utf8' }));

  test.each([['', '.class'], ['-sources', '.java'], ['-javadoc', '.html']])('%j has all types, as %s', (classifier, extension) => {
    expect(entries(classifier)).toEqual(expect.arrayContaining(TYPES.map((type) => `${javaPackage.replaceAll('.', '/')}/${type}${extension}`)));
  });

  test('has a builder for the construct', () => {
    expect(entries('')).toContain(`${javaPackage.replaceAll('.', '/')}/PinpointEventStream$Builder.class`);
  });
});

describe('the Go module', () => {
  const { moduleName, packageName } = targets.go;
  const folder = join(DIST, 'go', packageName);
  const go = (...args: string[]) => execFileSync('go', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  test('is named as in .projenrc.ts, and holds the library and its version', () => {
    expect(go('list').trim()).toBe(`${moduleName}/${packageName}`);
    expect(readdirSync(join(folder, 'jsii'))).toContain(`${npmName}-${version}.tgz`);
    expect(readFileSync(join(folder, 'version'), 'utf8').trim()).toBe(version);
  });

  test('has all types and a constructor with the names of Go', () => {
    const documentation = go('doc', '-all');

    expect(TYPES.filter((type) => !new RegExp(`^type ${type} (interface|struct) `, 'm').test(documentation))).toEqual([]);
    expect(documentation).toContain('func NewPinpointEventStream(scope constructs.Construct, id *string, props *PinpointEventStreamProps) PinpointEventStream');
    expect(documentation).toContain('func PinpointEventStream_FromApplicationId(');
  });

  test('passes go vet, and so does the example', () => {
    // The example has the go.sum.
    expect(execFileSync('go', ['vet', '.', `${moduleName}/${packageName}`], { cwd: join(ROOT, 'examples', 'go'), encoding: 'utf8' })).toBe('');
  }, 600_000);
});

describe('the package for .NET', () => {
  const { packageId, namespace } = targets.dotnet;
  const generated = (type: string) => readFileSync(join(DIST, 'dotnet', packageId, namespace, `${type}.cs`), 'utf8');
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

  test('has all types, and their members with the names of C#', () => {
    expect(TYPES.filter((type) => !new RegExp(`public (class|interface) ${type}\\b`).test(generated(type)))).toEqual([]);
    expect(TYPES.filter((type) => !generated(type).includes(`namespace ${namespace}\n`))).toEqual([]);
    expect(generated('PinpointEventStreamProps')).toContain('public string ApplicationId');
    expect(generated('PinpointEventStreamProps')).toContain(`public ${namespace}.IEventStreamDestination? Destination`);
    expect(generated('PinpointEventStream')).toContain('public virtual string DestinationArn');
  });

  test.each([
    ['the example', readFileSync(join(ROOT, 'examples', 'csharp', 'Program.cs'), 'utf8'),
      ['CloudWatchLogsDestination', 'FirehoseDestination', 'KinesisStreamDestination', 'PinpointEventStream', 'PinpointEventStreamProps',
        'SmsVoiceEventDestinationProps', 'SmsVoiceEventStream', 'SmsVoiceEventStreamProps']],
    ['the README', /```csharp\n(.*?)```/s.exec(readme)![1],
      ['PinpointEventStream', 'PinpointEventStreamProps']],
  ])('has what %s in C# names', (_, source, expected) => {
    // WHEN
    const ours = [...source.matchAll(/new (\w+)/g)].map(([, type]) => type).filter((type) => !['App', 'Stack', 'CfnOutput', 'CfnOutputProps'].includes(type));

    // THEN
    expect([...new Set(ours)].sort()).toEqual(expected);
    expect(TYPES).toEqual(expect.arrayContaining(ours));
  });
});
