import type { EventStream } from '@aws-sdk/client-pinpoint';
import { EventStreamProperties, isApplicationId } from './protocol';
import { CreateRequest, CustomResourceRequest, DeleteRequest, UpdateRequest } from './request';

/**
 * The physical ID of a resource whose Create failed before Pinpoint can have
 * changed: the Delete that CloudFormation sends next has nothing to clean up.
 * Never change it: stacks in ROLLBACK or DELETE_FAILED may hold it.
 */
export const NEVER_CREATED = 'PinpointEventStream::NEVER_CREATED';

/** What an event stream is: where it goes, and as whom. */
export type Setting = Pick<EventStreamProperties, 'DestinationStreamArn' | 'RoleArn'>;

/**
 * One thing to achieve at one application.
 *
 * - `claim`: make the application's event stream ours, not taking over another's
 * - `keep`: the event stream is ours; make it what is wanted
 * - `guard`: the event stream is what is wanted; see to it that an Update that was given up does not change that
 * - `remove`: take the event stream away if it is ours
 */
export type Step = ClaimStep | KeepStep | GuardStep | RemoveStep;

interface ClaimStep {
  readonly goal: 'claim';
  readonly applicationId: string;
  readonly setting: Setting;
  readonly replaceExisting: boolean;
  /** A stream with our very setting is ours if it was modified since then; always, where this is absent. */
  readonly oursSince?: Date;
}

interface KeepStep {
  readonly goal: 'keep';
  readonly applicationId: string;
  readonly setting: Setting;
  /** What the Update sets that this one may roll back; that Update may still be running. Absent where there is nothing to guard against. */
  readonly rolledBack?: Setting;
  /** When the request was made; a stream with our very setting that was modified since then is of an earlier delivery of it. Absent where unknown. */
  readonly requestedAt?: Date;
}

interface GuardStep {
  readonly goal: 'guard';
  readonly applicationId: string;
  readonly setting: Setting;
  /** What the Update sets that was given up. */
  readonly against: Setting;
}

interface RemoveStep {
  readonly goal: 'remove';
  readonly applicationId: string;
  readonly setting: Setting;
  /** Whether a Create or an Update may still be running that sets the stream after it was looked for. */
  readonly lookAgain: boolean;
  /** Whether the request fails where this does. */
  readonly required: boolean;
}

/** What to do, given what was found. */
export type Action = 'put' | 'delete' | 'nothing' | 'refuse';

/** What came before a look at the event stream, in the same run of the function. */
export interface History {
  /** What the first look found; absent before it. */
  readonly first?: { readonly found?: EventStream };
  /** Whether a Put was sent whose outcome is not known. */
  readonly putMayHaveLanded: boolean;
}

/**
 * The steps of a request, in order.
 *
 * @param request what CloudFormation asks for
 * @param requestedAt when it asked; undefined where the request does not tell
 * @param earliest when it can have asked at the earliest
 */
export function plan(request: CustomResourceRequest, requestedAt: Date | undefined, earliest: Date): Step[] {
  switch (request.RequestType) {
    case 'Create': return [claim(request, requestedAt ?? earliest)];
    case 'Update': return planUpdate(request, requestedAt);
    case 'Delete': return planDelete(request);
  }
}

function planUpdate(request: UpdateRequest, requestedAt: Date | undefined): Step[] {
  const { PhysicalResourceId: current, ResourceProperties: wanted, OldResourceProperties: old } = request;
  if (current !== wanted.ApplicationId) {
    // No `oursSince`: when a change of application is rolled back after it had succeeded,
    // the application to go back to still has our stream from long ago.
    return [claim(request)];
  }
  const keep = { goal: 'keep', applicationId: current, setting: wanted, requestedAt } as const;
  if (old.ApplicationId === current) {
    return [{ ...keep, rolledBack: isOwn(wanted, old) ? undefined : old }];
  }
  // The rollback of a change of application that failed. What it may have left on the other application is
  // removed; but what refused the change may refuse that too, and a stack must not be stuck over it.
  return [
    keep,
    ...isApplicationId(old.ApplicationId)
      ? [{ goal: 'remove', applicationId: old.ApplicationId, setting: old, lookAgain: true, required: false } as const]
      : [],
  ];
}

