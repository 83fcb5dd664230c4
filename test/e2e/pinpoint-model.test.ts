import * as fc from 'fast-check';
import { Emulators } from './emulators/emulators';
import { EventStreamApi, Fault } from '../../src/provider/handler/event-stream-api';
import { FakePinpoint } from '../provider/handler/fake-pinpoint';

jest.setTimeout(120_000);

/**
 * The fake of Amazon Pinpoint that unit tests and the model use answers the handler's calls as moto does.
 *
 * There is one difference, on which nothing rests: the date of what was modified.
 */

const SETTINGS = ['one', 'two'].map((name) => ({
  DestinationStreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
  RoleArn: `arn:aws:iam::000000000000:role/${name}`,
}));

type Operation = 'get' | 'put one' | 'put two' | 'delete';

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  process.env.AWS_ENDPOINT_URL_PINPOINT = emulators.pinpointUrl;
  Object.assign(process.env, emulators.environment);
});

afterAll(() => emulators.stop());

/** What the handler makes of an answer. */
async function outcomeOf(api: EventStreamApi, applicationId: string, operation: Operation): Promise<string> {
  try {
    switch (operation) {
      case 'get': return describeEventStream(await api.get(applicationId));
      case 'put one': return describeEventStream(await api.put(applicationId, SETTINGS[0]));
      case 'put two': return describeEventStream(await api.put(applicationId, SETTINGS[1]));
      case 'delete':
        // moto crashes where there is none; the handler looks first, and never gets there.
        return await api.get(applicationId) === undefined ? 'none' : `deleted ${await api.delete(applicationId)}`;
    }
  } catch (error) {
    return `${(error as Fault).status}`;
  }
}

function describeEventStream(eventStream: Awaited<ReturnType<EventStreamApi['get']>>): string {
  return eventStream === undefined ? 'none' : `${eventStream.DestinationStreamArn} ${eventStream.RoleArn}`;
}

test('whatever is set, read and deleted, the fake of Amazon Pinpoint answers as its emulator does', async () => {
  const operation = fc.constantFrom<Operation>('get', 'put one', 'put two', 'delete');
  const sequences = fc.sample(fc.array(operation, { minLength: 5, maxLength: 15 }), { numRuns: 20, seed: 20_261_030 });

  // Before there is a fake, the handler's calls go to the emulator.
  const emulated = [];
  for (const sequence of sequences) {
    const applicationId = await emulators.createApplication('model');
    const api = new EventStreamApi();
    const outcomes = [];
    for (const next of sequence) {
      outcomes.push(await outcomeOf(api, applicationId, next));
    }
    emulated.push(outcomes);
  }

  const fake = new FakePinpoint(() => new Date());
  const faked = [];
  for (const sequence of sequences) {
    fake.reset();
    const api = new EventStreamApi();
    const outcomes = [];
    for (const next of sequence) {
      outcomes.push(await outcomeOf(api, '0'.repeat(32), next));
    }
    faked.push(outcomes);
  }

  expect(faked).toEqual(emulated);
  expect(new Set(emulated.flat()).size).toBe(4);
});
