import { Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { KinesisStreamDestination, PinpointEventStream } from '../../../src';
import {
  APPLICATION_ID, createdRoleStatements, customResource, importedStream, newStack, OTHER_APPLICATION_ID, resourceOf, resourcesOf, STREAM_ARN,
} from '../../support/synth';

describe('a Kinesis stream destination without a stream', () => {
  it('creates an on-demand stream that is encrypted with the AWS managed key and outlives its stack', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const eventStream = new PinpointEventStream(stack, 'Events', {
      applicationId: APPLICATION_ID,
      destination: new KinesisStreamDestination(),
    });

    // THEN
    const { logicalId, ...stream } = resourceOf(stack, 'AWS::Kinesis::Stream');
    expect(stream).toEqual({
      Type: 'AWS::Kinesis::Stream',
      Properties: {
        RetentionPeriodHours: 24,
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(eventStream.stream?.node.path).toBe('Stack/Events/Stream');
    expect(customResource(stack).Properties.DestinationStreamArn).toEqual({ 'Fn::GetAtt': [logicalId, 'Arn'] });
  });

  it('is refused to a second event stream', () => {
    // GIVEN
    const stack = newStack();
    const destination = new KinesisStreamDestination();
    new PinpointEventStream(stack, 'First', { applicationId: APPLICATION_ID, destination });

    // WHEN
    const again = () => new PinpointEventStream(stack, 'Second', { applicationId: OTHER_APPLICATION_ID, destination });

    // THEN
    expect(again).toThrow(
      'a KinesisStreamDestination without a stream creates one for a single event stream, and Stack/First uses this one already: ' +
      'create the stream yourself and pass it to KinesisStreamDestination, which can then serve both (at Stack/Second)',
    );
  });
});

describe('a Kinesis stream destination with a stream', () => {
  it('lets the role write to that stream and describe it, and nothing else', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new PinpointEventStream(stack, 'Events', {
      applicationId: APPLICATION_ID,
      destination: new KinesisStreamDestination(importedStream(stack)),
    });

    // THEN
    expect(createdRoleStatements(stack)).toEqual([
      { Effect: 'Allow', Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: STREAM_ARN },
    ]);
    expect(resourcesOf(stack, 'AWS::Kinesis::Stream')).toEqual([]);
  });

  it('serves any number of event streams', () => {
    // GIVEN
    const stack = newStack();
    const stream = new kinesis.Stream(stack, 'Stream');
    const destination = new KinesisStreamDestination(stream);

    // WHEN
    const eventStreams = [APPLICATION_ID, OTHER_APPLICATION_ID].map((applicationId, i) =>
      new PinpointEventStream(stack, `Events${i}`, { applicationId, destination }));

    // THEN
    expect(eventStreams.map((eventStream) => eventStream.stream)).toEqual([stream, stream]);
    expect(resourcesOf(stack, 'Custom::PinpointEventStream').map(({ Properties }) => Properties.DestinationStreamArn))
      .toEqual(eventStreams.map(() => stack.resolve(stream.streamArn)));
  });

  it('lets the role generate data keys for this stream where a customer key encrypts it', () => {
    // GIVEN
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey });

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(stream) });

    // THEN
    const streamArn = stack.resolve(stream.streamArn);
    expect(createdRoleStatements(stack)).toEqual([
      { Effect: 'Allow', Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: streamArn },
      {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: stack.resolve(encryptionKey.keyArn),
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': streamArn } },
      },
    ]);
  });

  it('lets the role use the customer key of an imported stream', () => {
    // GIVEN
    const stack = newStack();
    const keyArn = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000';
    const stream = kinesis.Stream.fromStreamAttributes(stack, 'ImportedStream', {
      streamArn: STREAM_ARN,
      encryptionKey: kms.Key.fromKeyArn(stack, 'ImportedKey', keyArn),
    });

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(stream) });

    // THEN
    expect(createdRoleStatements(stack)).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: keyArn,
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': STREAM_ARN } },
    });
  });

  it.each<[string, (stack: Stack, key: kms.IKey) => kms.IKey]>([
    ['an alias of the stack', (stack, targetKey) => new kms.Alias(stack, 'Alias', { aliasName: 'alias/events', targetKey })],
    ['an imported alias that tells its key', (stack, aliasTargetKey) =>
      kms.Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/events', aliasTargetKey })],
  ])('lets the role use the key behind %s, since a policy cannot name it by that', (_, aliasOf) => {
    // GIVEN
    const stack = newStack();
    const key = new kms.Key(stack, 'Key');
    const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey: aliasOf(stack, key) });

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(stream) });

    // THEN
    expect(createdRoleStatements(stack)).toContainEqual(expect.objectContaining({
      Action: 'kms:GenerateDataKey',
      Resource: stack.resolve(key.keyArn),
    }));
  });

  it('refuses an alias that is imported by its name, since that does not tell its key', () => {
    // GIVEN
    const stack = newStack();
    const encryptionKey = kms.Alias.fromAliasName(stack, 'Alias', 'alias/events');
    const destination = new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream', { encryptionKey }));

    // WHEN
    const create = () => new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination });

    // THEN
    expect(create).toThrow(
      "the stream's encryption key must be known, got an alias that is imported by its name, Stack/Alias: " +
      'import the key instead, by Key.fromKeyArn(), since policies cannot name a key by its alias (at Stack/Events)',
    );
  });
});
