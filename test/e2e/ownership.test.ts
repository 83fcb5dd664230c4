import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KinesisStreamDestination, PinpointEventStream } from '../../src';
import { bootstrap } from '../support/emulators/cdk';
import { Emulators } from '../support/emulators/emulators';
import { isPermitted } from '../support/emulators/permissions';
import { TestStack } from '../support/emulators/test-stack';

jest.setTimeout(180_000);

const FOREIGN_STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/foreign';
const FOREIGN_ROLE = 'arn:aws:iam::000000000000:role/foreign';

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  await bootstrap(emulators);
});

afterAll(() => emulators.stop());

test('a deployment that finds another\'s event stream fails, names it, and leaves it as it was', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('foreign');
  await emulators.setEventStream(applicationId, FOREIGN_STREAM, FOREIGN_ROLE);
  const foreign = await emulators.eventStream(applicationId);
  const stack = new TestStack(emulators, 'Foreign');

  // WHEN
  const output = await stack.failToDeploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId }); });

  // THEN
  expect(output).toContain(`Application ${applicationId} already has an event stream, to ${FOREIGN_STREAM} with role ${FOREIGN_ROLE}`);
  expect(output).toContain('replaceExisting');
  expect(await stack.status()).toBe('ROLLBACK_COMPLETE');
  expect(await emulators.eventStream(applicationId)).toEqual(foreign);
});

test('replaceExisting takes over another\'s event stream', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('taken');
  await emulators.setEventStream(applicationId, FOREIGN_STREAM, FOREIGN_ROLE);
  const stack = new TestStack(emulators, 'Taken');

  // WHEN
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId, replaceExisting: true }); });

  // THEN
  const eventStream = (await emulators.eventStream(applicationId))!;
  expect(eventStream.DestinationStreamArn).not.toBe(FOREIGN_STREAM);
  expect(await isPermitted(emulators, eventStream)).toBe(true);
});

test('a stack whose event stream was repointed by hand leaves the foreign one alone when it is destroyed', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('repointed');
  const stack = new TestStack(emulators, 'Repointed');
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId }); });
  await emulators.setEventStream(applicationId, FOREIGN_STREAM, FOREIGN_ROLE);

  // WHEN
  await stack.destroy();

  // THEN
  expect(await stack.status()).toBeUndefined();
  expect(await emulators.eventStream(applicationId)).toMatchObject({ DestinationStreamArn: FOREIGN_STREAM, RoleArn: FOREIGN_ROLE });
});

test.each([
  ['repointed', (applicationId: string) => emulators.setEventStream(applicationId, FOREIGN_STREAM, FOREIGN_ROLE)],
  ['deleted', (applicationId: string) => emulators.removeEventStream(applicationId)],
])('an update sets an event stream again that was %s by hand', async (what, changeByHand) => {
  // GIVEN
  const applicationId = await emulators.createApplication('healed');
  const stack = new TestStack(emulators, `Healed-${what}`);
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId }); });
  const { DestinationStreamArn, RoleArn } = (await emulators.eventStream(applicationId))!;
  await changeByHand(applicationId);

  // WHEN
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId, replaceExisting: true }); });

  // THEN
  expect(await emulators.eventStream(applicationId)).toMatchObject({ DestinationStreamArn, RoleArn });
});

describe('a construct that is renamed', () => {
  test('with a role of its own: is refused, and moves the event stream with replaceExisting', async () => {
    // GIVEN
    const applicationId = await emulators.createApplication('renamed');
    const stack = new TestStack(emulators, 'Renamed');
    await stack.deploy((scope) => { new PinpointEventStream(scope, 'Former', { applicationId }); });
    const before = await emulators.eventStream(applicationId);

    // WHEN
    const output = await stack.failToDeploy((scope) => { new PinpointEventStream(scope, 'Next', { applicationId }); });

    // THEN
    expect(output).toContain(`Application ${applicationId} already has an event stream`);
    expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await emulators.eventStream(applicationId)).toEqual(before);

    // WHEN
    await stack.deploy((scope) => { new PinpointEventStream(scope, 'Next', { applicationId, replaceExisting: true }); });

    // THEN
    const after = (await emulators.eventStream(applicationId))!;
    expect(after.RoleArn).toMatch(/role\/Renamed-NextRole/);
    expect(await isPermitted(emulators, after)).toBe(true);
  });

  test('with role and stream passed in: is refused, and keeps the event stream after RETAIN', async () => {
    // GIVEN
    const applicationId = await emulators.createApplication('renamed, passed in');
    const stack = new TestStack(emulators, 'PassedIn');
    const build = (id: string, props: { replaceExisting?: boolean; removalPolicy?: RemovalPolicy } = {}) => (scope: Stack) => {
      const role = new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });
      const stream = new kinesis.Stream(scope, 'Stream');
      new PinpointEventStream(scope, id, { applicationId, role, destination: new KinesisStreamDestination(stream), ...props });
    };
    await stack.deploy(build('Former'));
    const before = await emulators.eventStream(applicationId);

    // WHEN
    await stack.failToDeploy(build('Next'));

    // THEN
    expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await emulators.eventStream(applicationId)).toEqual(before);

    // WHEN
    await stack.deploy(build('Former', { removalPolicy: RemovalPolicy.RETAIN }));
    await stack.deploy(build('Next', { replaceExisting: true }));

    // THEN
    const after = (await emulators.eventStream(applicationId))!;
    expect(after).toMatchObject({ DestinationStreamArn: before!.DestinationStreamArn, RoleArn: before!.RoleArn });
    expect(await isPermitted(emulators, after)).toBe(true);
  });
});
