import type { Deadlines } from '../../../src/handler/deadlines';
import { Action, decide, Excuse, excuse, History, lookUntil, NOTHING_YET, retryUntil } from '../../../src/handler/decision';
import type { EventStream } from '../../../src/handler/event-stream';
import { CallFailure } from '../../../src/handler/event-stream-api';
import type { Step } from '../../../src/handler/plan';
import { timeFromStart } from '../../support/handler/fake-clock';
import { ANOTHERS, APP, eventStream, OLD, OURS } from '../../support/handler/requests';

/** The request is made, and the function begins, at the start. */
const DEADLINES: Deadlines = {
  requestedAt: timeFromStart(0),
  startedAt: timeFromStart(0),
  retries: timeFromStart(120),
  lateCalls: timeFromStart(25),
  earlierRetries: timeFromStart(150),
};
const UNDATED: Deadlines = { ...DEADLINES, requestedAt: undefined };

const common = { applicationId: APP, setting: OURS };
const claim: Step = { ...common, goal: 'claim', replaceExisting: false, acceptsOwn: false };
const replacingClaim: Step = { ...claim, replaceExisting: true };
const acceptingClaim: Step = { ...claim, acceptsOwn: true };
const keep: Step = { ...common, goal: 'keep' };
const undo: Step = { ...keep, undoes: OLD };
const remove: Step = { ...common, goal: 'remove', looksAgain: false, required: true };
const removeAgain: Step = { ...remove, looksAgain: true };
const optionalRemove: Step = { ...removeAgain, required: false };

/** Modified when. */
const BEFORE = -1;
const AT_ONCE = 0;
const AFTER = 1;

const none = undefined;
const own = (seconds?: number) => eventStream(OURS, seconds);
const undone = (seconds?: number) => eventStream(OLD, seconds);
const anothers = (seconds?: number) => eventStream(ANOTHERS, seconds);

/** After a first attempt that failed. */
const failedAfter = (found: EventStream | undefined): Partial<History> => ({ first: { found } });
/** After a first attempt that succeeded, so many seconds after the start. */
const doneAfter = (found: EventStream | undefined, seconds: number = 0): Partial<History> => ({ first: { found }, doneAt: timeFromStart(seconds) });

