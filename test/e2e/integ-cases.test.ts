import { execFile } from 'child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { promisify } from 'util';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { bootstrap } from '../support/emulators/cdk';
import { Emulators } from '../support/emulators/emulators';
import { isPermitted } from '../support/emulators/permissions';
import { TestStack } from '../support/emulators/test-stack';

jest.setTimeout(180_000);

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  await bootstrap(emulators);
});

afterAll(() => emulators.stop());

/** What the emulator cannot deploy: it has no such resource, or its Lambda lacks the SDK that AWS provides. */
const NOT_EMULATED = ['AWS::Pinpoint::App', 'Custom::S3AutoDeleteObjects'];

/** Synthesizes an integration test, for an application that exists already. */
async function synthesize(file: string, stackName: string, applicationId: string): Promise<string> {
  const outdir = mkdtempSync(join(emulators.directory, 'cdk.out-'));
  const app = join(__dirname, '..', 'integ', file);
  await promisify(execFile)(process.execPath, ['-r', 'ts-node/register/transpile-only', app], { env: { ...process.env, CDK_OUTDIR: outdir } });
  const template = join(outdir, `${stackName}.template.json`);
  writeFileSync(template, JSON.stringify(JSON.parse(readFileSync(template, 'utf8'), (_, value) => {
    const emulated = NOT_EMULATED.includes(value.Type) ? undefined : value;
    return value.Ref === 'Application' ? applicationId : emulated;
  })));
  return outdir;
}

/** The names of what a stack keeps events in. */
async function containers(stackName: string): Promise<string[]> {
  const { StreamNames } = await emulators.kinesis.send(new ListStreamsCommand({}));
  const { Buckets } = await emulators.s3.send(new ListBucketsCommand({}));
  return [...StreamNames!, ...Buckets!.map(({ Name }) => Name!)].filter((name) => name.toLowerCase().startsWith(`${stackName.toLowerCase()}-`));
}

test.concurrent.each([
  ['integ.kinesis.ts', 'PinpointEventStreamKinesis'],
  ['integ.firehose.ts', 'PinpointEventStreamFirehose'],
  ['integ.customer-managed-key.ts', 'PinpointEventStreamCustomerManagedKey'],
])('the stack of %s sets an event stream that can be written to, and leaves neither a stream nor a bucket behind', async (file, stackName) => {
  // GIVEN
  const applicationId = await emulators.createApplication(file);
  const assembly = await synthesize(file, stackName, applicationId);
  const stack = new TestStack(emulators, stackName);

  // WHEN
  await stack.deployAssembly(assembly);

  // THEN
  expect(await isPermitted(emulators, (await emulators.eventStream(applicationId))!)).toBe(true);
  expect(await containers(stackName)).toHaveLength(1);

  // WHEN
  await stack.destroy();

  // THEN
  expect(await emulators.eventStream(applicationId)).toBeUndefined();
  expect(await containers(stackName)).toEqual([]);
});
