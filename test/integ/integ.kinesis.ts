import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { createApp, createApplication, testEventStream } from './event-stream-case';
import { PinpointEventStream } from '../../src';

/** The shortest stack: a Kinesis data stream that is created for the events. */
const app = createApp();
const stack = new Stack(app, 'PinpointEventStreamKinesis');
const events = new PinpointEventStream(stack, 'Events', { applicationId: createApplication(stack) });
// Nothing may outlive a test.
events.stream!.applyRemovalPolicy(RemovalPolicy.DESTROY);

testEventStream(app, 'Kinesis', events);
