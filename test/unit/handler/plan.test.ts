import type { Ending } from '../../../src/handler/memory';
import { NEVER_CREATED, OUTCOME_UNKNOWN } from '../../../src/handler/physical-id';
import { plan, Step } from '../../../src/handler/plan';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { APP, createRequest, deleteRequest, MADE_UP_ID, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

const claim: Step = { goal: 'claim', applicationId: APP, setting: OURS, replaceExisting: false, acceptsOwn: false };
const keep: Step = { goal: 'keep', applicationId: APP, setting: OURS, undoes: undefined };
const remove: Step = { goal: 'remove', applicationId: APP, setting: OURS, looksAgain: false, required: true };
const removeElsewhere: Step = { ...remove, applicationId: OTHER_APP, setting: OLD, looksAgain: true, required: false };

const change = updateRequest(OLD);
const undone = expect.objectContaining(OLD) as typeof OLD;
const rollbackFromOther = updateRequest({ ApplicationId: OTHER_APP, ...OLD });

describe('the plan', () => {
  it.each<[string, CustomResourceRequest, Ending | undefined, Step[]]>([
    ['of a Create claims the event stream', createRequest(), undefined, [claim]],
    ['of a Create with replaceExisting replaces what is there', createRequest({ ReplaceExisting: 'true' }), undefined, [{ ...claim, replaceExisting: true }]],

    ['of an Update keeps the event stream, and undoes what it replaces', change, undefined, [{ ...keep, undoes: undone }]],
    ['of an Update of the role alone undoes that', updateRequest({ RoleArn: OLD.RoleArn }), undefined,
      [{ ...keep, undoes: expect.objectContaining({ ...OURS, RoleArn: OLD.RoleArn }) as typeof OLD }]],
    ['of an Update undoes nothing where what it replaces has just succeeded', change, 'SUCCESS', [keep]],
    ['of an Update undoes nothing where what it replaces has just failed', change, 'FAILED', [keep]],
    ['of an Update undoes nothing where destination and role stay', updateRequest({ ReplaceExisting: 'true' }), undefined, [keep]],

    ['of an Update to another application claims its event stream, and accepts one of its own, however old',
      updateRequest({}, { ApplicationId: OTHER_APP }), undefined, [{ ...claim, applicationId: OTHER_APP, acceptsOwn: true }]],
    ['of the rollback of a failed change of application keeps the event stream, and removes the other one, unless that fails',
      rollbackFromOther, undefined, [keep, removeElsewhere]],
    ['of the rollback of a change of application that has just failed looks for the other one once',
      rollbackFromOther, 'FAILED', [keep, { ...removeElsewhere, looksAgain: false }]],
    ['of the rollback of a change of application that has just succeeded, but not for CloudFormation, looks for the other one again',
      rollbackFromOther, 'SUCCESS', [keep, removeElsewhere]],
    ['of the rollback of a change that failed since the application ID was malformed keeps the event stream',
      updateRequest({ ApplicationId: 'my-app' }), undefined, [keep]],

    ['of a Delete removes the event stream of the physical ID', deleteRequest(APP, { ApplicationId: OTHER_APP }), undefined, [remove]],
    ['of a Delete of what was never created is empty', deleteRequest(NEVER_CREATED), undefined, []],
    ['of a Delete after a Create whose outcome is not known looks again', deleteRequest(OUTCOME_UNKNOWN), undefined, [{ ...remove, looksAgain: true }]],
    ['of a Delete after a Create that never answered looks again', deleteRequest(MADE_UP_ID), undefined, [{ ...remove, looksAgain: true }]],
    ['of a Delete is empty where neither physical ID nor properties name an application',
      deleteRequest(MADE_UP_ID, { ApplicationId: 'my-app' }), undefined, []],
  ])('%s', (_, request, ending, expected) => {
    // WHEN
    const steps = plan(request, ending);

    // THEN
    expect(steps).toEqual(expected.map(({ setting, ...step }) => ({ ...step, setting: expect.objectContaining(setting) })));
  });
});
