import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProvider } from '../../src';
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

/** Puts of this stack's roles fail as they do while Amazon Pinpoint cannot assume a role yet. */
function slowRoles(stackName: string, times?: number): Promise<() => Promise<number>> {
  const message = 'Could not put the event stream, make sure the IAM Role is configured correctly';
  return emulators.addFault({ operation: 'PutEventStream', stackName, times, fault: { error: { code: 'BadRequestException', status: 400, message } } });
}

/** With a short timeout, so that what never ends is over in seconds. */
function eventStream(scope: Stack, applicationId: string, streamId: string = 'Stream'): PinpointEventStream {
  return new PinpointEventStream(scope, 'Events', {
    applicationId,
    destination: new KinesisStreamDestination(new kinesis.Stream(scope, streamId)),
    provider: PinpointEventStreamProvider.forStack(scope, { propagationTimeout: Duration.seconds(5) }),
  });
}

test.concurrent('a role that propagates slowly delays a deployment and does not fail it', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('slow');
  const stack = new TestStack(emulators, 'Slow');
  const timesStruck = await slowRoles('Slow', 2);

  // WHEN
  await stack.deploy((scope) => { eventStream(scope, applicationId); });

  // THEN
  expect(await timesStruck()).toBe(2);
  expect(await isPermitted(emulators, (await emulators.eventStream(applicationId))!)).toBe(true);
});

test.concurrent('a role that never becomes usable fails the deployment, says what to check, and leaves nothing behind', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('never');
  const stack = new TestStack(emulators, 'Never');
  await slowRoles('Never');

  // WHEN
  const output = await stack.failToDeploy((scope) => { eventStream(scope, applicationId); });

  // THEN
  expect(output).toMatch(new RegExp(`PutEventStream for application ${applicationId} failed for \\d+ s, last with BadRequestException \\(HTTP 400\\)`));
  expect(output).toContain('trusts pinpoint.amazonaws.com');
  expect(await stack.status()).toBe('ROLLBACK_COMPLETE');
  expect(await emulators.eventStream(applicationId)).toBeUndefined();
});

test.concurrent('an update that fails is rolled back to the event stream as it was', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('rolled back');
  const stack = new TestStack(emulators, 'RolledBack');
  await stack.deploy((scope) => { eventStream(scope, applicationId, 'Former'); });
  const before = await emulators.eventStream(applicationId);
  await slowRoles('RolledBack');

  // WHEN
  const output = await stack.failToDeploy((scope) => { eventStream(scope, applicationId, 'Next'); });

  // THEN
  expect(output).toContain('cdk rollback --orphan');
  expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  // With the same date: one environment serves both, knows that nothing is under way, and neither sets nor waits.
  expect(await emulators.eventStream(applicationId)).toEqual(before);
  expect(await isPermitted(emulators, before!)).toBe(true);
});

test.concurrent('an update that had moved the event stream when another resource fails is rolled back with it', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('moved back');
  const stack = new TestStack(emulators, 'MovedBack');
  await stack.deploy((scope) => { eventStream(scope, applicationId, 'Former'); });
  const { DestinationStreamArn, RoleArn } = (await emulators.eventStream(applicationId))!;

  // WHEN
  await stack.failToDeploy((scope) => {
    const moved = eventStream(scope, applicationId, 'Next');
    const failing = new CustomResource(scope, 'Failing', { serviceToken: 'arn:aws:lambda:us-east-1:000000000000:function:missing' });
    failing.node.addDependency(moved);
  });

  // THEN
  expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  const after = (await emulators.eventStream(applicationId))!;
  expect(after).toMatchObject({ DestinationStreamArn, RoleArn });
  expect(await isPermitted(emulators, after)).toBe(true);
});

test.concurrent('a change of application that fails leaves the former event stream as it was', async () => {
  // GIVEN
  const former = await emulators.createApplication('stays');
  const missing = 'f'.repeat(32);
  const stack = new TestStack(emulators, 'Stays');
  await stack.deploy((scope) => { eventStream(scope, former); });
  const before = await emulators.eventStream(former);

  // WHEN
  const output = await stack.failToDeploy((scope) => { eventStream(scope, missing); });

  // THEN
  expect(output).toContain(`Check that application ${missing} exists`);
  expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await emulators.eventStream(former)).toEqual(before);
  expect(await isPermitted(emulators, before!)).toBe(true);
});
