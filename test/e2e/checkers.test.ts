import { execFile } from 'child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { PINPOINT_SAMPLES, Sample, SAMPLES } from '../support/sample-stacks';

jest.setTimeout(120_000);

const BIN = join(__dirname, '..', '..', '.checkers', 'venv', 'bin');

/** What is wrong in every way: a checker that finds nothing in it is not at work. */
const WRONG = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { AccessControl: 'PublicReadWrite' } },
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 'many' } },
    Application: { Type: 'AWS::Pinpoint::App', Properties: { Name: 'not in China' } },
    Events: { Type: 'Custom::PinpointEventStream', Properties: { ApplicationId: 'without a service token' } },
    Messages: {
      Type: 'AWS::SMSVOICE::ConfigurationSet',
      Properties: { ConfigurationSetName: 'no name', EventDestinations: [{ EventDestinationName: 'without a sink', Enabled: true, MatchingEventTypes: [] }] },
    },
  },
};

/** Findings as `RULE at PLACE`, sorted, by the name of the sample. */
type Findings = Record<string, string[]>;

/** What checkov advises in every stack with the function, and why this library does not do it. */
const PROVIDER = [
  // Reserved concurrency comes out of the account's, which can be 10, for a function that runs a few times a year.
  'CKV_AWS_115 at AWS::Lambda::Function.PinpointEventStreamProviderFunctionCA3FEF32',
  // A queue for what failed would keep the URLs with which CloudFormation can be answered; it hears of each failure anyway.
  'CKV_AWS_116 at AWS::Lambda::Function.PinpointEventStreamProviderFunctionCA3FEF32',
  // It calls an API of AWS, and nothing in a VPC; there, it would need a way out, which is for the account to have.
  'CKV_AWS_117 at AWS::Lambda::Function.PinpointEventStreamProviderFunctionCA3FEF32',
  // CloudWatch Logs encrypts it with its own key; a log group with another key can be passed in.
  'CKV_AWS_158 at AWS::Logs::LogGroup.PinpointEventStreamProviderLogs32BF4CB9',
  // The environment is a number of seconds, which Lambda encrypts with its own key.
  'CKV_AWS_173 at AWS::Lambda::Function.PinpointEventStreamProviderFunctionCA3FEF32',
];

/** The same where a log group is created. */
const logs = (logGroup: string) => `CKV_AWS_158 at AWS::Logs::LogGroup.${logGroup}`;

/** The same where a delivery stream is created, with its bucket and its log group. */
const deliveryStream = (bucket: string, logGroup: string) => [
  logs(logGroup),
  // Access logs need another bucket, which is for the account to have.
  `CKV_AWS_18 at AWS::S3::Bucket.${bucket}`,
  // Firehose writes each object once; whoever erases a person's events would have to erase the versions of them as well.
  `CKV_AWS_21 at AWS::S3::Bucket.${bucket}`,
];
const OTHER_EVENTS = deliveryStream('OtherEventsBucket7F7704B8', 'OtherEventsDeliveryStreamLogs1F4F70BD');
const MESSAGES = deliveryStream('EventsDestinationEventsBucket2514FC6B', 'EventsDestinationEventsDeliveryStreamLogsD496E980');
const MESSAGES_AND_LOG = [...MESSAGES, logs('EventsDestinationLogLogGroupA47B77E6')];
const ADVISED: Findings = {
  'with a delivery stream that is created': deliveryStream('EventsBucket147CB497', 'EventsDeliveryStreamLogs83206F27'),
  'with two event streams': OTHER_EVENTS,
  'with two event streams of a stack without an environment': OTHER_EVENTS,
  'in China': OTHER_EVENTS,
  'in GovCloud': OTHER_EVENTS,
  'of End User Messaging with a delivery stream that is created': MESSAGES,
  'of End User Messaging with a log group that is created': [logs('EventsDestinationEventsLogGroupC72CEA88')],
  'of End User Messaging with three event destinations of a stack without an environment': MESSAGES_AND_LOG,
  'of End User Messaging in GovCloud': MESSAGES_AND_LOG,
  'of End User Messaging of a nested stack': MESSAGES_AND_LOG,
};