function planDelete(request: DeleteRequest): Step[] {
  const { PhysicalResourceId: current, ResourceProperties: setting } = request;
  if (current === NEVER_CREATED) {
    return [];
  }
  if (isApplicationId(current)) {
    return [{ goal: 'remove', applicationId: current, setting, lookAgain: false, required: true }];
  }
  // CloudFormation made this ID up, since the Create never answered.
  if (isApplicationId(setting.ApplicationId)) {
    return [{ goal: 'remove', applicationId: setting.ApplicationId, setting, lookAgain: true, required: true }];
  }
  return [];
}

function claim({ ResourceProperties: wanted }: CreateRequest | UpdateRequest, oursSince?: Date): Step {
  return {
    goal: 'claim',
    applicationId: wanted.ApplicationId,
    setting: wanted,
    replaceExisting: wanted.ReplaceExisting === 'true',
    oursSince,
  };
}

/** What to do at the application, given the event stream found there. */
export function decide(step: Step, found: EventStream | undefined, { first, putMayHaveLanded }: History): Action {
  const own = isOwn(step.setting, found);
  switch (step.goal) {
    case 'claim':
      if (own && (putMayHaveLanded || modifiedSince(found, step.oursSince))) {
        return 'nothing';
      }
      return !found || step.replaceExisting ? 'put' : 'refuse';
    case 'keep':
      if (own) {
        return 'nothing';
      }
      // What came in between may be the rollback of this very Update: it must not be overwritten.
      return !first || isSame(first.found, found) ? 'put' : 'refuse';
    case 'guard':
      return isOwn(step.against, found) ? 'put' : 'nothing';
    case 'remove':
      return own ? 'delete' : 'nothing';
  }
}

/**
 * The step to run again and again until no earlier request can change the event stream any more; undefined where none can.
 *
 * CloudFormation does not wait for a request that it gives up. An Update that finds at once what it is to set, although
 * that differs from what was there before, rolls back such a request, or one that has failed; unless that was set since
 * this very request was made, by an earlier delivery of it. One that finds anything else sets it, and no other Put
 * follows: an Update that tries again leaves alone what was set since its first look. It tells that by the date, where
 * there is one.
 *
 * @param before what the first look found
 * @param after what was found or set at last
 */
export function stepToRepeat(step: Step, before: EventStream | undefined, after: EventStream | undefined): Step | undefined {
  switch (step.goal) {
    case 'keep': {
      const { applicationId, setting, rolledBack, requestedAt } = step;
      if (rolledBack === undefined) {
        return undefined;
      }
      const lasts = isOwn(setting, before)
        ? requestedAt !== undefined && modifiedSince(before, requestedAt)
        : after?.LastModifiedDate !== undefined;
      return lasts ? undefined : { goal: 'guard', applicationId, setting, against: rolledBack };
    }
    case 'remove':
      return step.lookAgain ? step : undefined;
    default:
      return undefined;
  }
}

/** Whether what was found has exactly this setting. */
export function isOwn(setting: Partial<Setting>, found: Partial<Setting> | undefined): boolean {
  return found !== undefined && found.DestinationStreamArn === setting.DestinationStreamArn && found.RoleArn === setting.RoleArn;
}

/** Whether nobody has set or deleted the event stream between two looks, as far as its date tells. */
function isSame(before: EventStream | undefined, now: EventStream | undefined): boolean {
  return before ? isOwn(before, now) && before.LastModifiedDate === now?.LastModifiedDate : !now;
}

function modifiedSince(found: EventStream | undefined, since: Date | undefined): boolean {
  return since === undefined || Date.parse(found?.LastModifiedDate ?? '') >= since.getTime();
}

/** The physical ID of a request that succeeded. */
export function physicalIdAfterSuccess(request: CustomResourceRequest): string {
  return request.RequestType === 'Delete' ? request.PhysicalResourceId : request.ResourceProperties.ApplicationId;
}

/**
 * The physical ID of a request that failed: the old one where there is one,
 * so that CloudFormation neither deletes nor replaces anything because of it.
 *
 * @param mayHaveChanged whether a Put may have set a stream that was not there before
 */
export function physicalIdAfterFailure(request: CustomResourceRequest, mayHaveChanged: boolean): string {
  if (request.RequestType !== 'Create') {
    return request.PhysicalResourceId;
  }
  return mayHaveChanged ? request.ResourceProperties.ApplicationId : NEVER_CREATED;
}
