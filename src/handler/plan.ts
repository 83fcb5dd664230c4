import { hasSetting, Setting } from './event-stream';
import type { Ending } from './memory';
import { NEVER_CREATED } from './physical-id';
import { isApplicationId } from './protocol';
import type { CustomResourceRequest, DeleteRequest, UpdateRequest } from './request';

/**
 * One thing to achieve at one application.
 *
 * - `claim`: make the application's event stream ours, not taking over another's
 * - `keep`: the event stream is ours; make it what is wanted
 * - `remove`: take the event stream away if it is ours
 */
export type Step = ClaimStep | KeepStep | RemoveStep;

interface CommonStep {
  readonly applicationId: string;
  readonly setting: Setting;
}

interface ClaimStep extends CommonStep {
  readonly goal: 'claim';
  readonly replaceExisting: boolean;
  /** Whether an event stream with our very setting is ours, however old it is. */
  readonly acceptsOwn: boolean;
}

interface KeepStep extends CommonStep {
  readonly goal: 'keep';
  /** What the update sets that this one may roll back, and that may still be running; absent where the two set the same. */
  readonly undoes?: Setting;
}

interface RemoveStep extends CommonStep {
  readonly goal: 'remove';
  /** Whether a request may still be running that sets the event stream after it was looked for. */
  readonly looksAgain: boolean;
  /** Whether the request fails where this does. */
  readonly required: boolean;
}

/**
 * The steps of a request, in order.
 *
 * @param ending how the change ended that an update rolls back; undefined where it may still be under way
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
    // This may roll back a change of application that had succeeded: the one to go back to still has our event stream from long ago.
    return [claim(request, true)];
  }
  const keep = { goal: 'keep', applicationId: current, setting: wanted } as const;
  if (old.ApplicationId === current) {
    return [{ ...keep, undoes: ending || hasSetting(wanted, old) ? undefined : old }];
  }
  // The rollback of a change of application that failed. What it may have left on the other application is
  // removed; but what refused the change may refuse that too, and a stack must not be stuck over it.
  return [
    keep,
    ...isApplicationId(old.ApplicationId)
      // A change that succeeded after CloudFormation had given it up may be under way elsewhere, delivered a second time.
      ? [{ goal: 'remove', applicationId: old.ApplicationId, setting: old, looksAgain: ending !== 'FAILED', required: false } as const]
      : [],
  ];
}

function planDelete({ PhysicalResourceId: current, ResourceProperties: setting }: DeleteRequest): Step[] {
  // Any other ID than an application's: the outcome of the Create is unknown, or it never answered, and CloudFormation made the ID up.
  const isCreated = isApplicationId(current);
  const applicationId = isCreated ? current : setting.ApplicationId;
  return current !== NEVER_CREATED && isApplicationId(applicationId)
    ? [{ goal: 'remove', applicationId, setting, looksAgain: !isCreated, required: true }]
    : [];
}

function claim({ ResourceProperties: wanted }: CustomResourceRequest, acceptsOwn: boolean): Step {
  return { goal: 'claim', applicationId: wanted.ApplicationId, setting: wanted, replaceExisting: wanted.ReplaceExisting === 'true', acceptsOwn };
}
