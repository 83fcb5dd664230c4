import { deadlines } from '../../../src/handler/deadlines';
import { PROPAGATION_TIMEOUT_VARIABLE } from '../../../src/handler/protocol';

const STARTED_AT = 1_000_000;
const LONG_MS = 900_000;

/** Each deadline, in seconds after the function began. */
function secondsOf({ retries, lateCalls, earlierRetries }: ReturnType<typeof deadlines>): number[] {
  return [retries, lateCalls, earlierRetries].map((time) => (time - STARTED_AT) / 1_000);
}

describe('the ends of retries, of late calls, and of the retries of earlier requests', () => {
  beforeEach(() => {
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = '120';
  });

  it.each<[string, number | undefined, number, number[]]>([
    ['are 120 s, 25 s and 150 s after the start', STARTED_AT, LONG_MS, [120, 25, 150]],
    ['of a request that comes 10 s late are 120 s, 15 s and 140 s after the start', STARTED_AT - 10_000, LONG_MS, [120, 15, 140]],
    ['go by the start where it is not known when the request was made', undefined, LONG_MS, [120, 25, 150]],
    ['leave 90 s for the answer', STARTED_AT, 110_000, [20, 20, 20]],
  ])('with a propagation timeout of 120 s %s', (_, requestedAt, remainingMs, expected) => {
    // WHEN
    const ends = deadlines(requestedAt, STARTED_AT, remainingMs);

    // THEN
    expect(secondsOf(ends)).toEqual(expected);
    expect(ends).toMatchObject({ requestedAt, startedAt: STARTED_AT });
  });

  it.each([undefined, '', '2m'])('are those of no propagation timeout where its variable is %j', (value) => {
    // GIVEN
    delete process.env[PROPAGATION_TIMEOUT_VARIABLE];
    Object.assign(process.env, value === undefined ? {} : { [PROPAGATION_TIMEOUT_VARIABLE]: value });

    // WHEN
    const ends = deadlines(STARTED_AT, STARTED_AT, LONG_MS);

    // THEN
    expect(secondsOf(ends)).toEqual([0, 25, 30]);
  });
});
