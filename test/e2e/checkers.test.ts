import { execFile } from 'child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Sample, SAMPLES } from '../support/sample-stacks';

jest.setTimeout(120_000);

const BIN = join(__dirname, '..', '..', '.checkers', 'venv', 'bin');

/** What cfn-lint finds in some template. */
const LINTED = [
  // A mapping that the CDK adds, and nothing uses.
  "W7001: Mapping 'awscdkawskinesisfirehoseCidrBlocks' is defined but not used",
  // CloudFormation has no configuration sets of End User Messaging and of Amazon SES in China.
  "E3006: Resource type 'AWS::SMSVOICE::ConfigurationSet' does not exist in 'cn-north-1'",
  "E3006: Resource type 'AWS::SES::ConfigurationSet' does not exist in 'cn-north-1'",
  "E3006: Resource type 'AWS::SES::ConfigurationSetEventDestination' does not exist in 'cn-north-1'",
  // What stands in for the zones of a new VPC until the CDK CLI looks them up.
  "W3010: Avoid hardcoding availability zones 'dummy1a'",
  "W3010: Avoid hardcoding availability zones 'dummy1b'",
];

/** What checkov advises for some template, and why this library does not do it. */
const ADVISED = [
  // Some of the actions by which Lambda connects a function to a VPC know no resource.
  'CKV_AWS_111 for AWS::IAM::Policy',
  // Reserved concurrency comes out of the account's, which can be 10, for a function that runs a few times a year.
  'CKV_AWS_115 for AWS::Lambda::Function',
  // A queue for what failed would keep the URLs with which CloudFormation can be answered; it hears of each failure anyway.
  'CKV_AWS_116 for AWS::Lambda::Function',
  // It calls an API of AWS, and nothing in a VPC; there, it needs a way out, which is for the account to have. A VPC can be passed in.
  'CKV_AWS_117 for AWS::Lambda::Function',
  // The environment is a number of seconds, which Lambda encrypts with its own key; another key can be passed in.
  'CKV_AWS_173 for AWS::Lambda::Function',
  // CloudWatch Logs encrypts it with its own key; a log group with another key can be passed in.
  'CKV_AWS_158 for AWS::Logs::LogGroup',
  // Access logs need another bucket, which is for the account to have.
  'CKV_AWS_18 for AWS::S3::Bucket',
  // Firehose writes each object once; whoever erases a person's events would have to erase the versions of them as well.
  'CKV_AWS_21 for AWS::S3::Bucket',
];

let directory: string;
let templates: string[];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'templates-'));
  mkdirSync(join(directory, 'templates'));
  templates = SAMPLES.flatMap(writeTemplates);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Writes the templates of a sample: more than one where it has a nested stack. */
function writeTemplates({ name, build, props }: Sample): string[] {
  const app = new App({ outdir: join(directory, 'assemblies', name) });
  build(new Stack(app, 'Stack', props));
  const assembly = app.synth().directory;
  return readdirSync(assembly).filter((file) => file.endsWith('.template.json')).map((file) => {
    const template = join(directory, 'templates', `${name} ${file}`);
    copyFileSync(join(assembly, file), template);
    return template;
  });
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

const distinct = (findings: string[]) => [...new Set(findings)].sort();

test('cfn-lint finds nothing in the templates but what the CDK adds, and what China has not', async () => {
  // WHEN
  const found: any[] = await run('cfn-lint', [
    '--format', 'json',
    // One of each partition: what a template has must exist in all of them.
    '--regions', 'eu-west-1', 'cn-north-1', 'us-gov-west-1',
    // Dependencies that a reference implies already. The CDK states them, and its own validation leaves this rule out, too.
    '--ignore-checks', 'W3005',
    '--template', ...templates,
  ]);

  // THEN
  expect(distinct(found.map(({ Rule, Message }) => `${Rule.Id}: ${Message}`))).toEqual(distinct(LINTED));
});

test('checkov advises nothing for the templates that this library has no reason not to do', async () => {
  // WHEN
  const { results, summary } = await run(
    'checkov',
    ['--directory', join(directory, 'templates'), '--framework', 'cloudformation', '--skip-download', '--quiet', '--compact', '--output', 'json'],
    // It asks nothing of the network.
    { CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true', LOG_LEVEL: 'ERROR' },
  );

  // THEN
  const advised = results.failed_checks.map(({ check_id: rule, resource }: any) => `${rule} for ${resource.replace(/\.[^.]+$/, '')}`);
  expect(summary.parsing_errors).toBe(0);
  expect(distinct(advised)).toEqual(distinct(ADVISED));
});
