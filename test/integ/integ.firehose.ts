import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { createApp, createApplication, testEventStream } from './event-stream-case';
import { FirehoseDestination, PinpointEventStream } from '../../src';

/** A delivery stream that is created for the events, and delivers to a bucket that is created as well. */
const app = createApp();
const stack = new Stack(app, 'PinpointEventStreamFirehose');
const events = new PinpointEventStream(stack, 'Events', {
  applicationId: createApplication(stack),
  destination: new FirehoseDestination(),
});
const bucket = events.bucket as s3.Bucket;
// Nothing may outlive a test. The bucket may hold what Pinpoint has sent to a new destination, and with objects could not be deleted.
bucket.applyRemovalPolicy(RemovalPolicy.DESTROY);
bucket.policy!.applyRemovalPolicy(RemovalPolicy.DESTROY);
bucket.with(new s3.mixins.BucketAutoDeleteObjects());

testEventStream(app, 'Firehose', events);
