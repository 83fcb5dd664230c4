import type { EventStream } from '@aws-sdk/client-pinpoint';
import { backOff, Clock } from './clock';
import { decide, History, isOwn, Step, stepToRepeat } from './decision';
import { EventStreamApi, Fault } from './event-stream-api';
import { log } from './log';
import { callFailed, refused } from './reasons';

/** A step that failed for good; its message is for the person who deploys. */
export class StepFailure extends Error {
  constructor(
    reason: string,
    /** Whether a Put may have set an event stream that was not there before. */
    readonly mayHaveChanged: boolean,
  ) {
    super(reason);
  }
}

/** What a step is carried out with. */
export interface Means {
  readonly api: EventStreamApi;
  readonly clock: Clock;
  /** When the handler began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What has failed is not tried again after this time, in milliseconds since the epoch. */
  readonly retryUntil: number;
  /** No earlier request can act after this time, in milliseconds since the epoch. */
  readonly repeatUntil: number;
  /** What identifies the request in every line of the log. */
  readonly logContext: Record<string, unknown>;
}

/** How long to wait before a look is repeated. */
const LOOK_AGAIN_EVERY_MS = 5_000;

/** A name that is unknown for so long is not unknown by an outage of seconds. */
const ENDPOINT_GONE_MS = 30_000;

/**
 * Achieves the goal of a step, and sees to it that it lasts where an earlier request may still be running.
 *
 * @returns the event stream as it is now; undefined where there is none of ours
 * @throws StepFailure
 */
export async function carryOut(step: Step, means: Means): Promise<EventStream | undefined> {
  const { clock, repeatUntil } = means;
  let outcome = await achieve(step, means);
  let found = outcome?.after;
  const repeated = outcome && stepToRepeat(step, outcome.before, outcome.after);
  while (repeated && outcome && clock.now() < repeatUntil) {
    await clock.sleep(Math.min(LOOK_AGAIN_EVERY_MS, repeatUntil - clock.now()));
    outcome = await achieve(repeated, { ...means, retryUntil: repeatUntil }, REPEATED);
    found = outcome && isOwn(step.setting, outcome.after) ? outcome.after : found;
  }
  return found;
}

/** The event stream as the first look found it, and as it is now. */
interface Outcome {
  readonly before?: EventStream;
  readonly after?: EventStream;
}

/** The step was achieved before, and is repeated as a precaution. */
const REPEATED = true;

/**
 * Looks, decides and acts, until that succeeds, fails for good or takes too long.
 *
 * Every attempt looks first: what the last one did is not known, and somebody
 * else may have come in between.
 *
 * @returns undefined where it took too long, and the request can succeed all the same
 */
async function achieve(step: Step, means: Means, isRepeated: boolean = false): Promise<Outcome | undefined> {
  const progress: Progress = { isRepeated, endpointSeen: isRepeated, putMayHaveLanded: false, mayHaveChanged: false };

  for (let attempt = 0; ; attempt++) {
    try {
      const after = await attemptOnce(step, means, progress);
      return { before: progress.first?.found, after };
    } catch (error) {
      if (!(error instanceof Fault)) {
        throw error;
      }
      progress.endpointSeen ||= !error.isUnknownEndpoint;
      const wait = Math.min(backOff(attempt, means.clock), retryUntil(step, means, progress) - means.clock.now());
      const goOn = error.mayPass && wait > 0;
      log('WARN', goOn ? 'A call failed; trying again' : 'A call failed; giving up', {
        ...means.logContext,
        applicationId: step.applicationId,
        operation: error.operation,
        error: error.code,
        status: error.status,
        detail: error.detail,
      });
      if (!goOn) {
        giveUp(step, error, means, progress);
        return undefined;
      }
      await means.clock.sleep(wait);
    }
  }
}

/** A removal does not take it that the endpoint is gone for good before that has lasted for a while, however short the retries are. */
function retryUntil({ goal }: Step, means: Means, { endpointSeen }: Progress): number {
  return goal === 'remove' && !endpointSeen ? Math.max(means.retryUntil, means.startedAt + ENDPOINT_GONE_MS) : means.retryUntil;
}

/** @throws StepFailure unless the request can succeed without this step */
function giveUp(step: Step, fault: Fault, { startedAt, clock, logContext }: Means, progress: Progress): void {
  const { applicationId } = step;
  const reason = callFailed(step, fault, Math.round((clock.now() - startedAt) / 1_000));
  if (step.goal === 'remove' && !step.required) {
    log('WARN', 'What a failed change may have left could not be removed', { ...logContext, applicationId, reason });
    return;
  }
  if (step.goal === 'remove' && !progress.endpointSeen) {
    log('WARN', 'The endpoint of Amazon Pinpoint does not exist any more; nothing is left to delete', { ...logContext, applicationId });
    return;
  }
  if (progress.isRepeated && !progress.first) {
    log('WARN', 'Could not look again; all was well when last seen', { ...logContext, applicationId, reason });
    return;
  }
  throw new StepFailure(reason, progress.mayHaveChanged);
}

/** What the attempts of one step have found and done so far. */
interface Progress extends History {
  first?: { found?: EventStream };
  putMayHaveLanded: boolean;
  /** All was well when the step was carried out before. */
  readonly isRepeated: boolean;
  /** The endpoint of Amazon Pinpoint was found at least once. */
  endpointSeen: boolean;
  /** A Put that may have landed would have changed what was there. */
  mayHaveChanged: boolean;
}

/** What the documentation says is in an event stream; what else comes is nobody's business in a log. */
function loggable({ ApplicationId, DestinationStreamArn, RoleArn, LastModifiedDate, LastUpdatedBy }: EventStream): EventStream {
  return { ApplicationId, DestinationStreamArn, RoleArn, LastModifiedDate, LastUpdatedBy };
}

/** @returns the event stream after the attempt */
async function attemptOnce(step: Step, { api, logContext }: Means, progress: Progress): Promise<EventStream | undefined> {
  const { applicationId, setting } = step;
  const found = await api.get(applicationId);
  const action = decide(step, found, progress);
  progress.endpointSeen = true;
  progress.first ??= { found };
  log('INFO', 'Decided', { ...logContext, goal: step.goal, applicationId, found: found ? loggable(found) : 'none', action });

  switch (action) {
    case 'nothing':
      return found;
    case 'refuse':
      throw new StepFailure(refused(step, found), progress.mayHaveChanged);
    case 'delete':
      await api.delete(applicationId);
      return undefined;
    case 'put':
      try {
        return await api.put(applicationId, setting);
      } catch (error) {
        if (!(error instanceof Fault && error.wasRefused)) {
          progress.putMayHaveLanded = true;
          progress.mayHaveChanged ||= !isOwn(setting, found);
        }
        throw error;
      }
  }
}
