import { hasSetting, Setting } from './event-stream';
import type { Ending } from './memory';
import { NEVER_CREATED } from './physical-id';
import { isApplicationId } from './protocol';
import type { CustomResourceRequest, DeleteRequest, UpdateRequest } from './request';

/**
 * One thing to achieve at one application.
 *
 * - `claim`: make the application's event stream ours, without taking over another's
 * - `keep`: the event stream is ours, so set it as wanted
 * - `remove`: delete the event stream if it is ours
 */
export type Step = ClaimStep | KeepStep | RemoveStep;

interface CommonStep {
  readonly applicationId: string;
  readonly setting: Setting;
}

interface ClaimStep extends CommonStep {
  readonly goal: 'claim';
  readonly replaceExisting: boolean;
  /** Whether an event stream with exactly our setting counts as ours, however old it is. */
  readonly acceptsOwn: boolean;
}

interface KeepStep extends CommonStep {
  readonly goal: 'keep';
  /** What the update set that this one may roll back, and that may still be running. Absent if both set the same. */
  readonly undoes?: Setting;
}

interface RemoveStep extends CommonStep {
  readonly goal: 'remove';
  /** Whether another request may still be running, and may set the event stream after we looked for it. */
  readonly looksAgain: boolean;
  /** Whether the request fails if this step fails. */
  readonly required: boolean;
}

/**
 * The steps of a request, in order.
 *
 * @param ending how the change that an update rolls back has ended, or undefined if it may still be under way
 */
export function plan(request: CustomResourceRequest, ending: Ending | undefined): Step[] {
  switch (request.RequestType) {
    case 'Create': return [claim(request, false)];
    case 'Update': return planUpdate(request, ending);
    case 'Delete': return planDelete(request);
  }
}

function planUpdate(request: UpdateRequest, ending: Ending | undefined): Step[] {
  const { PhysicalResourceId: current, ResourceProperties: wanted, OldResourceProperties: old } = request;
  if (current !== wanted.ApplicationId) {
    // This may roll back a change of application that had succeeded. The former application still has our event stream from then.
    return [claim(request, true)];
  }
  const keep = { goal: 'keep', applicationId: current, setting: wanted } as const;
  if (old.ApplicationId === current) {
    return [{ ...keep, undoes: ending || hasSetting(wanted, old) ? undefined : old }];
  }
  // This rolls back a change of application that failed. It removes what the change may have left on the other application. That
  // is optional: whatever refused the change may also refuse the removal, and must not block the rollback of the stack.
  return [
    keep,
    ...isApplicationId(old.ApplicationId)
      // A change that succeeded after CloudFormation gave it up may have been delivered twice, and may still run elsewhere.
      ? [{ goal: 'remove', applicationId: old.ApplicationId, setting: old, looksAgain: ending !== 'FAILED', required: false } as const]
      : [],
  ];
}

function planDelete({ PhysicalResourceId: current, ResourceProperties: setting }: DeleteRequest): Step[] {
  // Any other ID means that the outcome of the Create is unknown, or that the Create never answered and CloudFormation made up the ID.
  const isCreated = isApplicationId(current);
  const applicationId = isCreated ? current : setting.ApplicationId;
  return current !== NEVER_CREATED && isApplicationId(applicationId)
    ? [{ goal: 'remove', applicationId, setting, looksAgain: !isCreated, required: true }]
    : [];
}

function claim({ ResourceProperties: wanted }: CustomResourceRequest, acceptsOwn: boolean): Step {
  return { goal: 'claim', applicationId: wanted.ApplicationId, setting: wanted, replaceExisting: wanted.ReplaceExisting === 'true', acceptsOwn };
}
