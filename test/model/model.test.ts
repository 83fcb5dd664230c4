import * as fc from 'fast-check';
import { sequences } from './actions';
import { newNaiveHandler } from './naive-handler';
import { World } from './world';
import type { Handler } from '../../src/provider/handler';
import type { Clock } from '../../src/provider/handler/clock';
import { ResponseEndpoint } from '../cloudformation/response-endpoint';
import { CapturedLog } from '../provider/handler/captured-log';
import { FakePinpoint } from '../provider/handler/fake-pinpoint';

/** `npm test` plays the same sequences at each run, and `npm run test:model` other ones. */
const random = process.env.MODEL_RANDOM === 'true';
const RUNS = Number(process.env.MODEL_RUNS ?? (random ? 2_000 : 300));
const SEED = Number(process.env.MODEL_SEED ?? (random ? Date.now() % 2 ** 31 : 20_261_030));

jest.setTimeout(3_600_000);

let endpoint: ResponseEndpoint;
let pinpoint: FakePinpoint;

beforeAll(async () => {
  endpoint = await ResponseEndpoint.start();
  pinpoint = new FakePinpoint(() => new Date());
});

afterAll(() => endpoint.stop());

beforeAll(() => {
  expect([RUNS > 0, Number.isInteger(SEED)]).toEqual([true, true]);
  process.stdout.write(`${RUNS} sequences; to play them again: MODEL_RUNS=${RUNS} MODEL_SEED=${SEED} npm run test:model\n`);
});

/** That nothing happens which may never happen, whatever is done. */
function propertyOf(newFunction?: (clock: Clock) => Handler) {
  return fc.asyncProperty(sequences, async ({ actions, atTheEnd }) => {
    const logged = new CapturedLog();
    const world = new World(pinpoint, endpoint, newFunction);
    await world.play(actions, atTheEnd).finally(() => jest.restoreAllMocks());
    expect(world.violations).toEqual([]);
    expect(logged.text).not.toContain(ResponseEndpoint.SECRET);
  });
}

test('no sequence of deployments, deletions, faults and strangers loses, takes over or deletes what it must not, or leaves a stack stuck', async () => {
  await fc.assert(propertyOf(), { numRuns: RUNS, seed: SEED });
});

test('a function that looks at nothing is found out, by a sequence of few actions', async () => {
  const { failed, counterexample } = await fc.check(propertyOf(newNaiveHandler), { numRuns: RUNS, seed: SEED });

  expect(failed).toBe(true);
  expect(counterexample![0].actions.length).toBeLessThanOrEqual(3);
});
