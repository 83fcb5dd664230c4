import { explore } from './explore';
import { FAMILIES, Family, FamilyName } from './families';
import { explain, LIMITS } from './limits';
import type { Run } from './run';
import { timeoutSignal } from './seams';
import { WEAKENED } from './weakened';

jest.mock('@aws-sdk/client-pinpoint', () => jest.requireActual<typeof import('./seams')>('./seams').pinpointSdk);
jest.mock('@smithy/node-http-handler', () => jest.requireActual<typeof import('./seams')>('./seams').nodeHttpHandler);
jest.mock('../../../src/handler/log', () => jest.requireActual<typeof import('./seams')>('./seams').logger);

/** One takes seconds, two take minutes. */
const MAX_DEVIATIONS = Number(process.env.EXPLORER_DEVIATIONS ?? 1);

jest.setTimeout(7_200_000);

beforeAll(() => {
  // A number that is none would never end.
  expect([1, 2]).toContain(MAX_DEVIATIONS);
});

const { timeout } = AbortSignal;

beforeEach(() => {
  // No spy: that would remember millions of calls.
  AbortSignal.timeout = timeoutSignal;
});

afterEach(() => {
  AbortSignal.timeout = timeout;
  jest.restoreAllMocks();
});

/** The one with the fewest deviations, and of these the one in which least happens. */
function shortest(one: Run | undefined, other: Run): Run {
  const difference = one ? one.deviations.length - other.deviations.length || one.events.length - other.events.length : 1;
  return difference > 0 ? other : one!;
}

test.each(Object.keys(FAMILIES) as FamilyName[])('in all runs of the family %s, nothing happens that may never happen, but for the known limits', async (name) => {
  // GIVEN
  const family: Family = FAMILIES[name];
  const met = new Map(LIMITS.filter(({ metBy }) => metBy[name]! <= MAX_DEVIATIONS).map((limit) => [limit.name, 0]));
  let unexplained: Run | undefined;
  let runs = 0;

  // WHEN
  for await (const run of explore(family, MAX_DEVIATIONS)) {
    runs++;
    const limits = explain(name, run);
    limits?.forEach((limit) => met.set(limit.name, met.get(limit.name)! + 1));
    unexplained = limits ? unexplained : shortest(unexplained, run);
  }

  // THEN
  process.stdout.write(`${name}: ${runs} runs\n${[...met].map(([limit, count]) => `  ${count} met: ${limit}\n`).join('')}`);
  expect(unexplained && unexplained.story).toBeUndefined();
  expect([...met].filter(([, count]) => count === 0)).toEqual([]);
});

test.each(Object.keys(WEAKENED))('a function is found out that %s', async (name) => {
  // GIVEN
  const { foundBy: [family, script, deviations], weaken, newFunction } = WEAKENED[name];
  weaken?.();

  // WHEN
  let isFoundOut = false;
  for await (const run of explore({ ...FAMILIES[family], scripts: [script] }, deviations, newFunction)) {
    isFoundOut = explain(family, run) === undefined;
    if (isFoundOut) {
      break;
    }
  }

  // THEN
  expect(isFoundOut).toBe(true);
});
