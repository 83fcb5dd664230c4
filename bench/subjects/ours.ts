// eslint-disable-next-line import/no-extraneous-dependencies
import { KinesisStreamDestination, PinpointEventStream } from 'cdk-pinpoint-event-stream';
import { Subject } from '.';

export const subject: Subject = (scope, id, applicationId, destination) => {
  new PinpointEventStream(scope, id, { applicationId, destination: new KinesisStreamDestination(destination) });
};
