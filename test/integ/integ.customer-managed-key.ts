import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { createApp, createApplication, testEventStream } from './event-stream-case';
import { KinesisStreamDestination, PinpointEventStream } from '../../src';

/** A Kinesis data stream that is passed in, encrypted with a customer managed key. */
const app = createApp();
const stack = new Stack(app, 'PinpointEventStreamCustomerManagedKey');
// Nothing may outlive a test; a key is deleted at the end of its waiting period, and this one is the shortest.
const encryptionKey = new kms.Key(stack, 'Key', {
  enableKeyRotation: true,
  pendingWindow: Duration.days(7),
  removalPolicy: RemovalPolicy.DESTROY,
});
const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey, removalPolicy: RemovalPolicy.DESTROY });
const events = new PinpointEventStream(stack, 'Events', {
  applicationId: createApplication(stack),
  destination: new KinesisStreamDestination(stream),
});

testEventStream(app, 'CustomerManagedKey', events);
