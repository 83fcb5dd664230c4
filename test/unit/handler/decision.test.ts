import type { EventStream } from '@aws-sdk/client-pinpoint';
import { Action, decide, NEVER_CREATED, plan, Setting, Step, stepToRepeat } from '../../../src/handler/decision';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { secondsFromStart } from '../../support/handler/fake-clock';
import { ANOTHERS, APP, createRequest, deleteRequest, MADE_UP_ID, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

const REQUESTED_AT = new Date(secondsFromStart(0));
const EARLIEST = new Date(secondsFromStart(-240));

const OLDER = secondsFromStart(-1);
const SAME_SECOND = secondsFromStart(0);
const RECENT = secondsFromStart(1);

const found = (setting: Setting, LastModifiedDate?: string): EventStream => ({ ApplicationId: APP, LastModifiedDate, ...setting });

const claim: Step = { goal: 'claim', applicationId: APP, setting: OURS, replaceExisting: false, oursSince: REQUESTED_AT };
const keep: Step = { goal: 'keep', applicationId: APP, setting: OURS, requestedAt: REQUESTED_AT };
const guard: Step = { goal: 'guard', applicationId: APP, setting: OURS, against: OLD };
const remove: Step = { goal: 'remove', applicationId: APP, setting: OURS, lookAgain: false, required: true };

describe('the plan', () => {
  it.each<[string, CustomResourceRequest, object[]]>([
    ['on Create is to claim the event stream, and to take one that is older than the request for another’s', createRequest(), [claim]],
    ['on Create with replaceExisting is to take over what is there', createRequest({ ReplaceExisting: 'true' }), [{ ...claim, replaceExisting: true }]],
    ['on Update is to keep the event stream, and perhaps to guard it against what it replaces',
      updateRequest(OLD), [{ ...keep, rolledBack: expect.objectContaining(OLD) }]],
    ['on Update of neither destination nor role is to guard it against nothing',
      updateRequest({ ReplaceExisting: 'true' }), [{ ...keep, rolledBack: undefined }]],
    ['on Update to another application is to claim its event stream, and to take one of ours for ours, however old',
      updateRequest({}, { ApplicationId: OTHER_APP }), [{ ...claim, applicationId: OTHER_APP, oursSince: undefined }]],
    ['on the rollback of a failed change of application is to keep the event stream, and to remove that of the other, unless that fails',
      updateRequest({ ApplicationId: OTHER_APP, ...OLD }),
      [keep, { ...remove, applicationId: OTHER_APP, setting: OLD, lookAgain: true, required: false }]],
    ['on the rollback of a change that failed since the application ID was malformed is to keep the event stream',
      updateRequest({ ApplicationId: 'my-app' }), [keep]],
    ['on Delete of what was never created is to do nothing', deleteRequest(NEVER_CREATED), []],
    ['on Delete is to remove the event stream of the physical ID', deleteRequest(APP, { ApplicationId: OTHER_APP }), [remove]],
    ['on Delete with a physical ID that CloudFormation made up is to look again, while the Create may still be running',
      deleteRequest(MADE_UP_ID), [{ ...remove, lookAgain: true }]],
    ['on Delete where neither physical ID nor properties name an application is to do nothing', deleteRequest(MADE_UP_ID, { ApplicationId: 'my-app' }), []],
  ])('%s', (_, request, expected) => {
    // WHEN
    const steps = plan(request, REQUESTED_AT, EARLIEST);

    // THEN
    expect(steps).toMatchObject(expected);
  });

  it.each<[string, CustomResourceRequest, object]>([
    ['on Create goes by the earliest time', createRequest(), { oursSince: EARLIEST }],
    ['on Update takes no event stream for that of an earlier delivery, since it may be one to guard', updateRequest(OLD), { requestedAt: undefined }],
  ])('where the time of the request is not known %s', (_, request, expected) => {
    // WHEN
    const steps = plan(request, undefined, EARLIEST);

    // THEN
    expect(steps).toMatchObject([expected]);
  });
});

describe('the decision', () => {
  const claimReplacing: Step = { ...claim, replaceExisting: true };
  const claimOfAnyAge: Step = { ...claim, oursSince: undefined };

  it.each<[string, string, Action, Step, EventStream | undefined]>([
    ['Create', 'none', 'put', claim, undefined],
    ['Create', 'own, modified since the request', 'nothing', claim, found(OURS, RECENT)],
    ['Create', 'own, modified in the second of the request', 'nothing', claim, found(OURS, SAME_SECOND)],
    ['Create', 'own, older', 'refuse', claim, found(OURS, OLDER)],
    ['Create', 'own, undated', 'refuse', claim, found(OURS)],
    ['Create', "another's", 'refuse', claim, found(ANOTHERS, RECENT)],
    ['Create', "another's to the same destination", 'refuse', claim, found({ ...OURS, RoleArn: ANOTHERS.RoleArn }, RECENT)],
    ['Create', "another's with the same role", 'refuse', claim, found({ ...ANOTHERS, RoleArn: OURS.RoleArn }, RECENT)],
    ['Create with replaceExisting', 'none', 'put', claimReplacing, undefined],
    ['Create with replaceExisting', 'own, modified since the request', 'nothing', claimReplacing, found(OURS, RECENT)],
    ['Create with replaceExisting', 'own, older', 'put', claimReplacing, found(OURS, OLDER)],
    ['Create with replaceExisting', 'own, undated', 'put', claimReplacing, found(OURS)],
    ['Create with replaceExisting', "another's", 'put', claimReplacing, found(ANOTHERS)],
    ['Update, same application', 'wanted', 'nothing', keep, found(OURS, OLDER)],
    ['Update, same application', 'anything else', 'put', keep, found(ANOTHERS)],
    ['Update, same application', 'none', 'put', keep, undefined],
    ['Update, other application', 'none', 'put', claimOfAnyAge, undefined],
    ['Update, other application', 'exactly ours', 'nothing', claimOfAnyAge, found(OURS, OLDER)],
    ['Update, other application', 'exactly ours, undated', 'nothing', claimOfAnyAge, found(OURS)],
    ['Update, other application', "another's", 'refuse', claimOfAnyAge, found(ANOTHERS)],
    ['the guard against an Update that was given up', 'wanted', 'nothing', guard, found(OURS, OLDER)],
    ['the guard against an Update that was given up', 'what that sets', 'put', guard, found(OLD, RECENT)],
    ['the guard against an Update that was given up', "another's", 'nothing', guard, found(ANOTHERS, RECENT)],
    ['the guard against an Update that was given up', 'none', 'nothing', guard, undefined],
    ['Delete', 'none', 'nothing', remove, undefined],
    ['Delete', 'own', 'delete', remove, found(OURS, OLDER)],
    ['Delete', "another's", 'nothing', remove, found(ANOTHERS)],
  ])('on %s, having found %s, is: %s', (_request, _found, expected, step, eventStream) => {
    // WHEN
    const action = decide(step, eventStream, { putMayHaveLanded: false });

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, Action, EventStream | undefined]>([
    ['our event stream', 'nothing', found(OURS)],
    ['none', 'put', undefined],
    ["another's", 'refuse', found(ANOTHERS)],
  ])('on Create, after a Put whose outcome is not known, having found %s, is: %s', (_, expected, eventStream) => {
    // WHEN
    const action = decide(claim, eventStream, { first: {}, putMayHaveLanded: true });

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, Action, EventStream | undefined, EventStream | undefined]>([
    ['the same as before', 'put', found(OLD, OLDER), found(OLD, OLDER)],
    ['the same as before, undated', 'put', found(OLD), found(OLD)],
    ['none, as before', 'put', undefined, undefined],
    ['the wanted one', 'nothing', found(OLD, OLDER), found(OURS, RECENT)],
    ['the former one, set again by a rollback', 'refuse', found(OLD, OLDER), found(OLD, RECENT)],
    ["another's", 'refuse', found(OLD, OLDER), found(ANOTHERS, RECENT)],
    ["another's, where there was none", 'refuse', undefined, found(ANOTHERS, RECENT)],
    ['none, where there was one', 'refuse', found(OLD, OLDER), undefined],
  ])('on Update, after an attempt that failed, having found %s, is: %s', (_, expected, before, now) => {
    // WHEN
    const action = decide(keep, now, { first: { found: before }, putMayHaveLanded: true });

    // THEN
    expect(action).toBe(expected);
  });
});

describe('the step to repeat, while an earlier request may still change the event stream,', () => {
  const mayGuard: Step = { ...keep, rolledBack: OLD };
  const mayLookAgain: Step = { ...remove, lookAgain: true };

  it.each<[string, Step, EventStream | undefined, EventStream | undefined, Step | undefined]>([
    ['is to guard the event stream where an Update finds the wanted one at once', mayGuard, found(OURS, OLDER), found(OURS, OLDER), guard],
    ['is to guard an undated event stream that an Update finds at once', mayGuard, found(OURS), found(OURS), guard],
    ['is to guard it where it is not known when the request was made', { ...mayGuard, requestedAt: undefined }, found(OURS, OLDER), found(OURS, OLDER), guard],
    ['is none where an earlier delivery of the same Update has set it', mayGuard, found(OURS, SAME_SECOND), found(OURS, SAME_SECOND), undefined],
    ['is none where an Update has set it in place of the former one', mayGuard, found(OLD, OLDER), found(OURS, RECENT), undefined],
    ['is to guard it where the service does not tell when it was set, since an Update that was given up could not tell either',
      mayGuard, found(OLD), found(OURS), guard],
    ['is to guard it where the service does not tell what was set', mayGuard, found(OLD, OLDER), undefined, guard],
    ["is none where an Update has set it in place of another's", mayGuard, found(ANOTHERS, OLDER), found(OURS, RECENT), undefined],
    ['is none where an Update has set it where there was none', mayGuard, undefined, found(OURS, RECENT), undefined],
    ['is none where an Update changes neither destination nor role', keep, found(OURS, OLDER), found(OURS, OLDER), undefined],
    ['is the removal, where a Create may still be running', mayLookAgain, undefined, undefined, mayLookAgain],
    ['is the removal also after it has deleted one', mayLookAgain, found(OURS, OLDER), undefined, mayLookAgain],
    ['is none for any other removal', remove, found(OURS, OLDER), undefined, undefined],
    ['is none for a Create', claim, undefined, found(OURS, RECENT), undefined],
  ])('%s', (_, step, before, after, expected) => {
    // WHEN
    const repeated = stepToRepeat(step, before, after);

    // THEN
    expect(repeated).toEqual(expected);
  });
});

test('the physical ID that marks a Create that has failed may never change, since deployed stacks may hold it', () => {
  // THEN
  expect(NEVER_CREATED).toBe('PinpointEventStream::NEVER_CREATED');
});
