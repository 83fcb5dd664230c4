import { ANSWER_SECONDS, LAST_CALLS_SECONDS, PROPAGATION_TIMEOUT_VARIABLE } from './protocol';

/** How late a request that was given up may begin, or a call of it take effect. */
export const LATE_MS = 25_000;

/** Times are in milliseconds since the epoch. */
export interface Deadlines {
  /** When CloudFormation made the request; undefined where that is not known. */
  readonly requestedAt?: number;
  /** When the function began. */
  readonly startedAt: number;
  /** What has failed is not tried again after this. */
  readonly retries: number;
  /** By then, a call of an earlier request has taken effect, unless that tries again. */
  readonly lateCalls: number;
  /** By then, an earlier request has tried again for the last time, and that is over. */
  readonly earlierRetries: number;
}

/** @param remainingMs what the function has left of its time */
export function deadlines(requestedAt: number | undefined, startedAt: number, remainingMs: number): Deadlines {
  // Whoever broke the variable gets an answer at once, instead of none.
  const propagationMs = (Number(process.env[PROPAGATION_TIMEOUT_VARIABLE]) || 0) * 1_000;
  const answer = startedAt + remainingMs - ANSWER_SECONDS * 1_000;
  const earlier = requestedAt ?? startedAt;
  return {
    requestedAt,
    startedAt,
    retries: Math.min(startedAt + propagationMs, answer),
    lateCalls: Math.min(earlier + LATE_MS, answer),
    earlierRetries: Math.min(earlier + propagationMs + LAST_CALLS_SECONDS * 1_000, answer),
  };
}
