import { backOff, systemClock } from '../../../src/handler/clock';
import { FakeClock } from '../../support/handler/fake-clock';

afterEach(() => jest.useRealTimers());

describe('the wait after a failed attempt', () => {
  it.each([
    [0, 0, 500], [1, 0, 1_000], [2, 0, 2_000], [3, 0, 4_000], [4, 0, 8_000], [5, 0, 8_000], [50, 0, 8_000], [0, 0.5, 750], [4, 0.5, 12_000],
  ])('number %d, where chance is %d, is %d ms', (attempt, chance, expected) => {
    // GIVEN
    const clock = Object.assign(new FakeClock(), { random: () => chance });

    // WHEN
    const wait = backOff(attempt, clock);

    // THEN
    expect(wait).toBe(expected);
  });
});

test("the system's clock sleeps as long as it is told", async () => {
  // GIVEN
  jest.useFakeTimers();
  const startedAt = systemClock.now();

  // WHEN
  const sleeping = systemClock.sleep(1_000);
  await jest.runAllTimersAsync();
  await sleeping;

  // THEN
  expect(systemClock.now() - startedAt).toBe(1_000);
});
