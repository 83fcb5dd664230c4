import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProvider } from '../../src';
import { bootstrap } from '../support/emulators/cdk';
import { Emulators, FaultRule } from '../support/emulators/emulators';
import { isPermitted } from '../support/emulators/permissions';
import { TestStack } from '../support/emulators/test-stack';

jest.setTimeout(180_000);

/** What Amazon Pinpoint answers to a Put while it cannot assume the role yet. */
const CANNOT_ASSUME_ROLE: FaultRule = {
  operation: 'PutEventStream',
  fault: {
    error: { code: 'BadRequestException', status: 400, message: 'Could not put the event stream, make sure the IAM Role is configured correctly' },
  },
};

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  await bootstrap(emulators);
});

afterEach(() => emulators.setFaults());

afterAll(() => emulators.stop());

/** With a short timeout, so that what never ends is over in seconds. */
function eventStream(scope: Stack, applicationId: string, streamId: string = 'Stream'): PinpointEventStream {
  return new PinpointEventStream(scope, 'Events', {
    applicationId,
    destination: new KinesisStreamDestination(new kinesis.Stream(scope, streamId)),
    provider: PinpointEventStreamProvider.forStack(scope, { propagationTimeout: Duration.seconds(5) }),
  });
}

test('a role that never becomes usable fails the deployment, says what to check, and leaves nothing behind', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('never');
  const stack = new TestStack(emulators, 'Never');
  await emulators.setFaults(CANNOT_ASSUME_ROLE);

  // WHEN
  const output = await stack.failToDeploy((scope) => { eventStream(scope, applicationId); });

  // THEN
  expect(output).toMatch(new RegExp(`PutEventStream for application ${applicationId} failed for \\d+ s, at last with BadRequestException \\(HTTP 400\\)`));
  expect(output).toContain('trusts pinpoint.amazonaws.com');
  expect(await stack.status()).toBe('ROLLBACK_COMPLETE');
  expect(await emulators.eventStream(applicationId)).toBeUndefined();
});

describe('once a stack is deployed', () => {
  let stack: TestStack;
  let applicationId: string;
  let callsOfDeployment: number;

  beforeAll(async () => {
    applicationId = await emulators.createApplication('deployed');
    stack = new TestStack(emulators, 'Deployed');
    const calls = await emulators.callsToPinpoint();
    await emulators.setFaults({ ...CANNOT_ASSUME_ROLE, times: 2 });
    await stack.deploy((scope) => { eventStream(scope, applicationId); });
    callsOfDeployment = await emulators.callsToPinpoint() - calls;
  }, 180_000);

  /** Each failure is rolled back, so that the next test finds the stack as this one did. */
  afterEach(async () => {
    expect(await stack.status()).toMatch(/^(CREATE|UPDATE_ROLLBACK)_COMPLETE$/);
    expect(await isPermitted(emulators, (await emulators.eventStream(applicationId))!)).toBe(true);
  });

  test('a role that propagated slowly has delayed the deployment by two attempts, and not failed it', () => {
    // Each attempt looks, and sets.
    expect(callsOfDeployment).toBe(3 * 2);
  });

  test('an update whose role never becomes usable is rolled back to the event stream as it was', async () => {
    // GIVEN
    const before = await emulators.eventStream(applicationId);
    await emulators.setFaults(CANNOT_ASSUME_ROLE);

    // WHEN
    const output = await stack.failToDeploy((scope) => { eventStream(scope, applicationId, 'Next'); });

    // THEN
    expect(output).toContain('cdk rollback --orphan');
    expect(await emulators.eventStream(applicationId)).toEqual(before);
  });

  test('an update that had moved the event stream when another resource fails is rolled back with it', async () => {
    // GIVEN
    const { LastModifiedDate, ...before } = (await emulators.eventStream(applicationId))!;

    // WHEN
    await stack.failToDeploy((scope) => {
      const moved = eventStream(scope, applicationId, 'Next');
      const failing = new CustomResource(scope, 'Failing', { serviceToken: 'arn:aws:lambda:us-east-1:000000000000:function:missing' });
      failing.node.addDependency(moved);
    });

    // THEN
    const after = await emulators.eventStream(applicationId);
    expect(after).toMatchObject(before);
    expect(after!.LastModifiedDate).not.toBe(LastModifiedDate);
  });

  test('a change of application that fails leaves the former event stream', async () => {
    // GIVEN
    const missing = 'f'.repeat(32);
    const before = await emulators.eventStream(applicationId);

    // WHEN
    const output = await stack.failToDeploy((scope) => { eventStream(scope, missing); });

    // THEN
    expect(output).toContain(`Check that application ${missing} exists`);
    expect(await emulators.eventStream(applicationId)).toEqual(before);
  });
});
