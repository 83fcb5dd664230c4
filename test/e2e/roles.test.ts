import { Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { FirehoseDestination, KinesisStreamDestination, PinpointEventStream } from '../../src';
import { bootstrap } from '../support/emulators/cdk';
import { ACCOUNT, Emulators, REGION } from '../support/emulators/emulators';
import { documentedActions, EVENT_STREAM_CALLS, isAllowed, isTrusted, keyPolicy, permittedCalls } from '../support/emulators/permissions';
import { TestStack } from '../support/emulators/test-stack';

jest.setTimeout(180_000);

const OTHER_APPLICATION = 'f'.repeat(32);

let emulators: Emulators;
let kinesisApplication: string;
let firehoseApplication: string;
let keyId: string;
let handlerRoleArn: string;

beforeAll(async () => {
  emulators = await Emulators.start();
  await bootstrap(emulators);
  kinesisApplication = await emulators.createApplication('kinesis');
  firehoseApplication = await emulators.createApplication('firehose');
  const stack = new TestStack(emulators, 'Roles');
  await stack.deploy((scope: Stack) => {
    const encryptionKey = new kms.Key(scope, 'Key');
    const stream = new kinesis.Stream(scope, 'Stream', { encryptionKey });
    new PinpointEventStream(scope, 'Kinesis', { applicationId: kinesisApplication, destination: new KinesisStreamDestination(stream) });
    new PinpointEventStream(scope, 'Firehose', { applicationId: firehoseApplication, destination: new FirehoseDestination() });
  });
  [keyId] = await stack.physicalIds('AWS::KMS::Key');
  const [handlerRole] = await stack.physicalIds('AWS::IAM::Role', /^PinpointEventStreamProvider/);
  handlerRoleArn = `arn:aws:iam::${ACCOUNT}:role/${handlerRole}`;
}, 180_000);

afterAll(() => emulators.stop());

describe.each([
  ['Kinesis', () => kinesisApplication, ['kinesis:PutRecord', 'kinesis:GetRecords', 'kinesis:ListShards', 'kinesis:DeleteStream', 'kinesis:DescribeStreamSummary']],
  ['Firehose', () => firehoseApplication, ['firehose:PutRecord', 'firehose:DeleteDeliveryStream', 'firehose:UpdateDestination', 'firehose:ListDeliveryStreams']],
])('the role that Amazon Pinpoint assumes for %s', (_, application, nearMisses) => {
  test('may do exactly the documented actions on exactly its destination', async () => {
    const { RoleArn: role, DestinationStreamArn: destination } = (await emulators.eventStream(application()))!;
    const documented = documentedActions(destination!);
    const anotherDestination = `${destination}-another`;

    for (const action of documented) {
      expect([action, await isAllowed(emulators, role!, action, destination!)]).toEqual([action, true]);
      expect([action, await isAllowed(emulators, role!, action, anotherDestination)]).toEqual([action, false]);
    }
    for (const action of [...nearMisses, 's3:PutObject', 'iam:PassRole', 'mobiletargeting:PutEventStream', 'sts:AssumeRole']) {
      expect([action, await isAllowed(emulators, role!, action, destination!)]).toEqual([action, false]);
    }
  });

  test('trusts Amazon Pinpoint for this account and this application only', async () => {
    const { RoleArn: role } = (await emulators.eventStream(application()))!;
    const account = { 'aws:SourceAccount': ACCOUNT };
    const source = (applicationId: string, region = REGION, owner = ACCOUNT) =>
      ({ 'aws:SourceArn': `arn:aws:mobiletargeting:${region}:${owner}:apps/${applicationId}` });
    const isPinpointTrusted = (context: Record<string, string>) => isTrusted(emulators, role!, 'pinpoint.amazonaws.com', context);

    expect(await isPinpointTrusted({ ...account, ...source(application()) })).toBe(true);

    expect(await isPinpointTrusted({ ...account, ...source(OTHER_APPLICATION) })).toBe(false);
    expect(await isPinpointTrusted({ ...account, ...source(application(), 'eu-west-1') })).toBe(false);
    expect(await isPinpointTrusted({ ...account, ...source(application(), REGION, '111111111111') })).toBe(false);
    expect(await isPinpointTrusted({ 'aws:SourceAccount': '111111111111', ...source(application()) })).toBe(false);
    expect(await isPinpointTrusted(account)).toBe(false);
    expect(await isPinpointTrusted({})).toBe(false);
    expect(await isTrusted(emulators, role!, 'firehose.amazonaws.com', { ...account, ...source(application()) })).toBe(false);
    expect(await isTrusted(emulators, role!, 'lambda.amazonaws.com', { ...account, ...source(application()) })).toBe(false);
  });
});

test('the role for a stream with a customer key may generate data keys for that stream only', async () => {
  const { RoleArn: role, DestinationStreamArn: stream } = (await emulators.eventStream(kinesisApplication))!;
  const policy = await keyPolicy(emulators, keyId);
  const mayUseKey = (action: string, encryptedStream: string, key = keyId) => isAllowed(
    emulators, role!, action, `arn:aws:kms:${REGION}:${ACCOUNT}:key/${key}`, { 'kms:EncryptionContext:aws:kinesis:arn': encryptedStream }, policy);

  expect(await mayUseKey('kms:GenerateDataKey', stream!)).toBe(true);

  expect(await mayUseKey('kms:GenerateDataKey', `${stream}-another`)).toBe(false);
  expect(await mayUseKey('kms:GenerateDataKey', stream!, 'another')).toBe(false);
  expect(await mayUseKey('kms:Decrypt', stream!)).toBe(false);
});

test('the role of the handler may manage the event streams of its own applications only', async () => {
  const eventStreamArn = `arn:aws:mobiletargeting:${REGION}:${ACCOUNT}:apps/${kinesisApplication}/eventstream`;

  expect(await permittedCalls(emulators, handlerRoleArn, kinesisApplication)).toEqual(EVENT_STREAM_CALLS);
  expect(await permittedCalls(emulators, handlerRoleArn, firehoseApplication)).toEqual(EVENT_STREAM_CALLS);
  expect(await permittedCalls(emulators, handlerRoleArn, OTHER_APPLICATION)).toEqual([]);

  for (const action of ['mobiletargeting:GetApp', 'mobiletargeting:DeleteApp', 'kinesis:PutRecords', 'iam:PutRolePolicy', 'logs:CreateLogGroup']) {
    expect([action, await isAllowed(emulators, handlerRoleArn, action, eventStreamArn)]).toEqual([action, false]);
  }
});

test('the role of the handler may pass the roles of its event streams to Amazon Pinpoint only', async () => {
  const { RoleArn: role } = (await emulators.eventStream(kinesisApplication))!;
  const mayPass = (passed: string, service: string) =>
    isAllowed(emulators, handlerRoleArn, 'iam:PassRole', passed, { 'iam:PassedToService': service });

  expect(await mayPass(role!, 'pinpoint.amazonaws.com')).toBe(true);
  expect(await mayPass(role!, 'mobiletargeting.amazonaws.com')).toBe(true);

  expect(await mayPass(role!, 'lambda.amazonaws.com')).toBe(false);
  expect(await mayPass(handlerRoleArn, 'pinpoint.amazonaws.com')).toBe(false);
});
