/** The longest wait between two attempts. */
const LONGEST_WAIT_MS = 16_000;

/** Tells the time and waits. Tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** A number from 0 up to, but not including, 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
};

/**
 * How long to wait after a failed attempt. The wait doubles from one second, and its upper half is random, so that many stacks do not
 * retry in step.
 *
 * @param attempt 0 after the first attempt
 */
export function backOff(attempt: number, clock: Clock): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** attempt);
  return ceiling / 2 + clock.random() * ceiling / 2;
}
