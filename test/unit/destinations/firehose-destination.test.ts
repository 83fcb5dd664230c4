import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KMS_ALIAS_NAME_REF } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { FirehoseDestination, PinpointEventStream, SmsVoiceConfigurationSet } from '../../../src';
import { allowing, APPLICATION_ID, arnInStack, arnOf, DELIVERY_STREAM_ARN, importedDeliveryStream, inject, KEY_ARN, newStack, resolved, STREAM_ARN } from '../../support/synth';

const toPinpoint = (destination: FirehoseDestination, scope: Construct) => destination.bind(scope);
const toMessages = (destination: FirehoseDestination, scope: Construct) => destination.bindAsSmsVoiceEventDestination(scope);

const SERVICES: [string, typeof toPinpoint | typeof toMessages, string | string[], string][] = [
  ['Pinpoint', toPinpoint, ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'], 'pinpoint/'],
  ['End User Messaging', toMessages, 'firehose:PutRecord', 'sms-voice/'],
];

/** A delivery stream that is encrypted as told, with a role of its own. */
function newDeliveryStream(scope: Construct, props: Partial<firehose.DeliveryStreamProps> = {}): firehose.DeliveryStream {
  return new firehose.DeliveryStream(scope, 'Yours', { destination: new firehose.S3Bucket(new s3.Bucket(scope, 'YourBucket')), ...props });
}

function errorsIn(stack: Stack): string[] {
  return Annotations.fromStack(stack).findError('*', Match.anyValue()).map(({ id, entry }) => `${id}: ${entry.data}`);
}

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe.each(SERVICES)('a Firehose destination of %s without a delivery stream', (_, bind, __, prefix) => {
  let created: Stack;
  let template: Template;
  let config: ReturnType<typeof bind>;

  beforeAll(() => {
    // WHEN
    created = newStack();
    config = bind(new FirehoseDestination(), created);
    template = Template.fromStack(created);
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
    expect(config.bucket).toBe(created.node.findChild('Bucket'));
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
    expect(config.deliveryStream).toBe(created.node.findChild('DeliveryStream'));
    expect(config.dependables).toEqual([config.deliveryStream]);
  });

  it('writes compressed objects with a record a line, below a prefix for the sender and the day, and errors elsewhere', () => {
    // THEN
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: {
        Prefix: `${prefix}day=!{timestamp:yyyy-MM-dd}/`,
        ErrorOutputPrefix: `errors/${prefix}!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/`,
        CompressionFormat: 'GZIP',
        ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord', Parameters: [] }] },
      },
    });
  });

  it('deletes the log group with the delivery stream', () => {
    // THEN
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('gives Firehose a role that this account alone can use, with exactly the actions that it needs', () => {
    // THEN
    const below = (path: string) => ({ 'Fn::Join': ['', [arnOf('Bucket'), `/${path}*`]] });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: allowing({
        Principal: { Service: 'firehose.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': '111111111111' } },
      }),
      Policies: [{
        PolicyDocument: allowing(
          { Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], Resource: arnOf('Bucket') },
          { Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], Resource: [below(prefix), below(`errors/${prefix}`)] },
          { Action: 'logs:PutLogEvents', Resource: arnOf('DeliveryStreamLogs') },
        ),
      }],
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it('has no warning', () => {
    // THEN
    Annotations.fromStack(created).hasNoWarning('*', Match.anyValue());
  });
});

