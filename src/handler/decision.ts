import { Deadlines, LATE_MS } from './deadlines';
import { EventStream, hasSetting, isModifiedSince, isUnchanged, Setting } from './event-stream';
import type { CallFailure } from './event-stream-api';
import type { Step } from './plan';
import { CALL_TIMEOUT_SECONDS } from './protocol';

/** How long a look and the Put after it take at most. */
const LAST_ATTEMPT_MS = 2 * CALL_TIMEOUT_SECONDS * 1_000;

/** How long DNS must deny the endpoint: an outage of seconds is not the end of the service. */
const ENDPOINT_GONE_MS = 30_000;

/** What a step has found and done so far. */
export interface History {
  /** What the first look found. Absent before it. */
  readonly first?: { readonly found?: EventStream };
  /** The event stream as it was seen or set last. */
  readonly last?: EventStream;
  /** When the step first succeeded. Everything after that is a precaution. Undefined before. */
  readonly doneAt?: number;
  /** Whether a Put of unknown outcome may have changed the event stream, or may still change it. */
  readonly mayHaveChanged: boolean;
  /** Whether any call ended in another way than with the endpoint's name unknown to DNS. */
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
        // Setting it again gives it a new date. An update that CloudFormation gave up sees that at its next look, and stops.
        return step.undoes && doneAt === undefined && !isModifiedSince(found, requestedAt) ? 'put' : 'nothing';
      }
      if (!first || isUnchanged(first.found, found)) {
        return 'put';
      }
      // The update that this one rolls back has acted since.
      if (step.undoes && hasSetting(found, step.undoes) && (doneAt !== undefined || hasSetting(first.found, setting))) {
        return 'put';
      }
      // This may come from the rollback of this very update. The rollback must win.
      return doneAt === undefined ? 'refuse' : 'nothing';
    case 'remove':
      return own ? 'delete' : 'nothing';
  }
}

/**
 * Until when to look again after a success. 0 means not at all.
 *
 * CloudFormation does not wait for a request that it gives up, but such a request must not win.
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

/** Until when the update that this one rolls back may still act. */
function undoneMayActUntil(undone: Setting, setting: Setting, { first, last, doneAt }: History, deadlines: Deadlines): number {
  const { requestedAt, lateCalls, earlierRetries } = deadlines;
  const before = first?.found;
  if (hasSetting(before, setting) && !isModifiedSince(before, requestedAt)) {
    // It had set nothing yet. A new date keeps it from trying again, but its last attempt may still be under way.
    return isUnchanged(before, last) ? earlierRetries : Math.max(lateCalls, Math.min(doneAt! + LAST_ATTEMPT_MS, earlierRetries));
  }
  // It had just set its own event stream, and may look for a while longer and set that again.
  const hadJustSet = hasSetting(before, undone) && requestedAt !== undefined && isModifiedSince(before, requestedAt - LATE_MS);
  return hadJustSet ? lateCalls : 0;
}

/** Until when to retry a failed call. */
export function retryUntil(step: Step, { mayPass }: CallFailure, history: History, deadlines: Deadlines): number {
  if (!mayPass) {
    return 0;
  }
  if (history.doneAt !== undefined) {
    return lookUntil(step, history, deadlines);
  }
  // A removal concludes that the endpoint is gone only after DNS has denied it for a while, however short the retries are.
  return step.goal === 'remove' && !history.endpointSeen ? Math.max(deadlines.retries, deadlines.startedAt + ENDPOINT_GONE_MS) : deadlines.retries;
}

/** Why a request can succeed although a step of it fails. */
export type Excuse = 'optional' | 'endpoint gone' | 'as wanted';

/** Why the request can succeed although a call of the step has failed for good. Undefined if it cannot. */
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
