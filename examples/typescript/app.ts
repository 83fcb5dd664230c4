import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as ses from 'aws-cdk-lib/aws-ses';
import {
  CloudWatchLogsDestination, EventLake, KinesisStreamDestination, PinpointEventStream, SmsVoiceConfigurationSet, SmsVoiceEventType,
} from 'cdk-pinpoint-event-stream';

const app = new App();
const stack = new Stack(app, 'Events');

const lake = new EventLake(stack, 'Lake');
new CfnOutput(stack, 'Database', { value: lake.database.databaseName });

const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
messages.addEventDestination('All', { destination: lake });
messages.addEventDestination('Blocked', { destination: new CloudWatchLogsDestination(), eventTypes: [SmsVoiceEventType.TEXT_BLOCKED] });

const emails = new ses.ConfigurationSet(stack, 'Emails');
emails.addEventDestination('All', {
  destination: ses.EventDestination.firehoseDeliveryStream({ deliveryStream: lake.emailEvents.deliveryStream }),
});

// Only for an application of Amazon Pinpoint that you still have.
const applicationId = app.node.tryGetContext('applicationId');
if (applicationId) {
  new PinpointEventStream(stack, 'PinpointEvents', {
    applicationId,
    destination: app.node.tryGetContext('destination') === 'lake' ? lake : new KinesisStreamDestination(),
  });
}