describe('a Firehose destination that creates its bucket, to which a property injector of the app gives a key,', () => {
  it.each<[string, (key: kms.Key) => object, string]>([
    ['that key', (encryptionKey) => ({ encryption: s3.BucketEncryption.KMS, encryptionKey }), 'Key'],
    ['an alias of that key', (key) => ({ encryption: s3.BucketEncryption.KMS, encryptionKey: key.addAlias('lake') }), 'Key'],
    ['a key of its own', () => ({ encryption: s3.BucketEncryption.KMS }), 'BucketKey'],
  ])('lets Firehose use %s for the objects of that bucket, and for nothing else', (_, wanted, key) => {
    // GIVEN
    inject(stack, s3.Bucket.PROPERTY_INJECTION_ID, wanted(new kms.Key(stack, 'Key')));

    // WHEN
    new FirehoseDestination().bind(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: [
            Match.anyValue(), Match.anyValue(), Match.anyValue(),
            Match.objectEquals({
              Effect: 'Allow',
              Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
              Resource: arnOf(`${key}[0-9A-F]{8}$`),
              Condition: {
                StringLike: {
                  'kms:ViaService': 's3.eu-west-1.amazonaws.com*',
                  'kms:EncryptionContext:aws:s3:arn': [arnOf('Bucket'), { 'Fn::Join': ['', [arnOf('Bucket'), '/*']] }],
                },
              },
            }),
          ],
        },
      }],
    });
  });

  it('lets Firehose use the key that has the alias, where that is imported by its name and does not tell its key', () => {
    // GIVEN
    inject(stack, s3.Bucket.PROPERTY_INJECTION_ID, {
      encryption: s3.BucketEncryption.KMS, encryptionKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/lake'),
    });

    // WHEN
    new FirehoseDestination().bind(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: arnInStack('kms:eu-west-1:111111111111:key/*'),
            Condition: Match.objectLike({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/lake' } }),
          })]),
        },
      }],
    });
  });

  it('adds nothing where that is the AWS managed key, which is open to the account', () => {
    // GIVEN
    inject(stack, s3.Bucket.PROPERTY_INJECTION_ID, { encryption: s3.BucketEncryption.KMS_MANAGED });

    // WHEN
    new FirehoseDestination().bind(stack);

    // THEN
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'))).not.toContain('kms:');
  });
});

describe('a Firehose destination that creates what it needs in an app with property injectors', () => {
  it('goes on where the bucket has no policy, since the organisation refuses plain HTTP by other means', () => {
    // GIVEN
    inject(stack, s3.Bucket.PROPERTY_INJECTION_ID, { enforceSSL: false });

    // WHEN
    new FirehoseDestination().bind(stack);

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::S3::BucketPolicy', 0);
  });

  it('takes the key of its log group, which the policy of that key opens to CloudWatch Logs, and Firehose needs no right to', () => {
    // GIVEN
    inject(stack, logs.LogGroup.PROPERTY_INJECTION_ID, { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });

    // WHEN
    new FirehoseDestination().bind(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: KEY_ARN });
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'))).not.toContain('kms:');
  });
});

