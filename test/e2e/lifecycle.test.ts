import { DescribeDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FirehoseDestination, PinpointEventStream } from '../../src';
import { bootstrap } from '../support/emulators/cdk';
import { ACCOUNT, Emulators } from '../support/emulators/emulators';
import { EVENT_STREAM_CALLS, findGaps, isPermitted, permittedCalls } from '../support/emulators/permissions';
import { TestStack } from '../support/emulators/test-stack';

jest.setTimeout(180_000);

const CUSTOM_RESOURCE = 'Custom::PinpointEventStream';

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  await bootstrap(emulators);
});

afterAll(() => emulators.stop());

/** How many calls the function sends to Amazon Pinpoint meanwhile. */
async function countCalls(doing: Promise<void>): Promise<number> {
  const before = await emulators.callsToPinpoint();
  await doing;
  return await emulators.callsToPinpoint() - before;
}

test('a first deployment sets the event stream in two calls, a second one calls nobody, and destroying the stack removes it in two', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('first');
  const stack = new TestStack(emulators, 'First');
  const build = (scope: Stack) => { new PinpointEventStream(scope, 'Events', { applicationId }); };

  // WHEN
  const firstCalls = await countCalls(stack.deploy(build));

  // THEN
  const eventStream = (await emulators.eventStream(applicationId))!;
  expect(eventStream.DestinationStreamArn).toMatch(/^arn:aws:kinesis:us-east-1:000000000000:stream\/first-eventsstream/i);
  expect(eventStream.RoleArn).toMatch(/^arn:aws:iam::000000000000:role\/First-EventsRole/);
  expect(await isPermitted(emulators, eventStream)).toBe(true);
  expect(await stack.physicalIds(CUSTOM_RESOURCE)).toEqual([applicationId]);

  // WHEN
  const secondCalls = await countCalls(stack.deploy(build));
  const lastCalls = await countCalls(stack.destroy());

  // THEN
  expect({ firstCalls, secondCalls, lastCalls }).toEqual({ firstCalls: 2, secondCalls: 0, lastCalls: 2 });
  expect(await emulators.eventStream(applicationId)).toBeUndefined();
  expect(await stack.status()).toBeUndefined();
});

test('a new destination gets the event stream in two calls, at a moment when the old role and the new one can both write', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('moved');
  const stack = new TestStack(emulators, 'Moved');
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId }); });
  const before = (await emulators.eventStream(applicationId))!;

  // WHEN
  let calls: number | undefined;
  const gaps = await findGaps(emulators, applicationId, async () => {
    calls = await countCalls(stack.deploy((scope) => {
      new PinpointEventStream(scope, 'Events', { applicationId, destination: new FirehoseDestination() });
    }));
  });

  // THEN
  const after = (await emulators.eventStream(applicationId))!;
  expect(after.DestinationStreamArn).toMatch(/:deliverystream\/Moved-EventsDeliveryStream/);
  expect(after.RoleArn).not.toBe(before.RoleArn);
  expect(calls).toBe(2);
  expect(gaps).toEqual([]);
  expect(await isPermitted(emulators, after)).toBe(true);

  // What the new setting needs was complete before the move began, and the old role went only after it.
  const events = (await stack.events()).map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`);
  const update = events.slice(events.indexOf('Moved UPDATE_IN_PROGRESS'));
  const positions = [/^EventsDeliveryStream[0-9A-F]{8} UPDATE_COMPLETE$/, /^EventsRole.* UPDATE_COMPLETE$/, /^EventsHandlerPolicy.* UPDATE_COMPLETE$/]
    .map((pattern) => update.findIndex((event) => pattern.test(event)));
  const move = update.indexOf('EventsD32975C2 UPDATE_IN_PROGRESS');
  expect(positions).not.toContain(-1);
  expect(move).toBeGreaterThan(Math.max(...positions));
  expect(await isPermitted(emulators, before)).toBe(false);
});

test.concurrent('another application gets the event stream before the former one loses it', async () => {
  // GIVEN
  const former = await emulators.createApplication('former');
  const next = await emulators.createApplication('next');
  const stack = new TestStack(emulators, 'Application');
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId: former }); });

  // WHEN
  const gaps = await findGaps(emulators, former, () =>
    stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId: next }); }));

  // THEN
  expect(gaps).toEqual([]);
  expect(await emulators.eventStream(former)).toBeUndefined();
  expect(await isPermitted(emulators, (await emulators.eventStream(next))!)).toBe(true);
  expect(await stack.physicalIds(CUSTOM_RESOURCE)).toEqual([next]);
});

test.concurrent('one of two event streams that is removed from a stack is gone, and so are the permissions for it, and the other is as it was', async () => {
  // GIVEN
  const removed = await emulators.createApplication('removed');
  const kept = await emulators.createApplication('kept');
  const stack = new TestStack(emulators, 'Two');
  await stack.deploy((scope) => {
    new PinpointEventStream(scope, 'Removed', { applicationId: removed });
    new PinpointEventStream(scope, 'Kept', { applicationId: kept });
  });
  const before = await emulators.eventStream(kept);
  const [handlerRole] = await stack.physicalIds('AWS::IAM::Role', /^PinpointEventStreamProvider/);
  const permitted = (applicationId: string) => permittedCalls(emulators, `arn:aws:iam::${ACCOUNT}:role/${handlerRole}`, applicationId);
  expect(await permitted(removed)).toEqual(EVENT_STREAM_CALLS);

  // WHEN
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Kept', { applicationId: kept }); });

  // THEN
  expect(await emulators.eventStream(removed)).toBeUndefined();
  expect(await emulators.eventStream(kept)).toEqual(before);
  expect(await isPermitted(emulators, before!)).toBe(true);
  expect(await permitted(removed)).toEqual([]);
  expect(await permitted(kept)).toEqual(EVENT_STREAM_CALLS);
});

test.concurrent('with RETAIN, the event stream outlives its stack, and so do its destination and a role that can write to it', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('retained');
  const stack = new TestStack(emulators, 'Retained');
  await stack.deploy((scope) => {
    new PinpointEventStream(scope, 'Events', { applicationId, destination: new FirehoseDestination(), removalPolicy: RemovalPolicy.RETAIN });
  });
  const before = await emulators.eventStream(applicationId);

  // WHEN
  await stack.destroy();

  // THEN
  expect(await stack.status()).toBeUndefined();
  expect(await emulators.eventStream(applicationId)).toEqual(before);
  expect(await isPermitted(emulators, before!)).toBe(true);
  const { DeliveryStreamDescription } = await emulators.firehose.send(new DescribeDeliveryStreamCommand({
    DeliveryStreamName: before!.DestinationStreamArn!.split('/').pop(),
  }));
  expect(DeliveryStreamDescription!.DeliveryStreamARN).toBe(before!.DestinationStreamArn);
});

test.concurrent('a stack whose application was deleted by hand can be destroyed', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('gone');
  const stack = new TestStack(emulators, 'Gone');
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId }); });
  await emulators.deleteApplication(applicationId);

  // WHEN
  await stack.destroy();

  // THEN
  expect(await stack.status()).toBeUndefined();
});
