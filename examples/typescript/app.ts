import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  CloudWatchLogsDestination, FirehoseDestination, KinesisStreamDestination, PinpointEventStream, SmsVoiceConfigurationSet, SmsVoiceEventType,
} from 'cdk-pinpoint-event-stream';

const app = new App();
const stack = new Stack(app, 'PinpointEvents');

const events = new PinpointEventStream(stack, 'Events', {
  applicationId: app.node.getContext('applicationId'),
  destination: app.node.tryGetContext('destination') === 'firehose'
    ? new FirehoseDestination()
    : new KinesisStreamDestination(),
});

new CfnOutput(stack, 'DestinationArn', { value: events.destinationArn });

const messages = new SmsVoiceConfigurationSet(new Stack(app, 'SmsVoiceEvents'), 'Messages');
messages.addEventDestination('All', { destination: new FirehoseDestination() });
messages.addEventDestination('Blocked', { destination: new CloudWatchLogsDestination(), eventTypes: [SmsVoiceEventType.TEXT_BLOCKED] });
