import type { EventStream } from '@aws-sdk/client-pinpoint';
import { backOff, Clock } from './clock';
import { decide, isOwn, Step } from './decision';
import { EventStreamApi, Fault } from './event-stream-api';
import { log } from './log';
import { alreadyTaken, callFailed } from './reasons';

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
  /** No attempt begins after this time, in milliseconds since the epoch. */
  readonly retryUntil: number;
  /** What identifies the request in every line of the log. */
  readonly logContext: Record<string, unknown>;
}

/** How long to wait before a look is repeated. */
const LOOK_AGAIN_EVERY_MS = 5_000;

/** Removes the event stream if it is ours, and looks again until no Create can set it any more. */
export async function removeUntilSettled(step: Step, means: Means): Promise<void> {
  for (;;) {
    await carryOut(step, means);
    const wait = Math.min(LOOK_AGAIN_EVERY_MS, means.retryUntil - means.clock.now());
    if (wait <= 0) {
      return;
    }
    await means.clock.sleep(wait);
  }
}

/**
 * Looks, decides and acts, until that succeeds, fails for good or takes too long.
 *
 * Every attempt looks first: what the last one did is not known, and somebody
 * else may have come in between.
 *
 * @returns the event stream as it is now; undefined where there is none of ours
 * @throws StepFailure
 */
export async function carryOut(step: Step, means: Means): Promise<EventStream | undefined> {
  const progress: Progress = { putMayHaveLanded: false, mayHaveChanged: false };
  let endpointAlwaysUnknown = true;

  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(step, means, progress);
    } catch (error) {
      if (!(error instanceof Fault)) {
        throw error;
      }
      endpointAlwaysUnknown &&= error.isUnknownEndpoint;
      const wait = Math.min(backOff(attempt, means.clock), means.retryUntil - means.clock.now());
      const goOn = error.mayPass && wait > 0;
      log('WARN', goOn ? 'A call failed; trying again' : 'A call failed; giving up', {
        ...means.logContext,
        applicationId: step.applicationId,
        operation: error.operation,
        error: error.code,
        status: error.status,
        detail: error.detail,
      });
      if (goOn) {
        await means.clock.sleep(wait);
      } else if (step.goal === 'remove' && endpointAlwaysUnknown) {
        log('WARN', 'The endpoint of Amazon Pinpoint does not exist any more; nothing is left to delete', {
          ...means.logContext,
          applicationId: step.applicationId,
        });
        return undefined;
      } else {
        const seconds = Math.round((means.clock.now() - means.startedAt) / 1_000);
        throw new StepFailure(callFailed(step, error, seconds), progress.mayHaveChanged);
      }
    }
  }
}

/** What the attempts of one step have done so far. */
interface Progress {
  /** A Put was sent and no answer tells whether it took effect. */
  putMayHaveLanded: boolean;
  /** That Put would have changed what was there. */
  mayHaveChanged: boolean;
}

async function attemptOnce(step: Step, { api, logContext }: Means, progress: Progress): Promise<EventStream | undefined> {
  const { applicationId, setting } = step;
  const found = await api.get(applicationId);
  const action = decide(step, found, progress.putMayHaveLanded);
  log('INFO', 'Decided', { ...logContext, goal: step.goal, applicationId, found: found ?? 'none', action });

  switch (action) {
    case 'nothing':
      return found;
    case 'refuse':
      throw new StepFailure(alreadyTaken(step, found!), progress.mayHaveChanged);
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
