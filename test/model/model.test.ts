import * as fc from 'fast-check';
import { sequences } from './actions';
import { World } from './world';
import { ResponseEndpoint } from '../cloudformation/response-endpoint';
import { CapturedLog } from '../provider/handler/captured-log';
import { FakePinpoint } from '../provider/handler/fake-pinpoint';

/** The same sequences at each run of `npm test`, and other ones at each run of `npm run test:model`. */
const { MODEL_RUNS = '300', MODEL_SEED = '20261030' } = process.env;
const RUNS = Number(MODEL_RUNS);
const SEED = MODEL_SEED === 'random' ? Date.now() : Number(MODEL_SEED);

jest.setTimeout(3_600_000);

let endpoint: ResponseEndpoint;
let pinpoint: FakePinpoint;

beforeAll(async () => {
  endpoint = await ResponseEndpoint.start();
  pinpoint = new FakePinpoint(() => new Date());
});

afterAll(() => endpoint.stop());

beforeAll(() => {
  process.stdout.write(`${RUNS} sequences; to play them again: MODEL_RUNS=${RUNS} MODEL_SEED=${SEED} npm run test:model\n`);
});

test('no sequence of deployments, deletions, faults and strangers loses, takes over or deletes what it must not, or leaves a stack stuck', async () => {
  await fc.assert(fc.asyncProperty(sequences, async ({ actions, atTheEnd }) => {
    const logged = new CapturedLog();
    const world = new World(pinpoint, endpoint);
    await world.play(actions, atTheEnd).finally(() => jest.restoreAllMocks());
    expect(world.violations).toEqual([]);
    expect(logged.text).not.toContain(ResponseEndpoint.SECRET);
  }), { numRuns: RUNS, seed: SEED });
});
