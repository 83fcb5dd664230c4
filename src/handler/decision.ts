import { Deadlines, LATE_MS } from './deadlines';
import { EventStream, hasSetting, isModifiedSince, isUnchanged, Setting } from './event-stream';
import type { CallFailure } from './event-stream-api';
import type { Step } from './plan';
import { CALL_TIMEOUT_SECONDS } from './protocol';

/** How long a look and the Put after it take at most. */
const LAST_ATTEMPT_MS = 2 * CALL_TIMEOUT_SECONDS * 1_000;

/** DNS must deny the endpoint for so long: an outage of seconds is not the end of the service. */
const ENDPOINT_GONE_MS = 30_000;

/** What a step has found and done so far. */
export interface History {
  /** What the first look found; absent before it. */
  readonly first?: { readonly found?: EventStream };
  /** The event stream as it was seen or set last. */
  readonly last?: EventStream;
  /** When the step succeeded for the first time; what it does after that is a precaution. Undefined before. */
  readonly doneAt?: number;
  /** Whether a Put of unknown outcome may have changed what was there, or may yet. */
  readonly mayHaveChanged: boolean;
  /** Whether a call ended otherwise than with the name of the endpoint unknown to DNS. */
  readonly endpointSeen: boolean;
}

/** The history of a step that begins. */
export const NOTHING_YET: History = { mayHaveChanged: false, endpointSeen: false };

/** What to do, given what was found. */
export type Action = 'put' | 'delete' | 'nothing' | 'refuse';

/** What to do at the application, given the event stream found there. */
export function decide(step: Step, found: EventStream | undefined, history: History, { requestedAt }: Deadlines): Action {
  const { first, doneAt, mayHaveChanged } = history;
  const { setting } = step;
  const own = hasSetting(found, setting);
  switch (step.goal) {
    case 'claim':
      if (own && (step.acceptsOwn || mayHaveChanged || isModifiedSince(found, requestedAt))) {
        return 'nothing';
      }
      return !found || step.replaceExisting ? 'put' : 'refuse';
    case 'keep':
      if (own) {
        // Setting it again gives it a new date, which stops a given-up update at its next look.
        return step.undoes && doneAt === undefined && !isModifiedSince(found, requestedAt) ? 'put' : 'nothing';
      }
      if (!first || isUnchanged(first.found, found)) {
        return 'put';
      }
      // The update that this one undoes has acted since.
      if (step.undoes && hasSetting(found, step.undoes) && (doneAt !== undefined || hasSetting(first.found, setting))) {
        return 'put';
      }
      // This may come from the rollback of this very update, which must have the last word.
      return doneAt === undefined ? 'refuse' : 'nothing';
    case 'remove':
      return own ? 'delete' : 'nothing';
  }
}

/**
 * Until when to look again after a success; 0: not at all.
 *
 * CloudFormation does not wait for a request that it gives up, which must not have the last word.
 */
export function lookUntil(step: Step, history: History, deadlines: Deadlines): number {
  switch (step.goal) {
    case 'claim':
      return 0;
    case 'keep':
      return step.undoes ? undoneMayActUntil(step.undoes, step.setting, history, deadlines) : 0;
    case 'remove':
      return step.looksAgain ? deadlines.earlierRetries : 0;
  }
}

/** Until when the update that this one undoes may still act. */
function undoneMayActUntil(undone: Setting, setting: Setting, { first, last, doneAt }: History, deadlines: Deadlines): number {
  const { requestedAt, lateCalls, earlierRetries } = deadlines;
  const before = first?.found;
  if (hasSetting(before, setting) && !isModifiedSince(before, requestedAt)) {
    // It had set nothing yet. A new date keeps it from trying again, but not its last attempt, which may be under way.
    return isUnchanged(before, last) ? earlierRetries : Math.max(lateCalls, Math.min(doneAt! + LAST_ATTEMPT_MS, earlierRetries));
  }
  // It had just set its own, and may look for a while, to set that again.
  const hadJustSet = hasSetting(before, undone) && requestedAt !== undefined && isModifiedSince(before, requestedAt - LATE_MS);
  return hadJustSet ? lateCalls : 0;
}

/** Until when to try again what has failed. */
export function retryUntil(step: Step, { mayPass }: CallFailure, history: History, deadlines: Deadlines): number {
  if (!mayPass) {
    return 0;
  }
  if (history.doneAt !== undefined) {
    return lookUntil(step, history, deadlines);
  }
  // Before a removal takes the endpoint for gone, DNS must have denied it for a while, however short the retries are.
  return step.goal === 'remove' && !history.endpointSeen ? Math.max(deadlines.retries, deadlines.startedAt + ENDPOINT_GONE_MS) : deadlines.retries;
}

/** Why a request can succeed although a step of it fails. */
export type Excuse = 'optional' | 'endpoint gone' | 'as wanted';

/** Why the request can succeed although a call of the step has failed for good; undefined where it cannot. */
export function excuse(step: Step, { first, last, endpointSeen }: History): Excuse | undefined {
  const own = hasSetting(last, step.setting);
  switch (step.goal) {
    case 'claim':
      return undefined;
    case 'keep':
      return own ? 'as wanted' : undefined;
    case 'remove':
      if (!step.required) {
        return 'optional';
      }
      if (!endpointSeen) {
        return 'endpoint gone';
      }
      return first && !own ? 'as wanted' : undefined;
  }
}
