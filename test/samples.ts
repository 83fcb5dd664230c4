import { NestedStack, Stack, StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import { APPLICATION_ID, DELIVERY_STREAM_ARN, ENV, importedStream, OTHER_APPLICATION_ID } from './synth';
import { FirehoseDestination, KinesisStreamDestination, PinpointEventStream } from '../src';

/** A stack as users build it; its template is kept as a snapshot, and looked at by checkers. */
export interface Sample {
  readonly name: string;
  readonly props: StackProps;
  /** @returns the stack whose template it is about, where that is not the given one */
  build(stack: Stack): Stack | void;
}

const IN_IRELAND = { env: ENV };

/** An event stream to each kind of destination, all of which are created for it. */
function addOneOfEach(stack: Stack): void {
  new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
  new PinpointEventStream(stack, 'OtherEvents', { applicationId: OTHER_APPLICATION_ID, destination: new FirehoseDestination() });
}

export const SAMPLES: readonly Sample[] = [
  {
    name: 'with a Kinesis stream that is created',
    props: IN_IRELAND,
    build: (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
    },
  },
  {
    name: 'with a Kinesis stream that is passed in',
    props: IN_IRELAND,
    build: (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(importedStream(stack)) });
    },
  },
  {
    name: 'with a Kinesis stream that a customer key encrypts',
    props: IN_IRELAND,
    build: (stack) => {
      const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) });
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(stream) });
    },
  },
  {
    name: 'with a delivery stream that is created',
    props: IN_IRELAND,
    build: (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });
    },
  },
  {
    name: 'with a delivery stream that is passed in',
    props: IN_IRELAND,
    build: (stack) => {
      const deliveryStream = firehose.DeliveryStream.fromDeliveryStreamArn(stack, 'DeliveryStream', DELIVERY_STREAM_ARN);
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination(deliveryStream) });
    },
  },
  {
    name: 'with a role that is passed in',
    props: IN_IRELAND,
    build: (stack) => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, role });
    },
  },
  { name: 'with two event streams', props: IN_IRELAND, build: addOneOfEach },
  {
    name: 'of a stack without an environment',
    props: {},
    build: (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
    },
  },
  { name: 'with two event streams of a stack without an environment', props: {}, build: addOneOfEach },
  { name: 'in China', props: { env: { ...ENV, region: 'cn-north-1' } }, build: addOneOfEach },
  { name: 'in GovCloud', props: { env: { ...ENV, region: 'us-gov-west-1' } }, build: addOneOfEach },
  {
    name: 'of a nested stack',
    props: IN_IRELAND,
    build: (stack) => {
      const nested = new NestedStack(stack, 'Nested');
      new PinpointEventStream(nested, 'Events', {
        applicationId: APPLICATION_ID,
        destination: new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.MANAGED })),
      });
      return nested;
    },
  },
];
