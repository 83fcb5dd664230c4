import { execFile } from 'child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Sample, SAMPLES } from '../samples';

jest.setTimeout(120_000);

const BIN = join(__dirname, '..', '..', '.checkers', 'venv', 'bin');

/** What is wrong in every way: a checker that finds nothing in it is not at work. */
const WRONG = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { AccessControl: 'PublicReadWrite' } },
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 'many' } },
    Application: { Type: 'AWS::Pinpoint::App', Properties: { Name: 'not in China' } },
    Events: { Type: 'Custom::PinpointEventStream', Properties: { ApplicationId: 'without a service token' } },
  },
};

/** Findings as `RULE at PLACE`, sorted, by the name of the sample. */
type Findings = Record<string, string[]>;

/** What checkov advises in every stack, and why this library does not do it. */
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

/** The same where a delivery stream is created, with its bucket and its log group. */
const deliveryStream = (bucket: string, logGroup: string) => [
  `CKV_AWS_158 at AWS::Logs::LogGroup.${logGroup}`,
  // Access logs need another bucket, which is for the account to have.
  `CKV_AWS_18 at AWS::S3::Bucket.${bucket}`,
  // Firehose writes each object once; whoever erases a person's events would have to erase the versions of them as well.
  `CKV_AWS_21 at AWS::S3::Bucket.${bucket}`,
];
const OTHER_EVENTS = deliveryStream('OtherEventsBucket7F7704B8', 'OtherEventsDeliveryStreamLogs1F4F70BD');
const ADVISED: Findings = {
  'with a delivery stream that is created': deliveryStream('EventsBucket147CB497', 'EventsDeliveryStreamLogs83206F27'),
  'with two event streams': OTHER_EVENTS,
  'with two event streams of a stack without an environment': OTHER_EVENTS,
  'in China': OTHER_EVENTS,
  'in GovCloud': OTHER_EVENTS,
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
  it('finds nothing in the templates but a mapping that the CDK adds and nothing uses', async () => {
    // WHEN
    const findings = await cfnLint('right');

    // THEN
    expect(findings).toEqual({
      'with two event streams of a stack without an environment': ['W7001 at Mappings/awscdkawskinesisfirehoseCidrBlocks'],
    });
  });

  it('finds what is wrong with a template that is wrong, and what a region has not', async () => {
    // WHEN
    const { sample } = await cfnLint('wrong');

    // THEN
    expect(sample).toEqual(expect.arrayContaining([
      'E3003 at Resources/Events/Properties',
      'E3006 at Resources/Application/Type',
      'E3012 at Resources/Stream/Properties/ShardCount',
      'E3045 at Resources/Bucket/Properties',
    ]));
  });
});

describe('checkov', () => {
  it('advises nothing for the templates that this library has no reason not to do', async () => {
    // WHEN
    const findings = await checkov('right');

    // THEN
    expect(findings).toEqual(Object.fromEntries(SAMPLES.map(({ name }) => [name, [...PROVIDER, ...ADVISED[name] ?? []].sort()])));
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
