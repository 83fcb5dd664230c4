import { ANSWER_SECONDS, LAST_CALLS_SECONDS, PROPAGATION_TIMEOUT_VARIABLE } from './protocol';

/** How late a request that CloudFormation gave up may still begin, or one of its calls take effect. */
export const LATE_MS = 25_000;

/** Times are in milliseconds since the epoch. */
export interface Deadlines {
  /** When CloudFormation made the request. Undefined if that is not known. */
  readonly requestedAt?: number;
  /** When the function began. */
  readonly startedAt: number;
  /** No failed call is retried after this. */
  readonly retries: number;
  /** By then, the calls of an earlier request have taken effect, unless that request still retries. */
  readonly lateCalls: number;
  /** By then, the last retry of an earlier request is over. */
  readonly earlierRetries: number;
}

/** @param remainingMs how much time the function has left */
export function deadlines(requestedAt: number | undefined, startedAt: number, remainingMs: number): Deadlines {
  // If somebody broke the variable, the function answers at once instead of never.
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
