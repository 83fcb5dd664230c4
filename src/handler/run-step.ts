import type { EventStream } from '@aws-sdk/client-pinpoint';
import { backOff, Clock } from './clock';
import { decide, History, isOwn, Step, stepToRepeat } from './decision';
import { EventStreamApi, Fault } from './event-stream-api';
import { log } from './log';
import { callFailed, refused } from './reasons';

/** How long to wait before a look is repeated. */
const LOOK_AGAIN_EVERY_MS = 5_000;

/** A name that is unknown for so long is not unknown by an outage of seconds. */
const ENDPOINT_GONE_MS = 30_000;

/** The step has succeeded before, and runs again as a precaution. */
const REPEATED = true;

/** What a step runs with. */
export interface StepContext {
  readonly api: EventStreamApi;
  readonly clock: Clock;
  /** When the handler began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What has failed is not tried again after this time, in milliseconds since the epoch. */
  readonly retryDeadline: number;
  /** No earlier request can act after this time, in milliseconds since the epoch. */
  readonly repeatDeadline: number;
  /** What identifies the request in every line of the log. */
  readonly logContext: Record<string, unknown>;
}

/** The event stream as the first look found it, and as it is now. */
interface Outcome {
  readonly before?: EventStream;
  readonly after?: EventStream;
}

/** What the attempts of one step have found and done so far. */
interface Progress extends History {
  first?: { found?: EventStream };
  putMayHaveLanded: boolean;
  /** All was well when the step ran before. */
  readonly isRepeated: boolean;
  /** The endpoint of Amazon Pinpoint was found at least once. */
  endpointSeen: boolean;
  /** A Put that may have landed would have changed what was there. */
  mayHaveChanged: boolean;
}

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

/**
 * Runs a step, and again where an earlier request that is still running may undo it.
 *
 * @returns the event stream as it is now; undefined where there is none of ours
 * @throws StepFailure
 */
export async function runStep(step: Step, context: StepContext): Promise<EventStream | undefined> {
  const { clock, repeatDeadline } = context;
  let outcome = await retryStep(step, context);
  let found = outcome?.after;
  const repeated = outcome && stepToRepeat(step, outcome.before, outcome.after);
  while (repeated && outcome && clock.now() < repeatDeadline) {
    await clock.sleep(Math.min(LOOK_AGAIN_EVERY_MS, repeatDeadline - clock.now()));
    outcome = await retryStep(repeated, { ...context, retryDeadline: repeatDeadline }, REPEATED);
    found = outcome && isOwn(step.setting, outcome.after) ? outcome.after : found;
  }
  return found;
}

/**
 * Looks, decides and acts, until that succeeds, fails for good or takes too long.
 *
 * Every attempt looks first: what the last one did is not known, and somebody
 * else may have come in between.
 *
 * @returns undefined where it took too long, and the request can succeed all the same
 */
async function retryStep(step: Step, context: StepContext, isRepeated: boolean = false): Promise<Outcome | undefined> {
  const progress: Progress = { isRepeated, endpointSeen: isRepeated, putMayHaveLanded: false, mayHaveChanged: false };

  for (let attempt = 0; ; attempt++) {
    try {
      const after = await attemptStep(step, context, progress);
      return { before: progress.first?.found, after };
    } catch (error) {
      if (!(error instanceof Fault)) {
        throw error;
      }
      progress.endpointSeen ||= !error.isUnknownEndpoint;
      const wait = Math.min(backOff(attempt, context.clock), deadlineOf(step, context, progress) - context.clock.now());
      const goOn = error.mayPass && wait > 0;
      log('WARN', goOn ? 'A call failed; trying again' : 'A call failed; giving up', {
        ...context.logContext,
        applicationId: step.applicationId,
        operation: error.operation,
        error: error.code,
        status: error.status,
        detail: error.detail,
      });
      if (!goOn) {
        giveUp(step, error, context, progress);
        return undefined;
      }
      await context.clock.sleep(wait);
    }
  }
}

/** A removal does not take it that the endpoint is gone for good before that has lasted for a while, however short the retries are. */
function deadlineOf({ goal }: Step, { startedAt, retryDeadline }: StepContext, { endpointSeen }: Progress): number {
  return goal === 'remove' && !endpointSeen ? Math.max(retryDeadline, startedAt + ENDPOINT_GONE_MS) : retryDeadline;
}

/** @throws StepFailure unless the request can succeed without this step */
function giveUp(step: Step, fault: Fault, { startedAt, clock, logContext }: StepContext, progress: Progress): void {
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

/** @returns the event stream after the attempt */
async function attemptStep(step: Step, { api, logContext }: StepContext, progress: Progress): Promise<EventStream | undefined> {
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

/** What the documentation says is in an event stream; what else comes is nobody's business in a log. */
function loggable({ ApplicationId, DestinationStreamArn, RoleArn, LastModifiedDate, LastUpdatedBy }: EventStream): EventStream {
  return { ApplicationId, DestinationStreamArn, RoleArn, LastModifiedDate, LastUpdatedBy };
}
