import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { EventStream } from '@aws-sdk/client-pinpoint';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProvider } from '../../../src';
import { bootstrap } from '../../support/emulators/cdk';
import { Emulators } from '../../support/emulators/emulators';
import { inlinePolicyCharacters, isPermitted } from '../../support/emulators/permissions';
import { TestStack } from '../../support/emulators/test-stack';

jest.setTimeout(600_000);

/** IAM's quota for the inline policies of a role, which the emulator does not know. */
const MAX_INLINE_POLICY_CHARACTERS = 10_240;

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  await bootstrap(emulators);
});

afterAll(() => emulators.stop());

/** Event streams of these applications, all to one Kinesis stream. */
function addEventStreams(scope: Stack, applicationIds: readonly string[], rest: readonly string[] = []): void {
  const destination = new KinesisStreamDestination(new kinesis.Stream(scope, 'Stream', { removalPolicy: RemovalPolicy.DESTROY }));
  applicationIds.forEach((applicationId, index) => new PinpointEventStream(scope, `Events${index}`, { applicationId, destination }));
  if (rest.length > 0) {
    const provider = new PinpointEventStreamProvider(scope, 'Second');
    rest.forEach((applicationId, index) => new PinpointEventStream(scope, `More${index}`, { applicationId, destination, provider }));
  }
}

/** The message with which synthesis refuses so many event streams; undefined where it takes them. */
function refusalOf(count: number): string | undefined {
  const app = new App();
  addEventStreams(new Stack(app, 'Stack'), Array.from({ length: count }, (_, index) => index.toString(16).padStart(32, '0')));
  try {
    app.synth();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** As many event streams as one provider holds. */
function mostOfOneProvider(): number {
  let count = 1;
  while (refusalOf(count + 1) === undefined) {
    count++;
  }
  return count;
}

/** What a stack could leave behind in the emulators. */
async function leftovers(): Promise<string[]> {
  const [{ Roles }, { Functions }, { logGroups }, { StreamNames }] = await Promise.all([
    emulators.iam.send(new ListRolesCommand({})),
    emulators.lambda.send(new ListFunctionsCommand({})),
    emulators.logs.send(new DescribeLogGroupsCommand({})),
    emulators.kinesis.send(new ListStreamsCommand({})),
  ]);
  return [
    ...Roles!.map(({ RoleName }) => RoleName!).filter((name) => !name.startsWith('cdk-')),
    ...Functions!.map(({ FunctionName }) => FunctionName!),
    ...logGroups!.map(({ logGroupName }) => logGroupName!),
    ...StreamNames!,
  ].sort();
}

function createApplications(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => emulators.createApplication(`application ${index}`)));
}

function eventStreams(applicationIds: readonly string[]): Promise<(EventStream | undefined)[]> {
  return Promise.all(applicationIds.map((applicationId) => emulators.eventStream(applicationId)));
}

/** Each application has an event stream with a role of its own that can write, and IAM would take the policies of each provider's role. */
async function expectDeployed(stack: TestStack, applicationIds: readonly string[], providers: readonly RegExp[]): Promise<void> {
  const found = await eventStreams(applicationIds);
  expect(await Promise.all(found.map((eventStream) => isPermitted(emulators, eventStream!)))).toEqual(applicationIds.map(() => true));
  expect(new Set(found.map((eventStream) => eventStream!.RoleArn)).size).toBe(applicationIds.length);
  for (const provider of providers) {
    const [role] = await stack.physicalIds('AWS::IAM::Role', provider);
    expect(await inlinePolicyCharacters(emulators, role)).toBeLessThanOrEqual(MAX_INLINE_POLICY_CHARACTERS);
  }
}

async function expectDestroyed(stack: TestStack, applicationIds: readonly string[], before: readonly string[]): Promise<void> {
  expect(await eventStreams(applicationIds)).toEqual(applicationIds.map(() => undefined));
  expect(await stack.status()).toBeUndefined();
  expect(await leftovers()).toEqual(before);
}

const most = mostOfOneProvider();

test.each([1, 2, 10, most])('a stack that sets event streams for %i application(s) is deployed and destroyed, and nothing is left over', async (count) => {
  // GIVEN
  const before = await leftovers();
  const applicationIds = await createApplications(count);
  const stack = new TestStack(emulators, `Scale${count}`);

  // WHEN
  await stack.deploy((scope) => addEventStreams(scope, applicationIds));

  // THEN
  await expectDeployed(stack, applicationIds, [/^PinpointEventStreamProvider/]);
  expect(await leftovers()).not.toEqual(before);

  // WHEN
  await stack.destroy();

  // THEN
  await expectDestroyed(stack, applicationIds, before);
});

test('one event stream more than a provider holds is refused at synthesis, with what to do', () => {
  expect(most).toBeGreaterThanOrEqual(15);
  expect(refusalOf(most + 1)).toMatch(
    /the \d+ event streams of this provider need up to \d+ characters of inline policies, but IAM allows a role 10240: pass a second PinpointEventStreamProvider to the newest event streams/,
  );
});

test('a second provider takes the event streams that the first does not hold, and nothing is left over when both are destroyed', async () => {
  // GIVEN
  const before = await leftovers();
  const applicationIds = await createApplications(most + 2);
  const stack = new TestStack(emulators, 'TwoProviders');
  await stack.deploy((scope) => addEventStreams(scope, applicationIds.slice(0, most)));
  const first = await emulators.eventStream(applicationIds[0]);

  // WHEN
  await stack.deploy((scope) => addEventStreams(scope, applicationIds.slice(0, most), applicationIds.slice(most)));

  // THEN
  await expectDeployed(stack, applicationIds, [/^PinpointEventStreamProvider/, /^SecondRole/]);
  expect(await emulators.eventStream(applicationIds[0])).toEqual(first);

  // WHEN
  await stack.destroy();

  // THEN
  await expectDestroyed(stack, applicationIds, before);
});
