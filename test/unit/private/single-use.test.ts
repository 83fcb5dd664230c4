import { Stack } from 'aws-cdk-lib';
import {
  CloudWatchLogsDestination, FirehoseDestination, IEventStreamDestination, ISmsVoiceEventDestination, KinesisStreamDestination, PinpointEventStream,
  SmsVoiceConfigurationSet, SnsTopicDestination,
} from '../../../src';
import { APPLICATION_ID, newStack, OTHER_APPLICATION_ID } from '../../support/synth';

const ofPinpoint = (stack: Stack, id: string, destination: IEventStreamDestination) =>
  new PinpointEventStream(stack, id, { applicationId: id === 'First' ? APPLICATION_ID : OTHER_APPLICATION_ID, destination });

const ofMessages = (stack: Stack, id: string, destination: ISmsVoiceEventDestination) =>
  new SmsVoiceConfigurationSet(stack, id).addEventDestination('Lake', { destination });

type Add<Destination> = (stack: Stack, id: string, destination: Destination) => unknown;

const userOf = (add: unknown) => add === ofMessages ? 'an event destination of End User Messaging' : 'an event stream of Pinpoint';

/** A destination, and two that both want it. */
function row<Destination>(resource: string, destination: Destination, first: Add<Destination>, second: Add<Destination>) {
  const { name } = (destination as object).constructor;
  return { name, resource, destination, first, second, firstUser: userOf(first), secondUser: userOf(second) };
}

const bound = (add: unknown, id: string) => `Stack/${id}${add === ofMessages ? '/Lake' : ''}`;

it.each([
  row('stream', new KinesisStreamDestination(), ofPinpoint, ofPinpoint),
  row('delivery stream', new FirehoseDestination(), ofPinpoint, ofMessages),
  row('delivery stream', new FirehoseDestination(), ofMessages, ofPinpoint),
  row('log group', new CloudWatchLogsDestination(), ofMessages, ofMessages),
  row('topic', new SnsTopicDestination(), ofMessages, ofMessages),
])('a $name without a $resource that serves $firstUser is refused to $secondUser', ({ name, resource, destination, first, second }) => {
  // GIVEN
  const stack = newStack();
  first(stack, 'First', destination as never);

  // WHEN
  const again = () => second(stack, 'Second', destination as never);

  // THEN
  expect(again).toThrow(
    `this ${name} creates a ${resource} for one construct only, and '${bound(first, 'First')}' already has it: ` +
    `use a new ${name}(), or create the ${resource} yourself and pass it to ${name} to serve both (at ${bound(second, 'Second')})`);
});
