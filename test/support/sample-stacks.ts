import { NestedStack, PropertyInjectors, Stack, StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { APPLICATION_ID, ENV, importedDeliveryStream, importedStream, OTHER_APPLICATION_ID } from './synth';
import {
  CloudWatchLogsDestination, EventLake, EventLakeProps, FirehoseDestination, KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProps,
  PinpointEventStreamProvider, SmsVoiceConfigurationSet, SmsVoiceEventDestinationOptions, SmsVoiceEventType, SnsTopicDestination,
} from '../../src';

/** A stack as users build it, for checkers to look at. */
export interface Sample {
  readonly name: string;
  /** Its template is kept as a snapshot; those that are have every kind of resource that the library creates. */
  readonly isPinned?: true;
  readonly props: StackProps;
  /** @returns the stack whose template it is about, where that is not the given one */
  build(stack: Stack): Stack | void;
}

const IN_IRELAND = { env: ENV };
const IN_CHINA = { env: { ...ENV, region: 'cn-north-1' } };
const IN_GOVCLOUD = { env: { ...ENV, region: 'us-gov-west-1' } };
const WITHOUT_ENVIRONMENT = {};

function addToPinpoint(scope: Construct, props: Partial<PinpointEventStreamProps> = {}): void {
  new PinpointEventStream(scope, 'Events', { applicationId: APPLICATION_ID, ...props });
}

function addToMessages(scope: Construct, options: Partial<SmsVoiceEventDestinationOptions> = {}): void {
  new SmsVoiceConfigurationSet(scope, 'Messages').addEventDestination('Events', { destination: new FirehoseDestination(), ...options });
}

/** An event stream to each kind of destination, all of which are created for it. */
function addOneOfEach(stack: Stack): void {
  addToPinpoint(stack);
  new PinpointEventStream(stack, 'OtherEvents', { applicationId: OTHER_APPLICATION_ID, destination: new FirehoseDestination() });
}

/** An event destination of each kind, all of which are created for it. */
function addEachEventDestination(scope: Construct): void {
  const messages = new SmsVoiceConfigurationSet(scope, 'Messages');
  messages.addEventDestination('All', { destination: new FirehoseDestination() });
  messages.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
  messages.addEventDestination('Blocked', {
    destination: new SnsTopicDestination(),
    eventTypes: [SmsVoiceEventType.TEXT_BLOCKED, SmsVoiceEventType.TEXT_CARRIER_BLOCKED],
  });
}

/** A lake that each sender sends to, and somebody reads. */
function addLake(scope: Construct, props?: EventLakeProps): void {
  const lake = new EventLake(scope, 'Lake', props);
  addToPinpoint(scope, { destination: lake });
  addToMessages(scope, { destination: lake });
  new ses.ConfigurationSet(scope, 'Emails').addEventDestination('Events', {
    destination: ses.EventDestination.firehoseDeliveryStream({ deliveryStream: lake.emailEvents.deliveryStream }),
  });
  lake.smsVoiceEvents.table.grantRead(new iam.Role(scope, 'Reader', { assumedBy: new iam.AccountRootPrincipal() }));
}

function newBucket(stack: Stack, props: s3.BucketProps = {}): s3.Bucket {
  return new s3.Bucket(stack, 'Bucket', {
    enforceSSL: true, encryption: s3.BucketEncryption.S3_MANAGED, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, ...props,
  });
}

/** Gives each bucket within a scope the same key, as an app can. */
export function encryptBuckets(scope: Construct): void {
  const encryptionKey = new kms.Key(scope, 'BucketKey', { enableKeyRotation: true });
  PropertyInjectors.of(scope).add({
    constructUniqueId: s3.Bucket.PROPERTY_INJECTION_ID,
    inject: (props) => ({ ...props, encryption: s3.BucketEncryption.KMS, encryptionKey }),
  });
}

export function importedVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0', availabilityZones: [`${stack.region}a`], privateSubnetIds: ['subnet-0123456789abcdef0'],
  });
}

function roleFor(stack: Stack, service: string): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal(service) });
}

/** A delivery stream that is passed in. */
function toDeliveryStream(stack: Stack): FirehoseDestination {
  return new FirehoseDestination(importedDeliveryStream(stack));
}

