import { Stack } from 'aws-cdk-lib';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { FirehoseDestination, PinpointEventStream, SmsVoiceEventStream } from '../../../src';
import {
  APPLICATION_ID, createdRoleStatements, customResource, DELIVERY_STREAM_ARN, newStack, OTHER_APPLICATION_ID, resourceOf, resourcesOf,
} from '../../support/synth';

function importedDeliveryStream(stack: Stack): firehose.IDeliveryStream {
  return firehose.DeliveryStream.fromDeliveryStreamArn(stack, 'ImportedDeliveryStream', DELIVERY_STREAM_ARN);
}

describe('a Firehose destination without a delivery stream', () => {
  let stack: Stack;
  let eventStream: PinpointEventStream;

  beforeEach(() => {
    stack = newStack();
    eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });
  });

  function idOf(type: string): string {
    return resourceOf(stack, type).logicalId;
  }

  function bucketArns(): unknown[] {
    const bucketArn = { 'Fn::GetAtt': [idOf('AWS::S3::Bucket'), 'Arn'] };
    return [bucketArn, { 'Fn::Join': ['', [bucketArn, '/*']] }];
  }

  it('creates a bucket that is encrypted, closed to the public, and outlives its stack', () => {
    // WHEN
    const bucket = resourceOf(stack, 'AWS::S3::Bucket');

    // THEN
    expect(bucket).toEqual({
      logicalId: stack.getLogicalId(eventStream.bucket!.node.defaultChild as never),
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('refuses plain HTTP to that bucket for as long as it exists', () => {
    // WHEN
    const policy = resourceOf(stack, 'AWS::S3::BucketPolicy');

    // THEN
    expect(policy.Properties.PolicyDocument.Statement).toEqual([{
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: bucketArns(),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }]);
    expect(policy).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  it('creates a delivery stream with server-side encryption, which logs its errors and is deleted with the event stream', () => {
    // WHEN
    const deliveryStream = resourceOf(stack, 'AWS::KinesisFirehose::DeliveryStream');

    // THEN
    expect(deliveryStream.Properties).toEqual({
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        BucketARN: { 'Fn::GetAtt': [idOf('AWS::S3::Bucket'), 'Arn'] },
        RoleARN: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::IAM::Role', 'EventsDeliveryStreamRole').logicalId, 'Arn'] },
        CloudWatchLoggingOptions: {
          Enabled: true,
          LogGroupName: { Ref: resourceOf(stack, 'AWS::Logs::LogGroup', 'EventsDeliveryStreamLogs').logicalId },
          LogStreamName: { Ref: idOf('AWS::Logs::LogStream') },
        },
      },
    });
    expect(deliveryStream.DeletionPolicy).toBeUndefined();
    expect(stack.resolve(eventStream.deliveryStream!.deliveryStreamArn)).toEqual({ 'Fn::GetAtt': [deliveryStream.logicalId, 'Arn'] });
    expect(customResource(stack).Properties.DestinationStreamArn).toEqual({ 'Fn::GetAtt': [deliveryStream.logicalId, 'Arn'] });
  });

  it('gives Firehose a role that this account alone can use, with exactly the actions that it needs', () => {
    // WHEN
    const role = resourceOf(stack, 'AWS::IAM::Role', 'EventsDeliveryStreamRole');

    // THEN
    const [bucketArn, objects] = bucketArns();
    expect(role.Properties).toEqual({
      Description: 'Delivers the events of an Amazon Pinpoint event stream to their bucket',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow',
          Principal: { Service: 'firehose.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': '111111111111' } },
        }],
      },
      Policies: [{
        PolicyName: 'Delivery',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], Resource: bucketArn },
            { Effect: 'Allow', Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], Resource: objects },
            {
              Effect: 'Allow',
              Action: 'logs:PutLogEvents',
              Resource: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::Logs::LogGroup', 'EventsDeliveryStreamLogs').logicalId, 'Arn'] },
            },
          ],
        },
      }],
    });
    expect(resourcesOf(stack, 'AWS::IAM::Policy', 'EventsDeliveryStream')).toEqual([]);
  });

  it('deletes the log group with the delivery stream', () => {
    // WHEN
    const logGroup = resourceOf(stack, 'AWS::Logs::LogGroup', 'EventsDeliveryStreamLogs');

    // THEN
    expect(logGroup).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('is refused to a second event stream', () => {
    // GIVEN
    const otherStack = newStack();
    const destination = new FirehoseDestination();
    new PinpointEventStream(otherStack, 'First', { applicationId: APPLICATION_ID, destination });

    // WHEN
    const again = () => new PinpointEventStream(otherStack, 'Second', { applicationId: OTHER_APPLICATION_ID, destination });

    // THEN
    expect(again).toThrow(
      'a FirehoseDestination without a delivery stream creates one for a single event stream, and Stack/First uses this one already: ' +
      'create the delivery stream yourself and pass it to FirehoseDestination, which can then serve both (at Stack/Second)',
    );
  });
});

