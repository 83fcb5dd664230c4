import type { EventStream } from '@aws-sdk/client-pinpoint';
import {
  Action, decide, isOwn, NEVER_CREATED, physicalIdAfterFailure, physicalIdAfterSuccess, plan, Setting, Step, stepToRepeat,
} from '../../../src/handler/decision';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { secondsFromStart } from '../../support/handler/fake-clock';
import { ANOTHERS, APP, createRequest, deleteRequest, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

const REQUESTED_AT = new Date(secondsFromStart(0));
const EARLIEST = new Date(secondsFromStart(-240));
const MADE_UP_ID = 'Stack-EventsD32975C2-1A2B3C4D5E6F';

const found = (setting: Setting, LastModifiedDate?: string): EventStream => ({ ApplicationId: APP, LastModifiedDate, ...setting });
const summary = ({ goal, applicationId }: Step) => `${goal} ${applicationId}`;

describe('the plan', () => {
  it.each<[string, CustomResourceRequest, string[]]>([
    ['Create', createRequest(), [`claim ${APP}`]],
    ['Update, same application', updateRequest(OLD), [`keep ${APP}`]],
    ['Update, other application', updateRequest({}, { ApplicationId: OTHER_APP }), [`claim ${OTHER_APP}`]],
    ['Update, other application, but the physical ID is already the wanted one: the rollback of a failed change',
      updateRequest({ ApplicationId: OTHER_APP }), [`keep ${APP}`, `remove ${OTHER_APP}`]],
    ['the same where the change failed because its application ID was malformed', updateRequest({ ApplicationId: 'my-app' }), [`keep ${APP}`]],
    ['Delete, marked as never created', deleteRequest(NEVER_CREATED), []],
    ['Delete', deleteRequest(), [`remove ${APP}`]],
    ['Delete, where the properties name another application than the physical ID', deleteRequest(APP, { ApplicationId: OTHER_APP }), [`remove ${APP}`]],
    ['Delete, physical ID neither the mark nor an application', deleteRequest(MADE_UP_ID), [`remove ${APP}`]],
    ['the same where the properties name no application either', deleteRequest(MADE_UP_ID, { ApplicationId: 'my-app' }), []],
  ])('for %s is as designed', (_, request, expected) => {
    // WHEN
    const steps = plan(request, REQUESTED_AT, EARLIEST);

    // THEN
    expect(steps.map(summary)).toEqual(expected);
  });

  it.each<[string, CustomResourceRequest, Setting[]]>([
    ['wants the new setting on Update', updateRequest(OLD), [OURS]],
    ['wants the new setting, and removes the old one, on the rollback of a failed change', updateRequest({ ApplicationId: OTHER_APP, ...OLD }), [OURS, OLD]],
    ['removes its own setting on Delete', deleteRequest(), [OURS]],
  ])('%s', (_, request, settings) => {
    // WHEN
    const steps = plan(request, REQUESTED_AT, EARLIEST);

    // THEN
    expect(steps.map(({ setting }) => setting)).toEqual(settings.map((setting) => expect.objectContaining(setting)));
  });

  it.each<[string, CustomResourceRequest, object]>([
    ['takes an event stream of ours that is older than the request for another’s on Create', createRequest(), { oursSince: REQUESTED_AT }],
    ['takes an event stream of ours for ours, however old, on Update to another application',
      updateRequest({}, { ApplicationId: OTHER_APP }), { oursSince: undefined }],
    ['takes no event stream over unless told so', createRequest({ ReplaceExisting: 'false' }), { replaceExisting: false }],
    ['takes an event stream over where told so', createRequest({ ReplaceExisting: 'true' }), { replaceExisting: true }],
    ['looks once on Delete', deleteRequest(), { lookAgain: false, required: true }],
    ['looks again on Delete while a Create may still be running', deleteRequest(MADE_UP_ID), { lookAgain: true, required: true }],
    ['has nothing to guard against on an Update that changes neither destination nor role', updateRequest({ ReplaceExisting: 'true' }), { rolledBack: undefined }],
    ['may have to guard against what an Update replaces, if it rolls that back', updateRequest(OLD), { rolledBack: expect.objectContaining(OLD) }],
  ])('%s', (_, request, expected) => {
    // WHEN
    const [step] = plan(request, REQUESTED_AT, EARLIEST);

    // THEN
    expect(step).toMatchObject(expected);
  });

  it('looks again at the other application on the rollback of a failed change, and does not fail over it', () => {
    // WHEN
    const [keep, remove] = plan(updateRequest({ ApplicationId: OTHER_APP }), REQUESTED_AT, EARLIEST);

    // THEN
    expect(keep).not.toHaveProperty('rolledBack');
    expect(remove).toMatchObject({ goal: 'remove', lookAgain: true, required: false });
  });
});

describe('the plan for a request that does not tell when it was made', () => {
  it('takes an event stream of ours for ours on Create if that is not older than the request can be', () => {
    expect(plan(createRequest(), undefined, EARLIEST)).toEqual([expect.objectContaining({ oursSince: EARLIEST })]);
  });

  it('takes none for that of an earlier delivery on Update, since it may be one to guard', () => {
    expect(plan(updateRequest(OLD), undefined, EARLIEST)).toEqual([expect.objectContaining({ requestedAt: undefined })]);
  });
});

describe('the decision', () => {
  const claim: Step = { goal: 'claim', applicationId: APP, setting: OURS, replaceExisting: false, oursSince: REQUESTED_AT };
  const claimReplacing: Step = { ...claim, replaceExisting: true };
  const claimOfAnyAge: Step = { ...claim, oursSince: undefined };
  const keep: Step = { goal: 'keep', applicationId: APP, setting: OURS, requestedAt: REQUESTED_AT };
  const guard: Step = { goal: 'guard', applicationId: APP, setting: OURS, against: OLD };
  const remove: Step = { goal: 'remove', applicationId: APP, setting: OURS, lookAgain: false, required: true };
  const recent = secondsFromStart(1);
  const sameSecond = secondsFromStart(0);
  const older = secondsFromStart(-1);

  it.each<[string, string, Step, EventStream | undefined, Action]>([
    ['Create', 'none', claim, undefined, 'put'],
    ['Create', 'own, modified since the request', claim, found(OURS, recent), 'nothing'],
    ['Create', 'own, modified in the second of the request', claim, found(OURS, sameSecond), 'nothing'],
    ['Create', 'own, older', claim, found(OURS, older), 'refuse'],
    ['Create', 'own, undated', claim, found(OURS), 'refuse'],
    ['Create', "another's", claim, found(ANOTHERS, recent), 'refuse'],
    ['Create', "another's to the same destination", claim, found({ ...OURS, RoleArn: ANOTHERS.RoleArn }, recent), 'refuse'],
    ['Create', "another's with the same role", claim, found({ ...ANOTHERS, RoleArn: OURS.RoleArn }, recent), 'refuse'],
    ['Create with replaceExisting', 'none', claimReplacing, undefined, 'put'],
    ['Create with replaceExisting', 'own, modified since the request', claimReplacing, found(OURS, recent), 'nothing'],
    ['Create with replaceExisting', 'own, older', claimReplacing, found(OURS, older), 'put'],
    ['Create with replaceExisting', 'own, undated', claimReplacing, found(OURS), 'put'],
    ['Create with replaceExisting', "another's", claimReplacing, found(ANOTHERS), 'put'],
    ['Update, same application', 'wanted', keep, found(OURS, older), 'nothing'],
    ['Update, same application', 'anything else', keep, found(ANOTHERS), 'put'],
    ['Update, same application', 'none', keep, undefined, 'put'],
    ['Update, other application', 'none', claimOfAnyAge, undefined, 'put'],
    ['Update, other application', 'exactly ours', claimOfAnyAge, found(OURS, older), 'nothing'],
    ['Update, other application', 'exactly ours, undated', claimOfAnyAge, found(OURS), 'nothing'],
    ['Update, other application', "another's", claimOfAnyAge, found(ANOTHERS), 'refuse'],
    ['the guard against an Update that was given up', 'wanted', guard, found(OURS, older), 'nothing'],
    ['the guard against an Update that was given up', 'what that sets', guard, found(OLD, recent), 'put'],
    ['the guard against an Update that was given up', "another's", guard, found(ANOTHERS, recent), 'nothing'],
    ['the guard against an Update that was given up', 'none', guard, undefined, 'nothing'],
    ['Delete', 'none', remove, undefined, 'nothing'],
    ['Delete', 'own', remove, found(OURS, older), 'delete'],
    ['Delete', "another's", remove, found(ANOTHERS), 'nothing'],
  ])('on %s, having found %s, is as designed', (_request, _found, step, eventStream, expected) => {
    // WHEN
    const action = decide(step, eventStream, { putMayHaveLanded: false });

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, EventStream | undefined, Action]>([
    ['is that it took effect where the event stream is ours', found(OURS), 'nothing'],
    ['is to send another where there is none', undefined, 'put'],
    ["is to refuse where another's came in between", found(ANOTHERS), 'refuse'],
  ])('after a Put whose outcome is unknown %s', (_, eventStream, expected) => {
    // WHEN
    const action = decide(claim, eventStream, { first: {}, putMayHaveLanded: true });

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, EventStream | undefined, EventStream | undefined, Action]>([
    ['is to go on where the event stream is as it was', found(OLD, older), found(OLD, older), 'put'],
    ['is to go on where it is as it was, and undated', found(OLD), found(OLD), 'put'],
    ['is to go on where there is none, as before', undefined, undefined, 'put'],
    ['is that it took effect where the event stream is the wanted one', found(OLD, older), found(OURS, recent), 'nothing'],
    ['is to leave it where the former one was set again, by a rollback', found(OLD, older), found(OLD, recent), 'refuse'],
    ["is to leave it where another's came in between", found(OLD, older), found(ANOTHERS, recent), 'refuse'],
    ["is to leave it where another's came to where there was none", undefined, found(ANOTHERS, recent), 'refuse'],
    ['is to leave it where the former one was deleted', found(OLD, older), undefined, 'refuse'],
  ])('on Update, after an attempt that failed, %s', (_, before, now, expected) => {
    // WHEN
    const action = decide(keep, now, { first: { found: before }, putMayHaveLanded: true });

    // THEN
    expect(action).toBe(expected);
  });
});

describe('the step to repeat, while an earlier request may still change the event stream,', () => {
  const keep: Step = { goal: 'keep', applicationId: APP, setting: OURS, requestedAt: REQUESTED_AT, rolledBack: OLD };
  const guard: Step = { goal: 'guard', applicationId: APP, setting: OURS, against: OLD };
  const remove: Step = { goal: 'remove', applicationId: APP, setting: OURS, lookAgain: true, required: true };
  const older = secondsFromStart(-1);
  const recent = secondsFromStart(0);

  it.each<[string, Step, EventStream | undefined, EventStream | undefined, Step | undefined]>([
    ['is to guard the event stream where an Update finds the wanted one at once', keep, found(OURS, older), found(OURS, older), guard],
    ['is the same where that is undated', keep, found(OURS), found(OURS), guard],
    ['is the same where it is not known when the request was made', { ...keep, requestedAt: undefined }, found(OURS, older), found(OURS, older), guard],
    ['is none where an earlier delivery of the same Update has set it', keep, found(OURS, recent), found(OURS, recent), undefined],
    ['is none where an Update has set it in place of the former one', keep, found(OLD, older), found(OURS, recent), undefined],
    ['is to guard it where an Update has set it and the service does not tell when, since one that was given up could not tell either',
      keep, found(OLD), found(OURS), guard],
    ['is the same where the service does not tell what was set', keep, found(OLD, older), undefined, guard],
    ["is none where an Update has set it in place of another's", keep, found(ANOTHERS, older), found(OURS, recent), undefined],
    ['is none where an Update has set it where there was none', keep, undefined, found(OURS, recent), undefined],
    ['is none where an Update changes neither destination nor role', { ...keep, rolledBack: undefined }, found(OURS, older), found(OURS, older), undefined],
    ['is the removal, where a Create may still be running', remove, undefined, undefined, remove],
    ['is the removal also after it has deleted one', remove, found(OURS, older), undefined, remove],
    ['is none for any other removal', { ...remove, lookAgain: false }, found(OURS, older), undefined, undefined],
    ['is none for a Create', { goal: 'claim', applicationId: APP, setting: OURS, replaceExisting: false }, undefined, found(OURS, recent), undefined],
  ])('%s', (_, step, before, after, expected) => {
    // WHEN
    const repeated = stepToRepeat(step, before, after);

    // THEN
    expect(repeated).toEqual(expected);
  });
});

describe('an event stream', () => {
  it.each<[string, Setting, EventStream | undefined, boolean]>([
    ['is own with the same destination and role', OURS, found(OURS), true],
    ['is not own with another destination', OURS, found({ ...OURS, DestinationStreamArn: OLD.DestinationStreamArn }), false],
    ['is not own with another role', OURS, found({ ...OURS, RoleArn: OLD.RoleArn }), false],
    ['is not own where there is none', OURS, undefined, false],
    ['is not own where there is none, and the properties lack the destination', { ...OURS, DestinationStreamArn: undefined! }, undefined, false],
  ])('%s', (_, setting, eventStream, expected) => {
    // WHEN
    const own = isOwn(setting, eventStream);

    // THEN
    expect(own).toBe(expected);
  });
});

describe('the physical ID', () => {
  it.each<[string, CustomResourceRequest, string]>([
    ['a Create', createRequest(), APP],
    ['an Update of the same application', updateRequest(OLD), APP],
    ['an Update to another application', updateRequest({}, { ApplicationId: OTHER_APP }), OTHER_APP],
    ['a Delete', deleteRequest(MADE_UP_ID), MADE_UP_ID],
  ])('after %s that succeeded', (_, request, expected) => {
    // WHEN
    const physicalId = physicalIdAfterSuccess(request);

    // THEN
    expect(physicalId).toBe(expected);
  });

  it.each<[string, CustomResourceRequest, boolean, string]>([
    ['a Create that cannot have changed anything', createRequest(), false, NEVER_CREATED],
    ['a Create that may have set the event stream', createRequest(), true, APP],
    ['an Update to another application', updateRequest({}, { ApplicationId: OTHER_APP }), true, APP],
    ['a Delete', deleteRequest(MADE_UP_ID), false, MADE_UP_ID],
  ])('after %s that failed', (_, request, mayHaveChanged, expected) => {
    // WHEN
    const physicalId = physicalIdAfterFailure(request, mayHaveChanged);

    // THEN
    expect(physicalId).toBe(expected);
  });

  it('that marks a failed Create is the one that deployed stacks may hold', () => {
    // THEN
    expect(NEVER_CREATED).toBe('PinpointEventStream::NEVER_CREATED');
  });
});