export const SAMPLES: readonly Sample[] = [
  { name: 'with a Kinesis stream that is created', props: IN_IRELAND, build: (stack) => addToPinpoint(stack) },
  {
    name: 'with a Kinesis stream that is passed in',
    props: IN_IRELAND,
    build: (stack) => addToPinpoint(stack, { destination: new KinesisStreamDestination(importedStream(stack)) }),
  },
  {
    name: 'with a Kinesis stream that a customer key encrypts',
    props: IN_IRELAND,
    build: (stack) => {
      const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) });
      addToPinpoint(stack, { destination: new KinesisStreamDestination(stream) });
    },
  },
  {
    name: 'with a delivery stream that is created',
    props: IN_IRELAND,
    build: (stack) => addToPinpoint(stack, { destination: new FirehoseDestination() }),
  },
  {
    name: 'with a delivery stream that is passed in',
    props: IN_IRELAND,
    build: (stack) => addToPinpoint(stack, { destination: toDeliveryStream(stack) }),
  },
  {
    name: 'with a delivery stream that a customer key encrypts',
    props: IN_IRELAND,
    build: (stack) => {
      const deliveryStream = new firehose.DeliveryStream(stack, 'DeliveryStream', {
        destination: new firehose.S3Bucket(newBucket(stack)),
        encryption: firehose.StreamEncryption.customerManagedKey(new kms.Key(stack, 'Key', { enableKeyRotation: true })),
      });
      const destination = new FirehoseDestination(deliveryStream);
      addToPinpoint(stack, { destination });
      addToMessages(stack, { destination });
    },
  },
  {
    name: 'with a function in a VPC',
    props: IN_IRELAND,
    build: (stack) => {
      // Said outright, since a feature flag turns it on.
      const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
      const environmentEncryption = new kms.Key(stack, 'Key', { enableKeyRotation: true });
      PinpointEventStreamProvider.forStack(stack, { vpc, environmentEncryption });
      addToPinpoint(stack, { destination: new KinesisStreamDestination(importedStream(stack)) });
    },
  },
  {
    name: 'with a function in a VPC in China',
    props: IN_CHINA,
    build: (stack) => {
      PinpointEventStreamProvider.forStack(stack, { vpc: importedVpc(stack) });
      addToPinpoint(stack);
    },
  },
  {
    name: 'with a bucket that an injected key encrypts',
    props: IN_IRELAND,
    build: (stack) => {
      encryptBuckets(stack);
      addToPinpoint(stack, { destination: new FirehoseDestination() });
    },
  },
  {
    name: 'with a role that is passed in',
    props: IN_IRELAND,
    build: (stack) => addToPinpoint(stack, { role: roleFor(stack, 'pinpoint.amazonaws.com') }),
  },
  {
    name: 'with a delivery stream that serves End User Messaging as well',
    props: IN_IRELAND,
    build: (stack) => {
      const destination = toDeliveryStream(stack);
      new PinpointEventStream(stack, 'PinpointEvents', { applicationId: APPLICATION_ID, destination });
      addToMessages(stack, { destination });
    },
  },
  { name: 'with two event streams', props: IN_IRELAND, build: addOneOfEach },
  { name: 'of a lake', props: IN_IRELAND, build: (stack) => addLake(stack) },
  { name: 'of a lake of a stack without an environment', isPinned: true, props: WITHOUT_ENVIRONMENT, build: (stack) => addLake(stack) },
  // Which has neither End User Messaging nor SES.
  { name: 'of a lake in China', props: IN_CHINA, build: (stack) => addToPinpoint(stack, { destination: new EventLake(stack, 'Lake') }) },
  { name: 'of a lake in GovCloud', props: IN_GOVCLOUD, build: (stack) => addLake(stack) },
  {
    name: 'of a lake with a database and an encrypted bucket that are passed in',
    props: IN_IRELAND,
    build: (stack) => addLake(stack, {
      bucket: newBucket(stack, { encryption: s3.BucketEncryption.KMS, encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) }),
      database: new glue.Database(stack, 'Database', { databaseName: 'events' }),
    }),
  },
  {
    name: 'of a lake with a bucket of another account',
    props: IN_IRELAND,
    build: (stack) => addLake(stack, { bucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'central-events', account: '222222222222' }) }),
  },
  { name: 'of a stack without an environment', props: WITHOUT_ENVIRONMENT, build: (stack) => addToPinpoint(stack) },
  { name: 'with two event streams of a stack without an environment', isPinned: true, props: WITHOUT_ENVIRONMENT, build: addOneOfEach },
  { name: 'in China', props: IN_CHINA, build: addOneOfEach },
  { name: 'in GovCloud', props: IN_GOVCLOUD, build: addOneOfEach },
  {
    name: 'of a nested stack',
    isPinned: true,
    props: IN_IRELAND,
    build: (stack) => {
      const nested = new NestedStack(stack, 'Nested');
      const stream = new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.MANAGED });
      addToPinpoint(nested, { destination: new KinesisStreamDestination(stream), role: roleFor(stack, 'pinpoint.amazonaws.com') });
      return nested;
    },
  },
  { name: 'of End User Messaging with a delivery stream that is created', props: IN_IRELAND, build: (stack) => addToMessages(stack) },
  {
    name: 'of End User Messaging with a log group that is created',
    props: IN_IRELAND,
    build: (stack) => addToMessages(stack, { destination: new CloudWatchLogsDestination() }),
  },
  {
    name: 'of End User Messaging with a topic that is created',
    props: IN_IRELAND,
    build: (stack) => addToMessages(stack, { destination: new SnsTopicDestination() }),
  },
  {
    name: 'of End User Messaging with all that can be passed in',
    props: IN_IRELAND,
    build: (stack) => {
      const messages = new SmsVoiceConfigurationSet(stack, 'Messages', {
        configurationSetName: 'messages', defaultSenderId: 'EXAMPLE', messageFeedbackEnabled: true, protectConfigurationId: 'protect-0123456789abcdef0',
      });
      messages.addEventDestination('Events', { destination: toDeliveryStream(stack), role: roleFor(stack, 'sms-voice.amazonaws.com'), enabled: false });
    },
  },
  {
    name: 'of End User Messaging with three event destinations of a stack without an environment',
    isPinned: true,
    props: WITHOUT_ENVIRONMENT,
    build: addEachEventDestination,
  },
  { name: 'of End User Messaging in GovCloud', props: IN_GOVCLOUD, build: addEachEventDestination },
  {
    name: 'of End User Messaging of a nested stack',
    props: IN_IRELAND,
    build: (stack) => {
      const nested = new NestedStack(stack, 'Nested');
      addEachEventDestination(nested);
      return nested;
    },
  },
];