describe.each(SERVICES)('a Firehose destination of %s with a delivery stream', (_, bind, actions) => {
  const write = (resource: unknown) => ({ Effect: 'Allow', Action: actions, Resource: resource });

  it.each<[string, (scope: Stack) => firehose.IDeliveryStreamRef]>([
    ['is imported', (scope) => importedDeliveryStream(scope)],
    ['is imported as a reference', (scope) => firehose.CfnDeliveryStream.fromDeliveryStreamArn(scope, 'Imported', DELIVERY_STREAM_ARN)],
  ])('that %s lets the role do just what is documented with that one, as often as it is used, and creates nothing', (__, deliveryStreamIn) => {
    // GIVEN
    const deliveryStream = deliveryStreamIn(stack);
    const destination = new FirehoseDestination(deliveryStream);

    for (let use = 0; use < 2; use++) {
      // WHEN
      const config = bind(destination, stack);

      // THEN
      expect(config.deliveryStream).toBe(deliveryStream);
      expect(resolved(stack, config.policyStatements)).toEqual([write(DELIVERY_STREAM_ARN)]);
    }
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  it.each<[string, (scope: Stack, key: kms.IKey) => firehose.IDeliveryStreamRef | undefined]>([
    ['is given one', (scope, key) => newDeliveryStream(scope, { encryption: firehose.StreamEncryption.customerManagedKey(key) })],
    ['is a CfnDeliveryStream', (scope, { keyArn }) => new firehose.CfnDeliveryStream(scope, 'Yours', {
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn },
    })],
    ['has it from a property injector of the app', (scope, key) => {
      inject(scope, firehose.DeliveryStream.PROPERTY_INJECTION_ID, { encryption: firehose.StreamEncryption.customerManagedKey(key) });
      return newDeliveryStream(scope);
    }],
    ['is created, and has it from a property injector of the app', (scope, key) => {
      inject(scope, firehose.DeliveryStream.PROPERTY_INJECTION_ID, { encryption: firehose.StreamEncryption.customerManagedKey(key) });
      return undefined;
    }],
  ])('with a customer managed key, which %s, lets the role use that key alone', (__, deliveryStreamIn) => {
    // GIVEN
    const deliveryStream = deliveryStreamIn(stack, kms.Key.fromKeyArn(stack, 'Key', KEY_ARN));

    // WHEN
    const { policyStatements } = bind(new FirehoseDestination(deliveryStream), stack);

    // THEN
    expect(resolved(stack, policyStatements)).toEqual([
      write({ 'Fn::GetAtt': [expect.stringMatching(/^(Yours|DeliveryStream)/), 'Arn'] }),
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY_ARN },
    ]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  it('with a key that is created for it lets the role use that one', () => {
    // GIVEN
    const deliveryStream = newDeliveryStream(stack, { encryption: firehose.StreamEncryption.customerManagedKey() });

    // WHEN
    const { policyStatements } = bind(new FirehoseDestination(deliveryStream), stack);

    // THEN
    expect(resolved(stack, policyStatements)).toEqual([
      expect.anything(),
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^YoursKey/), 'Arn'] } },
    ]);
  });

  it.each<[string, (scope: Stack) => firehose.IDeliveryStreamRef]>([
    ['with the key that AWS owns', (scope) => newDeliveryStream(scope, { encryption: firehose.StreamEncryption.awsOwnedKey() })],
    ['that is not encrypted', (scope) => newDeliveryStream(scope, { encryption: firehose.StreamEncryption.unencrypted() })],
    ['that says nothing of encryption', (scope) => new firehose.CfnDeliveryStream(scope, 'Yours')],
  ])('%s lets the role use no key, and has no warning', (__, deliveryStreamIn) => {
    // GIVEN
    const deliveryStream = deliveryStreamIn(stack);

    // WHEN
    const { policyStatements } = bind(new FirehoseDestination(deliveryStream), stack);

    // THEN
    expect(resolved(stack, policyStatements)).toEqual([write({ 'Fn::GetAtt': [expect.stringMatching(/^Yours/), 'Arn'] })]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  it.each<[string, (scope: Stack) => firehose.IDeliveryStreamRef]>([
    ['is imported', (scope) => firehose.DeliveryStream.fromDeliveryStreamArn(scope, 'Yours', DELIVERY_STREAM_ARN)],
    ['is imported as a reference', (scope) => firehose.CfnDeliveryStream.fromDeliveryStreamArn(scope, 'Yours', DELIVERY_STREAM_ARN)],
    ['is told its encryption late', (scope) => new firehose.CfnDeliveryStream(scope, 'Yours', {
      deliveryStreamEncryptionConfigurationInput: Lazy.any({ produce: () => undefined }),
    })],
    ['names its key by an alias', (scope) => newDeliveryStream(scope, {
      encryption: firehose.StreamEncryption.customerManagedKey(new kms.Key(scope, 'Key').addAlias('lake')),
    })],
    ['names its key by an alias, to which the CDK refers', (scope) => {
      scope.node.setContext(KMS_ALIAS_NAME_REF, true);
      return newDeliveryStream(scope, { encryption: firehose.StreamEncryption.customerManagedKey(new kms.Key(scope, 'Key').addAlias('lake')) });
    }],
    ['names its key by an alias that is imported', (scope) => newDeliveryStream(scope, {
      encryption: firehose.StreamEncryption.customerManagedKey(kms.Alias.fromAliasName(scope, 'Alias', 'alias/lake')),
    })],
  ])('that %s, so that its key is not known, has a warning that says what to grant', (__, deliveryStreamIn) => {
    // GIVEN
    const deliveryStream = deliveryStreamIn(stack);

    // WHEN
    const { policyStatements } = bind(new FirehoseDestination(deliveryStream), stack);

    // THEN
    expect(policyStatements).toHaveLength(1);
    expect(Annotations.fromStack(stack).findWarning('/Stack', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      "the key of the delivery stream 'Stack/Yours' is not known: if it is a customer managed one, allow the role " +
      'that writes to it kms:GenerateDataKey and kms:Decrypt on the key, or events are lost [ack: cdk-pinpoint-event-stream:encryption-key]',
    ]);
  });

  it.each<[string, (scope: Stack) => firehose.IDeliveryStreamRef, string]>([
    ['given', (scope) => newDeliveryStream(scope, { source: new firehose.KinesisStreamSource(new kinesis.Stream(scope, 'Stream')) }), 'KinesisStreamAsSource'],
    ['told its type of', (scope) => new firehose.CfnDeliveryStream(scope, 'Yours', { deliveryStreamType: 'MSKAsSource' }), 'MSKAsSource'],
  ])('that is %s a source is refused, since it takes no records', (__, deliveryStreamIn, type) => {
    // GIVEN
    const destination = new FirehoseDestination(deliveryStreamIn(stack));

    // WHEN
    const bindIt = () => bind(destination, stack);

    // THEN
    expect(bindIt).toThrow(
      `destination must be a delivery stream of type DirectPut, got 'Stack/Yours' of type ${type}: pass one without a source (at Stack)`);
  });

  it('can have a type that only a deployment knows', () => {
    // GIVEN
    const deliveryStreamType = new CfnParameter(stack, 'Type').valueAsString;

    // WHEN
    const { policyStatements } = bind(new FirehoseDestination(new firehose.CfnDeliveryStream(stack, 'Yours', { deliveryStreamType })), stack);

    // THEN
    expect(policyStatements).toHaveLength(1);
  });

  it('cannot have the ARN of a Kinesis data stream', () => {
    // WHEN
    bind(new FirehoseDestination(importedDeliveryStream(stack, STREAM_ARN)), stack);

    // THEN
    expect(errorsIn(stack)).toEqual([
      `/Stack: destination must be the ARN of a Firehose delivery stream (arn:…:deliverystream/NAME), got '${STREAM_ARN}'`,
    ]);
  });

  it('cannot have a Kinesis data stream in its place, also in languages that do not check it', () => {
    // GIVEN
    const stream = new kinesis.Stream(stack, 'Stream') as unknown as firehose.IDeliveryStream;

    // WHEN
    const bindIt = () => bind(new FirehoseDestination(stream), stack);

    // THEN
    expect(bindIt).toThrow("FirehoseDestination takes a delivery stream, got 'Stack/Stream' (at Stack)");
  });
});

describe('the key of a delivery stream', () => {
  it.each<[string, string, (scope: Stack, destination: FirehoseDestination) => unknown]>([
    ['Pinpoint', 'pinpoint.amazonaws.com', (scope, destination) => new PinpointEventStream(scope, 'Events', { applicationId: APPLICATION_ID, destination })],
    ['End User Messaging', 'sms-voice.amazonaws.com', (scope, destination) =>
      new SmsVoiceConfigurationSet(scope, 'Messages').addEventDestination('Lake', { destination })],
  ])('is open to the role of %s in the template', (_, service, add) => {
    // GIVEN
    const deliveryStream = newDeliveryStream(stack, { encryption: firehose.StreamEncryption.customerManagedKey(new kms.Key(stack, 'Key')) });

    // WHEN
    add(stack, new FirehoseDestination(deliveryStream));

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: service } }] },
      Policies: [{
        PolicyDocument: { Statement: [Match.anyValue(), { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: arnOf('Key') }] },
      }],
    });
  });
});
