import type { EventStream } from '@aws-sdk/client-pinpoint';
import * as fc from 'fast-check';
import { isOwn, Setting } from '../../src/handler/decision';
import { EventStreamApi, Fault } from '../../src/handler/event-stream-api';
import { Emulators } from '../support/emulators/emulators';
import { FakePinpoint, serviceError } from '../support/handler/fake-pinpoint';

jest.setTimeout(120_000);

/**
 * The fake of Amazon Pinpoint that unit tests and the model use answers the handler's calls as moto does.
 *
 * Their dates differ: moto's are of this machine's clock, in local time, and the fake's of the clock that a test gives it.
 * What the handler rests on is compared all the same: each Put brings a later date, and nothing else changes it.
 */

const SETTINGS = { one: setting('one'), two: setting('two') };

type Operation = 'get' | 'put one' | 'put two' | 'delete' | 'delete the application' | 'delete without a look';

/** How every sequence ends. */
const WITHOUT_APPLICATION: Operation[] = ['delete the application', 'get', 'put one', 'get', 'delete without a look'];

/** An application of the emulator, or of the fake. */
interface Application {
  readonly id: string;
  delete(): void | Promise<void>;
}

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  process.env.AWS_ENDPOINT_URL_PINPOINT = emulators.pinpointUrl;
  Object.assign(process.env, emulators.environment);
});

afterAll(() => emulators.stop());

function setting(name: string): Setting {
  return { DestinationStreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`, RoleArn: `arn:aws:iam::000000000000:role/${name}` };
}

/** What the handler makes of the answers. */
async function play(operations: Operation[], application: Application): Promise<string[]> {
  const api = new EventStreamApi();
  const outcomes: string[] = [];
  let date = '';
  for (const operation of operations) {
    const outcome = await outcomeOf(api, operation, application);
    if (typeof outcome === 'string') {
      outcomes.push(outcome);
    } else {
      outcomes.push(`${nameOf(outcome)}, ${compareDates(date, outcome.LastModifiedDate)}`);
      date = outcome.LastModifiedDate ?? '';
    }
  }
  return outcomes;
}

async function outcomeOf(api: EventStreamApi, operation: Operation, application: Application): Promise<EventStream | string> {
  try {
    switch (operation) {
      case 'get': return await api.get(application.id) ?? 'none';
      case 'put one': return await api.put(application.id, SETTINGS.one) ?? 'nothing set';
      case 'put two': return await api.put(application.id, SETTINGS.two) ?? 'nothing set';
      case 'delete':
        // moto crashes where an application has none; the handler looks first, and never gets there.
        return await api.get(application.id) ? await deleteWith(api, application) : 'none';
      case 'delete without a look': return await deleteWith(api, application);
      case 'delete the application':
        await application.delete();
        return 'application deleted';
    }
  } catch (error) {
    const { status, code } = error as Fault;
    return `${status} ${code}`;
  }
}

async function deleteWith(api: EventStreamApi, { id }: Application): Promise<string> {
  await api.delete(id);
  return 'deleted';
}

function nameOf(eventStream: EventStream): string | undefined {
  return Object.entries(SETTINGS).find(([, candidate]) => isOwn(candidate, eventStream))?.[0];
}

/** As texts, since a Date has no microseconds, and moto's dates have. */
function compareDates(former: string, date: string = ''): string {
  if (Number.isNaN(Date.parse(date))) {
    return 'undated';
  }
  return date === former ? 'same date' : date > former ? 'later date' : 'earlier date';
}

test('whatever is set, read and deleted, the fake of Amazon Pinpoint answers as its emulator does', async () => {
  const operation = fc.constantFrom<Operation>('get', 'put one', 'put two', 'delete');
  const sequences = fc.sample(fc.array(operation, { minLength: 5, maxLength: 15 }), { numRuns: 20, seed: 20_261_030 })
    .map((operations) => [...operations, ...WITHOUT_APPLICATION]);

  // Before there is a fake, the handler's calls go to the emulator.
  const emulated = [];
  for (const sequence of sequences) {
    const id = await emulators.createApplication('model');
    emulated.push(await play(sequence, { id, delete: () => emulators.deleteApplication(id) }));
  }

  let time = Date.now();
  const fake = new FakePinpoint(() => new Date(time++));
  const faked = [];
  for (const sequence of sequences) {
    fake.reset();
    const id = '0'.repeat(32);
    faked.push(await play(sequence, {
      id,
      // As tests do it: the fake knows no applications.
      delete: () => {
        fake.eventStreams.delete(id);
        fake.fail('PutEventStream', serviceError(404, 'NotFoundException'));
      },
    }));
  }

  expect(faked).toEqual(emulated);
  expect([...new Set(emulated.flat())].sort()).toEqual([
    '404 NotFoundException', 'application deleted', 'deleted', 'none',
    'one, later date', 'one, same date', 'two, later date', 'two, same date',
  ]);
});
