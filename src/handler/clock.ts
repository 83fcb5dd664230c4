/** The longest wait between two attempts. */
const LONGEST_WAIT_MS = 16_000;

/** Time, and the waiting in it; tests pass one of their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
};

/**
 * How long to wait after an attempt that failed: doubling from one second,
 * with the upper half left to chance, so that many stacks do not retry in step.
 *
 * @param attempt 0 after the first attempt
 */
export function backOff(attempt: number, clock: Clock): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** attempt);
  return ceiling / 2 + clock.random() * ceiling / 2;
}
