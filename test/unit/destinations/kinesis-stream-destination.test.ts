import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { KinesisStreamDestination } from '../../../src';
import { importedStream, newStack, resolved, STREAM_ARN } from '../../support/synth';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000';

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

  it('is refused where an alias that is imported by its name encrypts it, since that does not tell its key', () => {
    // GIVEN
    const encryptionKey = kms.Alias.fromAliasName(stack, 'Alias', 'alias/events');
    const destination = new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream', { encryptionKey }));

    // WHEN
    const bind = () => destination.bind(stack);

    // THEN
    expect(bind).toThrow(
      "the stream's encryption key must be known, got an alias that is imported by its name, Stack/Alias: " +
      'import the key instead, by Key.fromKeyArn(), since policies cannot name a key by its alias (at Stack)',
    );
  });
});