describe('a Firehose destination without a delivery stream, of End User Messaging', () => {
  it('creates all that it creates for Pinpoint, and says for whom', () => {
    // GIVEN
    const stack = newStack();
    const stackOfPinpoint = newStack();

    // WHEN
    new SmsVoiceEventStream(stack, 'Events');
    new PinpointEventStream(stackOfPinpoint, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // THEN
    const created = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KinesisFirehose::DeliveryStream', 'AWS::Logs::LogStream'];
    expect(created.map((type) => resourcesOf(stack, type).length)).toEqual([1, 1, 1, 1]);
    for (const type of ['AWS::S3::Bucket', 'AWS::Logs::LogGroup']) {
      expect({ ...resourceOf(stack, type), logicalId: '' }).toEqual({ ...resourceOf(stackOfPinpoint, type, 'Events'), logicalId: '' });
    }
    expect(resourceOf(stack, 'AWS::IAM::Role', 'EventsDestinationEventsDeliveryStreamRole').Properties.Description)
      .toBe('Delivers the events of an AWS End User Messaging event stream to their bucket');
  });

  it('has the configuration set wait for all of the delivery stream', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new SmsVoiceEventStream(stack, 'Events');

    // THEN
    expect(resourceOf(stack, 'AWS::SMSVOICE::ConfigurationSet').DependsOn)
      .toContain(resourceOf(stack, 'AWS::KinesisFirehose::DeliveryStream').logicalId);
  });

  it.each<[string, (stack: Stack, destination: FirehoseDestination) => void, string]>([
    ['Pinpoint', (stack, destination) => new PinpointEventStream(stack, 'First', { applicationId: APPLICATION_ID, destination }), 'Stack/First'],
    ['End User Messaging', (stack, destination) => new SmsVoiceEventStream(stack, 'First', { destination }), 'Stack/First/DestinationEvents'],
  ])('is refused where it serves %s already', (_, use, user) => {
    // GIVEN
    const stack = newStack();
    const destination = new FirehoseDestination();
    use(stack, destination);

    // WHEN
    const again = [
      () => new SmsVoiceEventStream(stack, 'Messages', { destination }),
      () => new PinpointEventStream(stack, 'Application', { applicationId: OTHER_APPLICATION_ID, destination }),
    ];

    // THEN
    for (const add of again) {
      expect(add).toThrow(`a FirehoseDestination without a delivery stream creates one for a single event stream, and ${user} uses this one already`);
    }
  });
});

describe('a Firehose destination with a delivery stream', () => {
  it('lets the role write to that delivery stream and describe it, and creates nothing', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const eventStream = new PinpointEventStream(stack, 'Events', {
      applicationId: APPLICATION_ID,
      destination: new FirehoseDestination(importedDeliveryStream(stack)),
    });

    // THEN
    expect(createdRoleStatements(stack)).toEqual([
      { Effect: 'Allow', Action: ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'], Resource: DELIVERY_STREAM_ARN },
    ]);
    expect(resourcesOf(stack, 'AWS::KinesisFirehose::DeliveryStream')).toEqual([]);
    expect(resourcesOf(stack, 'AWS::S3::Bucket')).toEqual([]);
    expect(eventStream).toMatchObject({ stream: undefined, bucket: undefined });
  });

  it('serves any number of event streams', () => {
    // GIVEN
    const stack = newStack();
    const deliveryStream = importedDeliveryStream(stack);
    const destination = new FirehoseDestination(deliveryStream);

    // WHEN
    const eventStreams = [APPLICATION_ID, OTHER_APPLICATION_ID].map((applicationId, i) =>
      new PinpointEventStream(stack, `Events${i}`, { applicationId, destination }));

    // THEN
    expect(eventStreams.map((eventStream) => eventStream.deliveryStream)).toEqual([deliveryStream, deliveryStream]);
    expect(resourcesOf(stack, 'Custom::PinpointEventStream').map(({ Properties }) => Properties.DestinationStreamArn))
      .toEqual([DELIVERY_STREAM_ARN, DELIVERY_STREAM_ARN]);
  });
});
