// As users import it: its compiled form, which is there once it has been compiled.
// eslint-disable-next-line import/no-extraneous-dependencies, import/no-unresolved
import { KinesisStreamDestination, PinpointEventStream } from 'cdk-pinpoint-event-stream';
import { Subject } from '.';

export const subject: Subject = (scope, id, applicationId, destination) => {
  new PinpointEventStream(scope, id, { applicationId, destination: new KinesisStreamDestination(destination) });
};
