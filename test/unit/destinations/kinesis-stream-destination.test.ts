import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { KinesisStreamDestination } from '../../../src';
import { arnInStack, DELIVERY_STREAM_ARN, errorsOf, importedDeliveryStream, importedStream, KEY_ARN, newStack, resolved, STREAM_ARN, warningsOf } from '../../support/synth';

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('a Kinesis stream destination without a stream', () => {
  it('creates an on-demand stream that is encrypted with the AWS managed key, and outlives its stack', () => {
    // WHEN
    const { stream, destinationArn } = new KinesisStreamDestination().bind(stack);

    // THEN
    Template.fromStack(stack).hasResource('AWS::Kinesis::Stream', {
      Properties: {
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(stream).toBe(stack.node.findChild('Stream'));
    expect(destinationArn).toBe(stream!.streamArn);
  });
});

describe('a Kinesis stream destination with a stream', () => {
  it('lets the role write to that stream and describe it, and nothing else, as often as it is used, and creates nothing', () => {
    // GIVEN
    const stream = importedStream(stack);
    const destination = new KinesisStreamDestination(stream);

    for (let use = 0; use < 2; use++) {
      // WHEN
      const config = destination.bind(stack);

      // THEN
      expect(config).toMatchObject({ destinationArn: STREAM_ARN, stream });
      expect(resolved(stack, config.policyStatements)).toEqual([
        { Effect: 'Allow', Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: STREAM_ARN },
      ]);
    }
    Template.fromStack(stack).resourceCountIs('AWS::Kinesis::Stream', 0);
  });

  it.each<[string, (key: kms.IKey) => kms.IKey]>([
    ['a customer key', (key) => key],
    ['the key behind an alias of the stack', (targetKey) => new kms.Alias(stack, 'Alias', { aliasName: 'alias/events', targetKey })],
    ['the key behind an imported alias that tells its key', (aliasTargetKey) =>
      kms.Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/events', aliasTargetKey })],
  ])('lets the role generate data keys for this stream alone by %s that encrypts it', (_, keyOf) => {
    // GIVEN
    const encryptionKey = keyOf(kms.Key.fromKeyArn(stack, 'Key', KEY_ARN));
    const stream = kinesis.Stream.fromStreamAttributes(stack, 'Stream', { streamArn: STREAM_ARN, encryptionKey });

    // WHEN
    const { policyStatements } = new KinesisStreamDestination(stream).bind(stack);

    // THEN
    expect(resolved(stack, policyStatements)).toEqual([
      { Effect: 'Allow', Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: STREAM_ARN },
      {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: KEY_ARN,
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': STREAM_ARN } },
      },
    ]);
  });

  it.each<[string, (scope: Stack) => kms.IKey]>([
    ['its name', (scope) => kms.Alias.fromAliasName(scope, 'Alias', 'alias/events')],
    ['its ARN, as a key', (scope) => kms.Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:eu-west-1:111111111111:alias/events')],
  ])('lets the role use the key that has the alias, where that is imported by %s and does not tell its key', (_, keyIn) => {
    // GIVEN
    const encryptionKey = keyIn(stack);
    const destination = new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream', { encryptionKey }));

    // WHEN
    const { policyStatements } = destination.bind(stack);

    // THEN
    expect(resolved(stack, policyStatements.slice(1))).toEqual([{
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: arnInStack('kms:eu-west-1:111111111111:key/*'),
      Condition: {
        'StringEquals': { 'kms:EncryptionContext:aws:kinesis:arn': { 'Fn::GetAtt': [expect.stringMatching(/^Stream/), 'Arn'] } },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/events' },
      },
    }]);
  });

  it('asks for nothing where that is the AWS managed key by its alias', () => {
    // GIVEN
    const encryptionKey = kms.Alias.fromAliasName(stack, 'Alias', 'alias/aws/kinesis');
    const destination = new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream', { encryptionKey }));

    // WHEN
    const { policyStatements } = destination.bind(stack);

    // THEN
    expect(policyStatements).toHaveLength(1);
  });

  it('warns that the key of an imported stream is not known', () => {
    // WHEN
    new KinesisStreamDestination(importedStream(stack)).bind(stack);

    // THEN
    expect(warningsOf(stack, 'encryption-key')).toEqual([['/Stack',
      "the key of the imported stream 'Stack/ImportedStream' is not known: if it is a customer managed one, " +
      'pass it as encryptionKey to Stream.fromStreamAttributes(), or events are lost']]);
  });

  it.each<[string, () => kinesis.IStream]>([
    ['an imported stream that tells its key', () => kinesis.Stream.fromStreamAttributes(stack, 'Stream', {
      streamArn: STREAM_ARN, encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
    })],
    ['a stream of the app with the AWS managed key', () => new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.MANAGED })],
    ['a stream of the app that is not encrypted', () => new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.UNENCRYPTED })],
  ])('does not warn of the key of %s', (_, stream) => {
    // WHEN
    new KinesisStreamDestination(stream()).bind(stack);

    // THEN
    expect(warningsOf(stack, 'encryption-key')).toEqual([]);
  });

  it('is an error where the ARN is that of something else', () => {
    // GIVEN
    const stream = { streamArn: DELIVERY_STREAM_ARN, node: stack.node } as kinesis.IStream;

    // WHEN
    new KinesisStreamDestination(stream).bind(stack);

    // THEN
    expect(errorsOf(stack)).toEqual([
      ['/Stack', `destination must be the ARN of a Kinesis data stream (arn:…:stream/NAME), got '${DELIVERY_STREAM_ARN}'`],
    ]);
  });

  it('refuses a delivery stream', () => {
    // WHEN
    const bind = () => new KinesisStreamDestination(importedDeliveryStream(stack) as unknown as kinesis.IStream).bind(stack);

    // THEN
    expect(bind).toThrow("KinesisStreamDestination takes a data stream, got 'Stack/ImportedDeliveryStream' (at Stack)");
  });
});
