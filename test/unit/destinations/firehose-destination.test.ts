import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { FirehoseDestination } from '../../../src';
import { allowing, arnOf, DELIVERY_STREAM_ARN, importedDeliveryStream, newStack, resolved } from '../../support/synth';

const toPinpoint = (destination: FirehoseDestination, stack: Stack) => destination.bind(stack);
const toMessages = (destination: FirehoseDestination, stack: Stack) => destination.bindAsSmsVoiceEventDestination(stack);

describe.each([['Pinpoint', toPinpoint], ['End User Messaging', toMessages]])('a Firehose destination of %s without a delivery stream', (_, bind) => {
  let stack: Stack;
  let template: Template;
  let config: ReturnType<typeof bind>;

  beforeAll(() => {
    // WHEN
    stack = newStack();
    config = bind(new FirehoseDestination(), stack);
    template = Template.fromStack(stack);
  });

  it('creates a bucket that is encrypted, closed to the public, and outlives its stack', () => {
    // THEN
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(config.bucket).toBe(stack.node.findChild('Bucket'));
  });

  it('refuses plain HTTP to that bucket for as long as it exists', () => {
    // THEN
    template.hasResource('AWS::S3::BucketPolicy', {
      Properties: {
        PolicyDocument: {
          Statement: [{
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: [arnOf('Bucket'), { 'Fn::Join': ['', [arnOf('Bucket'), '/*']] }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }],
        },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('creates a delivery stream that is encrypted, delivers to the bucket, logs its errors, and is deleted with the event stream', () => {
    // THEN
    template.hasResource('AWS::KinesisFirehose::DeliveryStream', {
      Properties: {
        DeliveryStreamType: 'DirectPut',
        DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
        ExtendedS3DestinationConfiguration: {
          BucketARN: arnOf('Bucket'),
          RoleARN: arnOf('DeliveryStreamRole'),
          CloudWatchLoggingOptions: { Enabled: true, LogGroupName: { Ref: Match.stringLikeRegexp('^DeliveryStreamLogs') } },
        },
      },
      DeletionPolicy: Match.absent(),
    });
    expect(config.deliveryStream).toBe(stack.node.findChild('DeliveryStream'));
    expect(config.dependables).toEqual([config.deliveryStream]);
  });

  it('deletes the log group with the delivery stream', () => {
    // THEN
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('gives Firehose a role that this account alone can use, with exactly the actions that it needs', () => {
    // THEN
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: allowing({
        Principal: { Service: 'firehose.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': '111111111111' } },
      }),
      Policies: [{
        PolicyDocument: allowing(
          { Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], Resource: arnOf('Bucket') },
          { Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], Resource: { 'Fn::Join': ['', [arnOf('Bucket'), '/*']] } },
          { Action: 'logs:PutLogEvents', Resource: arnOf('DeliveryStreamLogs') },
        ),
      }],
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('a Firehose destination with a delivery stream', () => {
  it.each<[string, typeof toPinpoint | typeof toMessages, string | string[]]>([
    ['Pinpoint', toPinpoint, ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream']],
    ['End User Messaging', toMessages, 'firehose:PutRecord'],
  ])('lets the role of %s do just what is documented with that one, as often as it is used, and creates nothing', (_, bind, actions) => {
    // GIVEN
    const stack = newStack();
    const deliveryStream = importedDeliveryStream(stack);
    const destination = new FirehoseDestination(deliveryStream);

    for (let use = 0; use < 2; use++) {
      // WHEN
      const config = bind(destination, stack);

      // THEN
      expect(config.deliveryStream).toBe(deliveryStream);
      expect(resolved(stack, config.policyStatements)).toEqual([{ Effect: 'Allow', Action: actions, Resource: DELIVERY_STREAM_ARN }]);
    }
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });
});
