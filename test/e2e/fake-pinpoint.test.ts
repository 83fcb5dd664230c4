import * as fc from 'fast-check';
import { EventStream, hasSetting, Setting } from '../../src/handler/event-stream';
import { CallFailure, EventStreamApi } from '../../src/handler/event-stream-api';
import { Emulators } from '../support/emulators/emulators';
import { FakePinpoint, serviceError } from '../support/handler/fake-pinpoint';

jest.setTimeout(120_000);

/**
 * The fake of Amazon Pinpoint that the unit tests use answers the handler's calls as moto does.
 *
 * Their dates differ: moto's are of this machine's clock, in local time, and the fake's of the clock that a test gives it.
 * What the handler rests on is compared all the same: each Put brings a later date, also where it sets the same again, and
 * nothing else changes it.
 */

const SETTINGS = { one: setting('one'), two: setting('two') };

function setting(name: string): Setting {
  return { DestinationStreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`, RoleArn: `arn:aws:iam::000000000000:role/${name}` };
}

/** An application of the emulator, or of the fake. */
interface Application {
  readonly id: string;
  delete(): void | Promise<void>;
}

/** What the handler asks for, and what becomes of the application. */
const OPERATIONS = {
  'get': async (api: EventStreamApi, { id }: Application) => await api.get(id) ?? 'none',
  'put one': (api: EventStreamApi, { id }: Application) => api.put(id, SETTINGS.one),
  'put two': (api: EventStreamApi, { id }: Application) => api.put(id, SETTINGS.two),
  // moto crashes where an application has none; the handler looks first, and never gets there.
  'delete': async (api: EventStreamApi, { id }: Application) => (await api.get(id) ? deleted(api, id) : 'none'),
  'delete without a look': async (api: EventStreamApi, { id }: Application) => deleted(api, id),
  'delete the application': async (_: EventStreamApi, application: Application) => {
    await application.delete();
    return 'application deleted';
  },
};

type Operation = keyof typeof OPERATIONS;

const SAME_AGAIN: Operation[] = ['put one', 'put one', 'get'];

/** How every sequence ends. */
const WITHOUT_APPLICATION: Operation[] = ['delete the application', 'get', 'put one', 'get', 'delete without a look'];

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  process.env.AWS_ENDPOINT_URL_PINPOINT = emulators.pinpointUrl;
  Object.assign(process.env, emulators.environment);
});

afterAll(() => emulators.stop());

async function deleted(api: EventStreamApi, applicationId: string): Promise<string> {
  const eventStream = await api.delete(applicationId);
  return `deleted ${eventStream ? nameOf(eventStream) : 'none'}`;
}

function nameOf(eventStream: EventStream): string | undefined {
  return Object.entries(SETTINGS).find(([, candidate]) => hasSetting(eventStream, candidate))?.[0];
}

/** What the handler makes of the answers. */
async function play(operations: Operation[], application: Application): Promise<string[]> {
  const api = new EventStreamApi();
  const outcomes: string[] = [];
  let former = '';
  for (const operation of operations) {
    const outcome = await OPERATIONS[operation](api, application).catch(({ status, code }: CallFailure) => `${status} ${code}`);
    if (typeof outcome === 'string') {
      outcomes.push(outcome);
    } else {
      outcomes.push(`${nameOf(outcome)}, ${compareDates(former, outcome.LastModifiedDate)}`);
      former = outcome.LastModifiedDate ?? '';
    }
  }
  return outcomes;
}

/** As texts, since a Date has no microseconds, and moto's dates have. */
function compareDates(former: string, date: string = ''): string {
  if (Number.isNaN(Date.parse(date))) {
    return 'undated';
  }
  return date === former ? 'same date' : date > former ? 'later date' : 'earlier date';
}

test('whatever is set, read and deleted, the fake of Amazon Pinpoint answers as its emulator does', async () => {
  // GIVEN
  const operation = fc.constantFrom<Operation>('get', 'put one', 'put two', 'delete');
  const sequences = [SAME_AGAIN, ...fc.sample(fc.array(operation, { minLength: 5, maxLength: 15 }), { numRuns: 20, seed: 20_261_030 })]
    .map((operations) => [...operations, ...WITHOUT_APPLICATION]);

  // WHEN
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

  // THEN
  expect(faked).toEqual(emulated);
  expect(emulated[0].slice(0, SAME_AGAIN.length)).toEqual(['one, later date', 'one, later date', 'one, same date']);
  expect([...new Set(emulated.flat())].sort()).toEqual([
    '404 NotFoundException', 'application deleted', 'deleted none', 'deleted one', 'deleted two', 'none',
    'one, later date', 'one, same date', 'two, later date', 'two, same date',
  ]);
});
