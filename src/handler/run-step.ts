import { backOff, Clock } from './clock';
import type { Deadlines } from './deadlines';
import { decide, Excuse, excuse, History, lookUntil, NOTHING_YET, retryUntil } from './decision';
import { EventStream, hasSetting, isModifiedSince } from './event-stream';
import { CallFailure, EventStreamApi } from './event-stream-api';
import type { Location } from './location';
import { log } from './log';
import type { Step } from './plan';
import { callFailed, refused } from './reasons';

/** How long to wait before looking again. */
const LOOK_AGAIN_EVERY_MS = 5_000;

/** What the log says about a step that failed although the request succeeds. */
const EXCUSED: Record<Excuse, string> = {
  'optional': 'What a failed change may have left could not be removed',
  'endpoint gone': 'The endpoint of Amazon Pinpoint no longer exists; nothing is left to delete',
  'as wanted': 'A precaution failed; the event stream was as wanted when last seen',
};

/** What a step runs with. */
export interface StepContext {
  readonly api: EventStreamApi;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** Where the stack is. */
  readonly location: Location;
  /** What identifies the request in every line of the log. */
  readonly logContext: Record<string, unknown>;
}

/** Why a request fails, for the person who deploys. */
export class RequestFailure extends Error {
  constructor(
    reason: string,
    /** Whether the event stream may have changed since the first look, or may still change. */
    readonly mayHaveChanged: boolean,
  ) {
    super(reason);
  }
}

/**
 * Looks, decides and acts, until that has succeeded and no other request can undo it, until it fails for good, or until it takes too long.
 *
 * Every attempt looks first, because the outcome of the last attempt is not known, and somebody else may have changed something since.
 *
 * @returns whether a Put of unknown outcome may still change the event stream
 * @throws RequestFailure
 */
export async function runStep(step: Step, context: StepContext): Promise<boolean> {
  const { clock, deadlines } = context;
  const history: Writable<History> = { ...NOTHING_YET };

  let failures = 0;
  for (;;) {
    const failure = await attempt(step, context, history);
    const [pause, until] = failure
      ? [backOff(failures, clock), retryUntil(step, failure, history, deadlines)]
      : [LOOK_AGAIN_EVERY_MS, lookUntil(step, history, deadlines)];
    const wait = Math.min(pause, until - clock.now());
    const goesOn = wait > 0;
    if (failure) {
      logFailure(goesOn ? 'A call failed; trying again' : 'A call failed; giving up', step, failure, context);
    }
    if (!goesOn) {
      if (failure) {
        giveUp(step, failure, context, history);
      }
      return history.mayHaveChanged;
    }
    failures = failure ? failures + 1 : 0;
    await clock.sleep(wait);
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** @returns the call that failed, or undefined if the attempt succeeded */
async function attempt(step: Step, context: StepContext, history: Writable<History>): Promise<CallFailure | undefined> {
  try {
    await lookAndAct(step, context, history);
    history.doneAt ??= context.clock.now();
    return undefined;
  } catch (error) {
    if (!(error instanceof CallFailure)) {
      throw error;
    }
    history.endpointSeen ||= !error.isUnknownEndpoint;
    return error;
  }
}

async function lookAndAct(step: Step, context: StepContext, history: Writable<History>): Promise<void> {
  const { goal, applicationId, setting } = step;
  const { api, deadlines, logContext } = context;
  const found = await api.get(applicationId);
  const action = decide(step, found, history, deadlines);
  log('INFO', 'Decided', { ...logContext, goal, applicationId, found: found ?? 'none', action });
  history.endpointSeen = true;
  history.first ??= { found };
  history.last = found;

  switch (action) {
    case 'nothing':
      return;
    case 'refuse':
      // Something else changed the event stream during a refused update, perhaps the rollback of that update.
      throw new RequestFailure(refused(step, found), goal === 'keep' || history.mayHaveChanged);
    case 'put':
      try {
        history.last = await api.put(applicationId, setting);
      } catch (error) {
        history.mayHaveChanged ||= !(error as CallFailure).wasRefused && !hasSetting(found, setting);
        throw error;
      }
      return;
    case 'delete': {
      const deleted = await api.delete(applicationId);
      history.last = undefined;
      if (deleted && !hasSetting(deleted, setting)) {
        await putBack(deleted, found, step, context);
      }
    }
  }
}

/**
 * Restores what somebody set between the look and the Delete: Pinpoint has no conditional Delete.
 *
 * An event stream that is older than what was found is not restored, because it was not set in between.
 */
async function putBack(deleted: EventStream, found: EventStream | undefined, step: Step, { api, logContext }: StepContext): Promise<void> {
  const { applicationId } = step;
  const details = { ...logContext, applicationId, deleted };
  // Logged first, so that it can be restored by hand if this function fails.
  log('WARN', 'Deleted what somebody had just set; putting it back', details);
  const problem = isModifiedSince(deleted, Date.parse(found?.LastModifiedDate ?? ''))
    ? await api.put(applicationId, deleted).then(() => undefined, ({ message }: Error) => message)
    : 'its date does not show that it is newer than what was found';
  if (problem !== undefined) {
    log('ERROR', 'It was not put back; set it by hand', { ...details, problem });
  }
}

/** @throws RequestFailure unless the request can succeed without this step */
function giveUp(step: Step, failure: CallFailure, { clock, deadlines, location, logContext }: StepContext, history: History): void {
  const reason = callFailed(step, failure, Math.round((clock.now() - deadlines.startedAt) / 1_000), location);
  const excused = excuse(step, history);
  if (excused === undefined) {
    throw new RequestFailure(reason, history.mayHaveChanged);
  }
  log('WARN', EXCUSED[excused], { ...logContext, applicationId: step.applicationId, reason });
}

function logFailure(message: string, { applicationId }: Step, { operation, code, status, detail }: CallFailure, { logContext }: StepContext): void {
  log('WARN', message, { ...logContext, applicationId, operation, error: code, status, detail });
}
