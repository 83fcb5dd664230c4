import * as fc from 'fast-check';
import { Application, Sequence, sequences } from './actions';
import { newNaiveHandler } from './naive-handler';
import { Weakened, WEAKENED } from './weakened';
import { World } from './world';
import { ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { CapturedLog } from '../../support/handler/captured-log';
import { FakePinpoint } from '../../support/handler/fake-pinpoint';

/** Other sequences at each run, unless the seed is given. */
const RUNS = Number(process.env.MODEL_RUNS ?? 2_000);
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);

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

/** What may never happen, and does, in a sequence. */
async function violationsIn(sequence: Sequence, { weaken, newFunction }: Partial<Weakened> = {}): Promise<string[]> {
  const logged = new CapturedLog();
  weaken?.();
  const world = new World(pinpoint, endpoint, newFunction);
  await world.play(sequence).finally(() => jest.restoreAllMocks());
  return [...world.violations, ...logged.text.includes(ResponseEndpoint.SECRET) ? ['the log has the URL of an answer'] : []];
}

test('no sequence of deployments, deletions, faults and strangers loses, takes over or deletes what it must not, or leaves a stack stuck', async () => {
  await fc.assert(fc.asyncProperty(sequences, async (sequence) => {
    expect(await violationsIn(sequence)).toEqual([]);
  }), {
    numRuns: RUNS,
    seed: SEED,
    // A sequence that does not end in simulated time would not end in any.
    timeout: 60_000,
    examples: WEAKENED.map(({ sequence }) => [sequence]),
  });
});

test.each([
  ['deployed', false],
  ['rolled back', true],
])('two event streams exchange their applications as the README says, %s', async (_, laterFails) => {
  // GIVEN
  const eventStream = (application: Application) => ({ application, destination: 'D1', role: 'created', replaceExisting: true }) as const;
  const deploy = { do: 'deploy', stack: 'Ours', nextAtOnce: false } as const;

  // WHEN
  const violations = await violationsIn({
    actions: [
      { ...deploy, template: { First: eventStream('A'), Second: eventStream('B') }, others: {} },
      { ...deploy, template: { First: eventStream('B'), Second: eventStream('A') }, others: { laterFails } },
    ],
    atTheEnd: 'deletes',
  });

  // THEN
  expect(violations).toEqual([]);
});

test.each(WEAKENED)('a function is found out that $name', async (weakened) => {
  expect(await violationsIn(weakened.sequence, weakened)).not.toEqual([]);
});

test('a function that looks at nothing is found out by random sequences, and the shortest has few actions', async () => {
  const { failed, counterexample } = await fc.check(fc.asyncProperty(sequences, async (sequence) => {
    expect(await violationsIn(sequence, { newFunction: newNaiveHandler })).toEqual([]);
  }), { numRuns: RUNS, seed: SEED });

  expect(failed).toBe(true);
  expect(counterexample![0].actions.length).toBeLessThanOrEqual(3);
});
