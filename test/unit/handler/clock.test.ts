import { backOff, systemClock } from '../../../src/handler/clock';
import { FakeClock } from '../../support/handler/fake-clock';

describe('the wait after an attempt that failed', () => {
  it.each([[0, 500], [1, 1_000], [2, 2_000], [3, 4_000], [4, 8_000], [5, 8_000], [50, 8_000]])('number %i is at least %i ms', (attempt, expected) => {
    // WHEN
    const wait = backOff(attempt, new FakeClock());

    // THEN
    expect(wait).toBe(expected);
  });

  it.each([[0, 750], [4, 12_000]])('number %i leaves the upper half to chance', (attempt, expected) => {
    // GIVEN
    const clock = Object.assign(new FakeClock(), { random: () => 0.5 });

    // WHEN
    const wait = backOff(attempt, clock);

    // THEN
    expect(wait).toBe(expected);
  });
});

describe("the system's clock", () => {
  beforeEach(() => jest.useFakeTimers({ now: 1_000 }));

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('tells the time, and sleeps for as long as it is told', async () => {
    // GIVEN
    const awake = jest.fn();
    const sleeping = systemClock.sleep(5_000).then(awake);

    // WHEN
    await jest.advanceTimersByTimeAsync(4_999);
    const before = awake.mock.calls.length;
    await jest.advanceTimersByTimeAsync(1);
    await sleeping;

    // THEN
    expect(before).toBe(0);
    expect(awake).toHaveBeenCalledTimes(1);
    expect(systemClock.now()).toBe(6_000);
  });

  it('leaves chance to the system', () => {
    // GIVEN
    jest.spyOn(Math, 'random').mockReturnValue(0.25);

    // THEN
    expect(systemClock.random()).toBe(0.25);
  });
});
