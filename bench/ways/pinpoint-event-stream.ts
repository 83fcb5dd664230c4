// As users import it: the compiled library.
// eslint-disable-next-line import/no-extraneous-dependencies, import/no-unresolved
import { KinesisStreamDestination, PinpointEventStream } from 'cdk-pinpoint-event-stream';
import { Way } from './way';

export const way: Way = (stack, eventStreams) => eventStreams.forEach(({ id, applicationId, destination }) => {
  new PinpointEventStream(stack, id, { applicationId, destination: new KinesisStreamDestination(destination) });
});