/** A mapping that the CDK adds, and nothing uses. */
const UNUSED_MAPPING = 'W7001 at Mappings/awscdkawskinesisfirehoseCidrBlocks';
/** CloudFormation has no configuration sets of End User Messaging in China. */
const NOT_IN_CHINA = 'E3006 at Resources/EventsD32975C2/Type';
const LINTED: Findings = {
  'with two event streams of a stack without an environment': [UNUSED_MAPPING],
  'with a delivery stream that serves End User Messaging as well': [NOT_IN_CHINA],
  'of End User Messaging with a delivery stream that is created': [NOT_IN_CHINA],
  'of End User Messaging with a log group that is created': [NOT_IN_CHINA],
  'of End User Messaging with a topic that is created': [NOT_IN_CHINA],
  'of End User Messaging with a delivery stream, a role and a name that are passed in': [NOT_IN_CHINA],
  'of End User Messaging with three event destinations of a stack without an environment': [NOT_IN_CHINA, UNUSED_MAPPING],
  'of End User Messaging in GovCloud': [NOT_IN_CHINA],
  'of End User Messaging of a nested stack': [NOT_IN_CHINA],
};

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'templates-'));
  SAMPLES.forEach(writeTemplates);
  mkdirSync(join(directory, 'wrong', 'sample'), { recursive: true });
  writeFileSync(join(directory, 'wrong', 'sample', 'Stack.template.json'), JSON.stringify(WRONG));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Writes the templates of a sample into a folder of their own: more than one where it has a nested stack. */
function writeTemplates({ name, build, props }: Sample): void {
  const app = new App({ outdir: join(directory, 'assemblies', name) });
  build(new Stack(app, 'Stack', props));
  const assembly = app.synth().directory;
  mkdirSync(join(directory, 'right', name), { recursive: true });
  readdirSync(assembly)
    .filter((file) => file.endsWith('.template.json'))
    .forEach((file) => copyFileSync(join(assembly, file), join(directory, 'right', name, file)));
}

/** Runs a checker, which tells by its exit status that it found something, and says it as JSON. */
function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<any> {
  return new Promise((resolve, reject) => {
    execFile(join(BIN, command), args, { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error(`${command} ${args.join(' ')} answered no JSON (${error?.message}): ${stdout}${stderr}`));
      }
    });
  });
}

function bySample(found: (readonly [file: string, finding: string])[]): Findings {
  const findings: Findings = {};
  for (const [file, finding] of found) {
    (findings[basename(dirname(file))] ??= []).push(finding);
  }
  Object.values(findings).forEach((sample) => sample.sort());
  return findings;
}

async function cfnLint(templates: 'right' | 'wrong'): Promise<Findings> {
  const found: any[] = await run('cfn-lint', [
    '--format', 'json',
    // One of each partition: what a template has must exist in all of them.
    '--regions', 'eu-west-1', 'cn-north-1', 'us-gov-west-1',
    // Dependencies that a reference implies already. The CDK states them, and its own validation leaves this rule out, too.
    '--ignore-checks', 'W3005',
    '--template', join(directory, templates, '*', '*.template.json'),
  ]);
  return bySample(found.map(({ Filename, Rule, Location }) => [Filename, `${Rule.Id} at ${Location.Path.join('/')}`]));
}

/** Asks nothing of the network. */
async function checkov(templates: 'right' | 'wrong'): Promise<Findings> {
  const { results } = await run('checkov',
    ['--directory', join(directory, templates), '--framework', 'cloudformation', '--skip-download', '--quiet', '--compact', '--output', 'json'],
    { CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true', LOG_LEVEL: 'ERROR' });
  return bySample(results.failed_checks.map((failed: any) => [failed.file_path, `${failed.check_id} at ${failed.resource}`]));
}

describe('cfn-lint', () => {
  it('finds nothing in the templates but a mapping that the CDK adds, and what China has not', async () => {
    // WHEN
    const findings = await cfnLint('right');

    // THEN
    expect(findings).toEqual(LINTED);
  });

  it('finds what is wrong with a template that is wrong, and what a region has not', async () => {
    // WHEN
    const { sample } = await cfnLint('wrong');

    // THEN
    expect(sample).toEqual(expect.arrayContaining([
      'E3003 at Resources/Events/Properties',
      'E3006 at Resources/Application/Type',
      'E3012 at Resources/Stream/Properties/ShardCount',
      'E3031 at Resources/Messages/Properties/ConfigurationSetName',
      'E3045 at Resources/Bucket/Properties',
    ]));
  });
});

describe('checkov', () => {
  it('advises nothing for the templates that this library has no reason not to do', async () => {
    // WHEN
    const findings = await checkov('right');

    // THEN
    const withFunction = Object.fromEntries(PINPOINT_SAMPLES.map(({ name }) => [name, [...PROVIDER, ...ADVISED[name] ?? []]]));
    const expected = Object.entries({ ...ADVISED, ...withFunction }).map(([name, advised]) => [name, [...advised].sort()]);
    expect(findings).toEqual(Object.fromEntries(expected));
  });

  it('finds what is wrong with a template that is wrong', async () => {
    // WHEN
    const { sample } = await checkov('wrong');

    // THEN
    expect(sample).toEqual(expect.arrayContaining([
      'CKV_AWS_20 at AWS::S3::Bucket.Bucket',
      'CKV_AWS_43 at AWS::Kinesis::Stream.Stream',
    ]));
  });
});
