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

test.concurrent("a deployment that finds another's event stream fails, names it and leaves it as it was, and takes it over with replaceExisting", async () => {
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

  // WHEN
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId, replaceExisting: true }); });

  // THEN
  const eventStream = (await emulators.eventStream(applicationId))!;
  expect(eventStream.DestinationStreamArn).not.toBe(FOREIGN_STREAM);
  expect(await isPermitted(emulators, eventStream)).toBe(true);
});

test.concurrent('an event stream that was changed by hand is set again by each update, and left alone when its stack is destroyed', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('by hand');
  const stack = new TestStack(emulators, 'ByHand');
  const deploy = (replaceExisting: boolean) => stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId, replaceExisting }); });
  await deploy(false);
  const { DestinationStreamArn, RoleArn } = (await emulators.eventStream(applicationId))!;

  // WHEN
  await emulators.removeEventStream(applicationId);
  await deploy(true);

  // THEN
  expect(await emulators.eventStream(applicationId)).toMatchObject({ DestinationStreamArn, RoleArn });

  // WHEN
  await emulators.setEventStream(applicationId, FOREIGN_STREAM, FOREIGN_ROLE);
  await deploy(false);

  // THEN
  expect(await emulators.eventStream(applicationId)).toMatchObject({ DestinationStreamArn, RoleArn });

  // WHEN
  await emulators.setEventStream(applicationId, FOREIGN_STREAM, FOREIGN_ROLE);
  await stack.destroy();

  // THEN
  expect(await stack.status()).toBeUndefined();
  expect(await emulators.eventStream(applicationId)).toMatchObject({ DestinationStreamArn: FOREIGN_STREAM, RoleArn: FOREIGN_ROLE });
});

test.concurrent('a construct with a role of its own that is renamed is refused, and moves the event stream with replaceExisting', async () => {
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

test.concurrent('a construct with a role and a stream passed in that is renamed is refused, and keeps the event stream after RETAIN', async () => {
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