describe('the decision', () => {
  it.each<[string, Step, EventStream | undefined, Action]>([
    ['of a claim sets the event stream where there is none', claim, none, 'put'],
    ['of a claim takes its own that was modified since the request for that of an earlier delivery', claim, own(AFTER), 'nothing'],
    ['of a claim takes its own that was modified in the second of the request for that of an earlier delivery', claim, own(AT_ONCE), 'nothing'],
    ['of a claim refuses its own that was modified before', claim, own(BEFORE), 'refuse'],
    ['of a claim refuses its own that has no date', claim, own(), 'refuse'],
    ["of a claim refuses another's", claim, anothers(AFTER), 'refuse'],
    ['of a claim that replaces sets the event stream where there is none', replacingClaim, none, 'put'],
    ['of a claim that replaces takes its own that was modified since the request for that of an earlier delivery', replacingClaim, own(AFTER), 'nothing'],
    ['of a claim that replaces sets its own again that was modified before', replacingClaim, own(BEFORE), 'put'],
    ["of a claim that replaces replaces another's", replacingClaim, anothers(AFTER), 'put'],
    ['of a claim that accepts its own sets the event stream where there is none', acceptingClaim, none, 'put'],
    ['of a claim that accepts its own does so however old that is', acceptingClaim, own(BEFORE), 'nothing'],
    ['of a claim that accepts its own does so where that has no date', acceptingClaim, own(), 'nothing'],
    ["of a claim that accepts its own refuses another's", acceptingClaim, anothers(AFTER), 'refuse'],

    ['of an Update that undoes nothing leaves what is wanted', keep, own(BEFORE), 'nothing'],
    ["of an Update that undoes nothing replaces another's", keep, anothers(BEFORE), 'put'],
    ['of an Update that undoes nothing sets the event stream where there is none', keep, none, 'put'],
    ['of an Update replaces what it undoes', undo, undone(BEFORE), 'put'],
    ["of an Update replaces another's", undo, anothers(AFTER), 'put'],
    ['of an Update sets the event stream where there is none', undo, none, 'put'],
    ['of an Update sets what is wanted once more where that was modified before the request', undo, own(BEFORE), 'put'],
    ['of an Update sets what is wanted once more where that has no date', undo, own(), 'put'],
    ['of an Update leaves what is wanted where an earlier delivery has set it', undo, own(AT_ONCE), 'nothing'],

    ['of a Delete does nothing where there is none', remove, none, 'nothing'],
    ['of a Delete deletes its own', remove, own(BEFORE), 'delete'],
    ["of a Delete leaves another's", remove, anothers(BEFORE), 'nothing'],
  ])('%s', (_, step, found, expected) => {
    // WHEN
    const action = decide(step, found, NOTHING_YET, DEADLINES);

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, Step, Action]>([
    ['of a claim refuses its own, which may be older', claim, 'refuse'],
    ['of an Update sets what is wanted once more', undo, 'put'],
  ])('%s, where it is not known when the request was made', (_, step, expected) => {
    // WHEN
    const action = decide(step, own(AFTER), NOTHING_YET, UNDATED);

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, EventStream | undefined, Action]>([
    ['takes its own for what that Put set', own(BEFORE), 'nothing'],
    ['sets the event stream where there is none', none, 'put'],
    ["refuses another's", anothers(AFTER), 'refuse'],
  ])('of a claim, after a Put of unknown outcome, %s', (_, found, expected) => {
    // WHEN
    const action = decide(claim, found, { ...NOTHING_YET, first: {}, mayHaveChanged: true }, DEADLINES);

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, Step, EventStream | undefined, EventStream | undefined, Action]>([
    ['sets what is wanted where nothing has changed', undo, undone(BEFORE), undone(BEFORE), 'put'],
    ['sets what is wanted where nothing has changed, as far as can be told without dates', undo, undone(), undone(), 'put'],
    ['sets what is wanted where there was none, and is none', undo, none, none, 'put'],
    ['leaves what is wanted where that has come since', undo, undone(BEFORE), own(AFTER), 'nothing'],
    ['refuses what it undoes where a rollback has set that again, which gave it another date', undo, undone(BEFORE), undone(AFTER), 'refuse'],
    ["refuses another's that has come since", undo, undone(BEFORE), anothers(AFTER), 'refuse'],
    ['refuses to set what somebody has deleted', undo, undone(BEFORE), none, 'refuse'],
    ['refuses what it undoes where there was none', undo, none, undone(AFTER), 'refuse'],
    ['puts back what was wanted where what it undoes has come since', undo, own(BEFORE), undone(AFTER), 'put'],
    ["refuses another's that has come in place of what was wanted", undo, own(BEFORE), anothers(AFTER), 'refuse'],
    ['tries again to give what is wanted another date', undo, own(BEFORE), own(BEFORE), 'put'],
    ['that undoes nothing refuses what has come since', keep, own(BEFORE), undone(AFTER), 'refuse'],
  ])('of an Update that tries again %s', (_, step, before, found, expected) => {
    // WHEN
    const action = decide(step, found, { ...NOTHING_YET, ...failedAfter(before) }, DEADLINES);

    // THEN
    expect(action).toBe(expected);
  });

  it.each<[string, EventStream | undefined, EventStream | undefined, Action]>([
    ['leaves what is wanted', own(BEFORE), own(AT_ONCE), 'nothing'],
    ['leaves what is wanted where that has no date', own(), own(), 'nothing'],
    ['puts back what was wanted where what it undoes has come since', own(BEFORE), undone(AFTER), 'put'],
    ['puts back what was wanted where what it undoes has come again', undone(BEFORE), undone(AFTER), 'put'],
    ["leaves another's", own(BEFORE), anothers(AFTER), 'nothing'],
    ['leaves it to whoever deleted the event stream', own(BEFORE), none, 'nothing'],
  ])('of an Update that looks again %s', (_, before, found, expected) => {
    // WHEN
    const action = decide(undo, found, { ...NOTHING_YET, ...doneAfter(before) }, DEADLINES);

    // THEN
    expect(action).toBe(expected);
  });
});

const { lateCalls, earlierRetries } = DEADLINES;
const NOT_AT_ALL = 0;

describe('after a success', () => {
  it.each<[string, Step, EventStream | undefined, EventStream | undefined, number]>([
    ['a claim does not look again', claim, none, own(AFTER), NOT_AT_ALL],
    ['an Update that undoes nothing does not look again', keep, own(BEFORE), own(BEFORE), NOT_AT_ALL],
    ['an Update that has given what is wanted another date looks again for late calls', undo, own(BEFORE), own(AT_ONCE), lateCalls],
    ['an Update that has given what is wanted a date looks again for late calls', undo, own(), own(AT_ONCE), lateCalls],
    ['an Update looks again for late calls where somebody deletes the event stream while it looks', undo, own(BEFORE), none, lateCalls],
    ['an Update looks again as long as anything may try again where what is wanted has the date that it had', undo, own(BEFORE), own(BEFORE), earlierRetries],
    ['an Update looks again as long as anything may try again where there are no dates', undo, own(), own(), earlierRetries],
    ['an Update that an earlier delivery has carried out does not look again', undo, own(AT_ONCE), own(AT_ONCE), NOT_AT_ALL],
    ['an Update looks again for late calls where what it undoes was set 25 s before the request', undo, undone(-25), own(AT_ONCE), lateCalls],
    ['an Update does not look again where what it undoes was set earlier', undo, undone(-26), own(AT_ONCE), NOT_AT_ALL],
    ['an Update does not look again where what it undoes has no date', undo, undone(), own(AT_ONCE), NOT_AT_ALL],
    ["an Update does not look again where it has replaced another's", undo, anothers(BEFORE), own(AT_ONCE), NOT_AT_ALL],
    ['an Update does not look again where there was none', undo, none, own(AT_ONCE), NOT_AT_ALL],
    ['a Delete does not look again', remove, own(BEFORE), none, NOT_AT_ALL],
    ['a Delete after a Create that may still be running looks again as long as that may try again', removeAgain, none, none, earlierRetries],
  ])('%s', (_, step, before, last, expected) => {
    // WHEN
    const until = lookUntil(step, { ...NOTHING_YET, ...doneAfter(before), last }, DEADLINES);

    // THEN
    expect(until).toBe(expected);
  });

  it.each<[string, number, number]>([
    ['for late calls where it succeeded early', 4, 25],
    ['for 20 s after its first success where that is later', 6, 26],
    ['no longer than anything may try again where it succeeded late', 131, 150],
  ])('an Update that has given what is wanted a new date looks again %s', (_, doneSeconds, expected) => {
    // WHEN
    const until = lookUntil(undo, { ...NOTHING_YET, ...doneAfter(own(BEFORE), doneSeconds), last: own(doneSeconds) }, DEADLINES);

    // THEN
    expect(until).toBe(timeFromStart(expected));
  });

  it.each<[string, EventStream, number]>([
    ['looks again for late calls after it has given what is wanted another date', own(BEFORE), lateCalls],
    ['does not look again after it has replaced what it undoes, since that may be of any age', undone(BEFORE), NOT_AT_ALL],
  ])('an Update of which it is not known when it was made %s', (_, before, expected) => {
    // WHEN
    const until = lookUntil(undo, { ...NOTHING_YET, ...doneAfter(before), last: own(AFTER) }, UNDATED);

    // THEN
    expect(until).toBe(expected);
  });
});

describe('a call that fails', () => {
  const passing = new CallFailure('GetEventStream', 'ServiceError', 'detail', 500);
  const lasting = new CallFailure('GetEventStream', 'ServiceError', 'detail', 405);
  const ENDPOINT_GONE_SECONDS = 30;

  it.each<[string, Step, CallFailure, Partial<History>, number, number]>([
    ['is not tried again where it fails for good', claim, lasting, {}, 120, 0],
    ['is not tried again by an Update that looks again, where it fails for good', undo, lasting, { ...doneAfter(own(BEFORE)) }, 120, 0],
    ['is tried again by a claim as long as the propagation timeout', claim, passing, {}, 120, 120],
    ['is tried again by an Update as long as the propagation timeout', undo, passing, {}, 120, 120],
    ['is tried again by an Update that looks again as long as it looks', undo, passing, { ...doneAfter(own(BEFORE)), last: own(AFTER) }, 120, 25],
    ['is tried again by a Delete as long as the propagation timeout', remove, passing, { endpointSeen: true }, 3, 3],
    ['is tried again by a Delete that has not seen the endpoint for a while, however short the propagation timeout',
      remove, passing, {}, 3, ENDPOINT_GONE_SECONDS],
    ['is tried again by a Delete that has not seen the endpoint as long as the propagation timeout, where that is longer', remove, passing, {}, 120, 120],
    ['is not tried longer by any other request that has not seen the endpoint', undo, passing, {}, 3, 3],
    ['is tried again by a Delete that looks again as long as it looks', removeAgain, passing, doneAfter(none), 120, 150],
  ])('%s', (_, step, failure, history, retrySeconds, expected) => {
    // WHEN
    const until = retryUntil(step, failure, { ...NOTHING_YET, ...history }, { ...DEADLINES, retries: timeFromStart(retrySeconds) });

    // THEN
    expect(until).toBe(expected === 0 ? NOT_AT_ALL : timeFromStart(expected));
  });

  const seen: Partial<History> = { endpointSeen: true };

  it.each<[string, Step, Partial<History>, Excuse | undefined]>([
    ['fails a claim', claim, { ...seen, last: own(AFTER) }, undefined],
    ['is excused in an Update that last saw what is wanted', undo, { ...seen, last: own(BEFORE) }, 'as wanted'],
    ["fails an Update that last saw another's", undo, { ...seen, last: anothers(AFTER) }, undefined],
    ['fails an Update that saw none', undo, seen, undefined],
    ['is excused in a Delete that is optional', optionalRemove, { ...seen, ...failedAfter(own(BEFORE)), last: own(BEFORE) }, 'optional'],
    ['is excused in a Delete whose endpoint was never seen', remove, {}, 'endpoint gone'],
    ['fails a Delete that saw the endpoint, and not the event stream', remove, seen, undefined],
    ['fails a Delete that last saw its own', remove, { ...seen, ...failedAfter(own(BEFORE)), last: own(BEFORE) }, undefined],
    ['is excused in a Delete that last saw none', removeAgain, { ...seen, ...doneAfter(none), last: none }, 'as wanted'],
    ["is excused in a Delete that last saw another's", removeAgain, { ...seen, ...doneAfter(none), last: anothers(AFTER) }, 'as wanted'],
  ])('for good %s', (_, step, history, expected) => {
    // WHEN
    const excused = excuse(step, { ...NOTHING_YET, ...history });

    // THEN
    expect(excused).toBe(expected);
  });
});
