import type { EventStream } from '../../../src/handler/event-stream';
import type { Operation } from '../../../src/handler/event-stream-api';
import { NEVER_CREATED, OUTCOME_UNKNOWN } from '../../../src/handler/physical-id';
import { PROPAGATION_TIMEOUT_VARIABLE } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { timeFromStart } from '../../support/handler/fake-clock';
import { networkError, serviceError } from '../../support/handler/fake-pinpoint';
import { failed, FUNCTION_TIMEOUT_SECONDS, HandlerUnderTest, succeeded } from '../../support/handler/handler-under-test';
import { ANOTHERS, APP, createRequest, deleteRequest, eventStream, MADE_UP_ID, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

/** The latest look that can still be answered within the function's timeout. */
const LAST_LOOK_SECONDS = FUNCTION_TIMEOUT_SECONDS - 90;

const handler = new HandlerUnderTest();

/** Lets the looks fail from one of them on, counted from 1. */
function failFromLook(first: number, error: Error, times: number = Infinity): void {
  let looks = 0;
  handler.pinpoint.intercept = ({ operation }, effect) => {
    looks += operation === 'GetEventStream' ? 1 : 0;
    if (looks === first) {
      handler.pinpoint.fail('GetEventStream', error, times);
    }
    return effect();
  };
}

describe('a call that fails', () => {
  /** A request for which the function makes a call. */
  function requestFor(operation: Operation): CustomResourceRequest {
    if (operation === 'DeleteEventStream') {
      handler.give(OURS);
      return deleteRequest();
    }
    return createRequest();
  }

  it.each<[string, Operation, Error]>([
    ['400', 'PutEventStream', serviceError(400)],
    ['403', 'PutEventStream', serviceError(403)],
    ['403', 'GetEventStream', serviceError(403)],
    ['403', 'DeleteEventStream', serviceError(403)],
    ['409', 'PutEventStream', serviceError(409)],
    ['429', 'GetEventStream', serviceError(429)],
    ['500', 'GetEventStream', serviceError(500)],
    ['503', 'DeleteEventStream', serviceError(503)],
    ['a connection that is reset', 'GetEventStream', networkError('ECONNRESET')],
    ['too long a wait', 'DeleteEventStream', new DOMException('too long', 'AbortError')],
    ['an endpoint that does not resolve', 'GetEventStream', networkError('ENOTFOUND')],
  ])('with %s on %s is tried again after growing waits', async (_, operation, error) => {
    // GIVEN
    const request = requestFor(operation);
    handler.pinpoint.fail(operation, error, 4);

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.clock.sleeps).toEqual([500, 1_000, 2_000, 4_000]);
    expect(handler.logged.messages().filter((message) => message === 'A call failed; trying again')).toHaveLength(4);
  });

  it.each<[number, Operation]>([
    [400, 'GetEventStream'], [404, 'PutEventStream'], [405, 'GetEventStream'], [410, 'GetEventStream'], [410, 'DeleteEventStream'], [413, 'PutEventStream'],
  ])('with %d on %s is not tried again', async (status, operation) => {
    // GIVEN
    const request = requestFor(operation);
    handler.pinpoint.fail(operation, serviceError(status));

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer).toEqual(failed(request.RequestType === 'Delete' ? APP : NEVER_CREATED, `${operation} for application ${APP} failed with ServiceError`));
    expect(handler.clock.sleeps).toEqual([]);
    expect(handler.logged.lines.at(-2)).toMatchObject({
      level: 'WARN', message: 'A call failed; giving up', applicationId: APP, operation, error: 'ServiceError', status, detail: `status ${status}`,
    });
  });

  it.each([
    [120, 'with a propagation timeout of 120 s', '120', FUNCTION_TIMEOUT_SECONDS],
    [0, 'with a propagation timeout of 0 s', '0', FUNCTION_TIMEOUT_SECONDS],
    [10, 'where the function needs what is left of its time for the answer', '120', 100],
  ])('is tried again for %d s %s', async (seconds, _, propagationTimeout, remaining) => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = propagationTimeout;
    handler.pinpoint.fail('PutEventStream', serviceError(400));

    // WHEN
    const answer = await handler.answerTo(createRequest(), { remaining });

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'PutEventStream', `for ${seconds} s`, 'for account 111111111111', 'in eu-west-1'));
    expect(handler.clock.seconds).toBe(seconds);
    expect(handler.pinpoint.puts).toHaveLength(handler.clock.sleeps.length + 1);
  });

  it('is tried again after another look, since somebody else may have come in between', async () => {
    // GIVEN
    handler.pinpoint.fail('PutEventStream', serviceError(400), 1);
    handler.meanwhile(() => handler.give(ANOTHERS));

    // WHEN
    const answer = await handler.answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'already has an event stream'));
    expect(handler.pinpoint.puts).toHaveLength(1);
  });

  it('since the event stream has just gone is no failure of a Delete', async () => {
    // GIVEN
    handler.give(OURS);
    handler.pinpoint.fail('DeleteEventStream', serviceError(404, 'NotFoundException'));

    // WHEN
    const answer = await handler.answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
  });
});

describe('a Create that fails', () => {
  it.each<[string, Operation, Error, string]>([
    ['before any Put is marked as never created, so that the Delete that follows touches nothing', 'GetEventStream', serviceError(500), NEVER_CREATED],
    ['since every Put was refused is marked as never created', 'PutEventStream', serviceError(400), NEVER_CREATED],
    ['after an error of the service on Put is marked, so that the Delete that follows looks for what that Put may set', 'PutEventStream',
      serviceError(500), OUTCOME_UNKNOWN],
    ['after an error of the network on Put is marked in the same way', 'PutEventStream', networkError('ECONNRESET'), OUTCOME_UNKNOWN],
  ])('%s', async (_, operation, error, physicalId) => {
    // GIVEN
    handler.pinpoint.fail(operation, error);

    // WHEN
    const answer = await handler.answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(physicalId, operation));
  });

  it("since another's event stream came after a Put whose outcome is unknown is marked in the same way", async () => {
    // GIVEN
    handler.pinpoint.fail('PutEventStream', serviceError(500), 1);
    handler.meanwhile(() => handler.give(ANOTHERS));

    // WHEN
    const answer = await handler.answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(OUTCOME_UNKNOWN, 'already has an event stream'));
  });

  it('after a Put whose outcome is unknown, but which would have changed nothing, is marked as never created', async () => {
    // GIVEN
    handler.give(OURS);
    handler.pinpoint.fail('PutEventStream', serviceError(500), 1);
    handler.meanwhile(() => handler.pinpoint.fail('GetEventStream', serviceError(405)));

    // WHEN
    const answer = await handler.answerTo(createRequest({ ReplaceExisting: 'true' }));

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'GetEventStream'));
    expect(handler.pinpoint.puts).toHaveLength(1);
  });
});

describe('a Put whose outcome is not known', () => {
  it.each([['', 0], [', also where the clock of Amazon Pinpoint is behind', -1]])('is not sent again where it took effect%s', async (_, modified) => {
    // GIVEN
    handler.pinpoint.loseAnswer('PutEventStream');
    handler.meanwhile(() => handler.give(OURS, modified));

    // WHEN
    const answer = await handler.answerTo(createRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it('leaves the old physical ID to an Update to another application that fails', async () => {
    // GIVEN
    handler.pinpoint.fail('PutEventStream', serviceError(500));

    // WHEN
    const answer = await handler.answerTo(updateRequest({ ApplicationId: OTHER_APP }, {}, OTHER_APP));

    // THEN
    expect(answer).toEqual(failed(OTHER_APP, 'PutEventStream'));
  });

  it.each<[string, () => void]>([
    ['took effect', () => handler.pinpoint.loseAnswer('PutEventStream', serviceError(500))],
    ['had none', () => handler.pinpoint.fail('PutEventStream', serviceError(500), 1)],
  ])('and that %s is not sent again by an Update that was given up, and has been rolled back since', async (_, fault) => {
    // GIVEN
    handler.give(OLD);
    fault();
    handler.meanwhile(() => handler.give(OLD, 1));

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(failed(APP, `the event stream of application ${APP} was changed`));
    expect(handler.pinpoint.eventStreams.get(APP)).toMatchObject(OLD);
  });
});

it('a Put that was refused is sent again by an Update where the event stream is as it was', async () => {
  // GIVEN
  handler.give(OLD);
  handler.pinpoint.fail('PutEventStream', serviceError(400), 2);

  // WHEN
  const answer = await handler.answerTo(updateRequest(OLD));

  // THEN
  expect(answer).toEqual(succeeded(APP));
  expect(handler.pinpoint.eventStreams.get(APP)).toMatchObject(OURS);
});

describe('an Update that finds what it wants, set before the request,', () => {
  const SET_AT = -20;

  beforeEach(() => handler.give(OURS, SET_AT));

  const AS_WANTED = 'A precaution failed; the event stream was as wanted when last seen';

  it('sets that once more, and looks every 5 s whether an Update that was given up changes it', async () => {
    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, ...Array(5).fill(`Get ${APP}`)]);
    expect(handler.pinpoint.eventStreams.get(APP)).toEqual(eventStream(OURS, 0));
    expect(new Set(handler.clock.sleeps)).toEqual(new Set([5_000]));
  });

  it.each<[string, number, number | null, number]>([
    ['25 s', 25, 0, FUNCTION_TIMEOUT_SECONDS],
    ['25 s after the request, where that is delivered late,', 21, -4, FUNCTION_TIMEOUT_SECONDS],
    ['20 s after it has set that, however late the request is delivered,', 20, -10, FUNCTION_TIMEOUT_SECONDS],
    ['25 s after the start, where it is not known when the request was made,', 25, null, FUNCTION_TIMEOUT_SECONDS],
    ['the function needs what is left of its time for the answer', 12, 0, 102],
  ])('looks until %s are over: %d s', async (_, seconds, requested, remaining) => {
    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD), { requested, remaining });

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.clock.seconds).toBe(seconds);
  });

  it.each<[string, () => void]>([
    ['gives no dates', () => {
      handler.pinpoint.eventStreams.set(APP, eventStream(OURS));
      handler.pinpoint.givesDates = false;
    }],
    ['gives it the date that it had', () => jest.spyOn(handler.pinpoint, 'now').mockReturnValue(new Date(timeFromStart(SET_AT)))],
  ])('looks until 30 s after the propagation timeout where the service %s', async (_, given) => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = '60';
    given();

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.puts).toHaveLength(1);
    expect(handler.clock.seconds).toBe(90);
  });

  it.each<[string, () => void]>([
    ['', () => {}],
    [', also where the answer to that is lost', () => handler.pinpoint.loseAnswer('PutEventStream')],
  ])('puts it back where the other has changed it%s', async (_, fault) => {
    // GIVEN
    handler.meanwhile(() => { handler.give(OLD, 10); fault(); }, 10);

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.eventStreams.get(APP)).toEqual(eventStream(OURS, 10));
    expect(handler.pinpoint.puts).toHaveLength(2);
    expect(handler.clock.seconds).toBe(25);
  });

  it('puts it back for 20 s after it could be set once more, however late that was', async () => {
    // GIVEN
    handler.pinpoint.intercept = ({ operation }, effect) => {
      if (operation === 'PutEventStream' && handler.clock.seconds < 40) {
        throw serviceError(400);
      }
      return effect();
    };
    const [FIRST_SUCCESS, LAST_LOOK] = [47.5, 67.5];
    handler.meanwhile(() => handler.give(OLD, LAST_LOOK), LAST_LOOK);

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.eventStreams.get(APP)).toEqual(eventStream(OURS, LAST_LOOK));
    expect(handler.clock.seconds).toBe(FIRST_SUCCESS + 20);
  });

  it('leaves alone what a stranger sets while it looks', async () => {
    // GIVEN
    handler.meanwhile(() => handler.give(ANOTHERS, 10), 10);

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.eventStreams.get(APP)).toEqual(eventStream(ANOTHERS, 10));
  });

  it.each<[string, Error, number]>([
    ['after the propagation timeout', serviceError(400), 120],
    ['at once, where that lasts,', serviceError(405), 0],
  ])('succeeds %s with a warning where it cannot set that once more', async (_, error, seconds) => {
    // GIVEN
    handler.pinpoint.fail('PutEventStream', error);

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.clock.seconds).toBe(seconds);
    expect(handler.logged.lines.at(-2)).toMatchObject({
      level: 'WARN', message: AS_WANTED, requestType: 'Update', applicationId: APP, reason: expect.stringContaining('PutEventStream'),
    });
  });

  it('puts it back where the other has changed it before it could be set once more', async () => {
    // GIVEN
    handler.pinpoint.fail('PutEventStream', serviceError(400), 1);
    handler.meanwhile(() => handler.give(OLD, 0));

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.eventStreams.get(APP)).toMatchObject(OURS);
  });

  it('tries a look again that fails, after waits that begin anew with each success', async () => {
    // GIVEN
    failFromLook(2, serviceError(429), 2);
    handler.meanwhile(() => handler.pinpoint.fail('GetEventStream', serviceError(429), 1), 11.5);

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.clock.sleeps).toEqual([5_000, 500, 1_000, 5_000, 500, 5_000, 5_000, 3_000]);
  });

  it.each([['the last one', 6], ['some look', 3]])('succeeds with a warning where looks fail from %s on', async (_, first) => {
    // GIVEN
    failFromLook(first, serviceError(429));

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.clock.seconds).toBe(25);
    expect(handler.logged.lines.at(-2)).toMatchObject({ level: 'WARN', message: AS_WANTED, reason: expect.stringContaining('GetEventStream') });
  });

  it('fails where it must put it back, and cannot', async () => {
    // GIVEN
    handler.meanwhile(() => {
      handler.give(OLD, 10);
      handler.pinpoint.fail('PutEventStream', serviceError(500));
    }, 10);

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(failed(APP, 'PutEventStream', 'for 25 s'));
  });
});

describe('an Update that finds what it undoes', () => {
  it.each<[string, number, number | null, number]>([
    ['looks for 25 s where that was set in the last 25 s before the request', -25, 0, 25],
    ['does not look again where that was set earlier', -26, 0, 0],
    ['does not look again where it is not known when the request was made', 0, null, 0],
  ])('sets what it wants, and %s', async (_, modified, requested, seconds) => {
    // GIVEN
    handler.give(OLD, modified);

    // WHEN
    const answer = await handler.answerTo(updateRequest(OLD), { requested });

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.puts).toHaveLength(1);
    expect(handler.clock.seconds).toBe(seconds);
  });

  it('puts back what it wants where the other changes that while it looks', async () => {
    // GIVEN
    handler.give(OLD, -10);
    handler.meanwhile(() => handler.give(OLD, 20), 20);

    // WHEN
    await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(handler.pinpoint.eventStreams.get(APP)).toEqual(eventStream(OURS, 20));
  });
});

describe('the rollback of a failed change of application', () => {
  const rollback = updateRequest({ ApplicationId: OTHER_APP, ...OLD });

  it('keeps the event stream, then removes what the failed change left', async () => {
    // GIVEN
    handler.give(OURS);
    handler.give(OLD, 0, OTHER_APP);

    // WHEN
    const answer = await handler.answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.calls.slice(0, 3)).toEqual([`Get ${APP}`, `Get ${OTHER_APP}`, `Delete ${OTHER_APP}`]);
    expect(handler.pinpoint.eventStreams.has(OTHER_APP)).toBe(false);
  });

  it('heals the event stream first where it was changed meanwhile', async () => {
    // WHEN
    const answer = await handler.answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.calls.slice(0, 3)).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${OTHER_APP}`]);
  });

  it('removes what the failed change sets while it is rolled back', async () => {
    // GIVEN
    handler.give(OURS);
    handler.meanwhile(() => handler.give(OLD, 60, OTHER_APP), 60);

    // WHEN
    await handler.answerTo(rollback);

    // THEN
    expect(handler.pinpoint.calls.filter((call) => call === `Delete ${OTHER_APP}`)).toHaveLength(1);
    expect(handler.clock.seconds).toBe(LAST_LOOK_SECONDS);
  });

  it("leaves another's event stream alone", async () => {
    // GIVEN
    handler.give(ANOTHERS, 0, OTHER_APP);

    // WHEN
    await handler.answerTo(rollback);

    // THEN
    expect(handler.pinpoint.eventStreams.get(OTHER_APP)).toMatchObject(ANOTHERS);
  });

  it.each([
    ['ForbiddenException', serviceError(403, 'ForbiddenException')],
    ['ENOTFOUND', networkError('ENOTFOUND')],
  ])('succeeds with a warning where the other application cannot be looked at because of %s', async (code, error) => {
    // GIVEN
    handler.give(OURS);
    handler.pinpoint.fail('GetEventStream', error, Infinity, OTHER_APP);

    // WHEN
    const answer = await handler.answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.logged.lines).toContainEqual(expect.objectContaining({
      level: 'WARN',
      message: 'What a failed change may have left could not be removed',
      requestType: 'Update',
      applicationId: OTHER_APP,
      reason: expect.stringContaining(code),
    }));
  });

  it.each([
    ['its destination is missing', { ApplicationId: OTHER_APP, DestinationStreamArn: undefined }, [`Get ${APP}`, `Get ${OTHER_APP}`]],
    ['its application ID is malformed', { ApplicationId: 'my-app' }, [`Get ${APP}`]],
  ])('succeeds where the change failed since %s', async (_, old, calls) => {
    // GIVEN
    handler.give(OURS);

    // WHEN
    const answer = await handler.answerTo(updateRequest(old));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect([...new Set(handler.pinpoint.calls)]).toEqual(calls);
  });
});

describe('a Delete where the endpoint of Amazon Pinpoint does not resolve', () => {
  const unresolved = networkError('ENOTFOUND');

  it.each([[0, 30], [30, 30], [31, 31], [120, 120]])(
    'with a propagation timeout of %d s succeeds after %d s, with a warning that the endpoint is gone', async (propagationTimeout, seconds) => {
      // GIVEN
      process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(propagationTimeout);
      handler.pinpoint.fail('GetEventStream', unresolved);

      // WHEN
      const answer = await handler.answerTo(deleteRequest());

      // THEN
      expect(answer).toEqual(succeeded(APP));
      expect(handler.clock.seconds).toBe(seconds);
      expect(handler.logged.lines.at(-2)).toMatchObject({
        level: 'WARN',
        message: 'The endpoint of Amazon Pinpoint no longer exists; nothing is left to delete',
        requestType: 'Delete',
        applicationId: APP,
        reason: expect.stringContaining('ENOTFOUND'),
      });
    });

  it.each([0, 3, 29])('for seconds alone, with a propagation timeout of %d s, deletes the event stream after that', async (propagationTimeout) => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(propagationTimeout);
    handler.give(OURS);
    handler.pinpoint.fail('GetEventStream', unresolved, 4);

    // WHEN
    const answer = await handler.answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.eventStreams.has(APP)).toBe(false);
  });

  it.each<[string, () => void, string]>([
    ['after the event stream was seen', () => {
      handler.give(OURS);
      handler.pinpoint.fail('DeleteEventStream', unresolved);
    }, 'ENOTFOUND'],
    ['with anything else in between, since the endpoint does exist', () => {
      handler.pinpoint.fail('GetEventStream', unresolved, 3);
      handler.pinpoint.fail('GetEventStream', serviceError(500), 1);
      handler.pinpoint.fail('GetEventStream', unresolved);
    }, 'ENOTFOUND'],
    ['since the resolver itself fails', () => handler.pinpoint.fail('GetEventStream', networkError('EAI_AGAIN')), 'EAI_AGAIN'],
  ])('%s fails when the propagation timeout is over', async (_, prepare, code) => {
    // GIVEN
    prepare();

    // WHEN
    const answer = await handler.answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(failed(APP, code, '--retain-resources EventsD32975C2'));
    expect(handler.clock.seconds).toBe(120);
  });

  it.each<[string, CustomResourceRequest, Error]>([
    ['a Create', createRequest(), unresolved],
    ['an Update', updateRequest(OLD), unresolved],
    ['a Delete whose endpoint is there', deleteRequest(), serviceError(500)],
  ])('ends %s when its propagation timeout is over', async (_, request, error) => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = '3';
    handler.pinpoint.fail('GetEventStream', error);

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer.Status).toBe('FAILED');
    expect(handler.clock.seconds).toBe(3);
  });
});

describe.each([
  ['that never answered', MADE_UP_ID],
  ['whose outcome is not known', OUTCOME_UNKNOWN],
])('a Delete after a Create %s', (_, physicalId) => {
  const request = deleteRequest(physicalId);

  it('deletes the event stream that the Create sets meanwhile, and looks until no Create can be running any more', async () => {
    // GIVEN
    handler.meanwhile(() => handler.give(OURS), 60);

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer).toEqual(succeeded(physicalId));
    expect(handler.pinpoint.calls.indexOf(`Delete ${APP}`)).toBe(13);
    expect(new Set(handler.clock.sleeps)).toEqual(new Set([5_000]));
    expect(handler.clock.seconds).toBe(LAST_LOOK_SECONDS);
  });

  it('looks for the last time just when the answer can still be given', async () => {
    // WHEN
    await handler.answerTo(request, { remaining: FUNCTION_TIMEOUT_SECONDS - 2 });

    // THEN
    expect(handler.clock.seconds).toBe(LAST_LOOK_SECONDS - 2);
  });

  it("leaves another's event stream alone", async () => {
    // GIVEN
    handler.give(ANOTHERS);

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer).toEqual(succeeded(physicalId));
    expect(handler.pinpoint.eventStreams.get(APP)).toMatchObject(ANOTHERS);
  });

  it.each<[string, unknown, () => void]>([
    ['succeeds where a later look fails', succeeded(physicalId), () => failFromLook(3, networkError('ENOTFOUND'))],
    ['fails where the first look fails', failed(physicalId, 'GetEventStream', 'ServiceError'), () => failFromLook(1, serviceError(403))],
    ['fails where it finds what it cannot delete', failed(physicalId, 'DeleteEventStream', 'ENOTFOUND'), () => {
      handler.give(OURS);
      handler.pinpoint.fail('DeleteEventStream', networkError('ENOTFOUND'));
    }],
  ])('%s', async (__, expected, prepare) => {
    // GIVEN
    prepare();

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer).toEqual(expected);
  });
});

describe('a Delete that deletes what somebody has set after its look', () => {
  /** What the look finds, and what the Delete deletes. */
  function given(found: EventStream, deleted: EventStream): void {
    handler.pinpoint.eventStreams.set(APP, found);
    handler.pinpoint.intercept = ({ operation }, effect) => {
      if (operation === 'DeleteEventStream') {
        handler.pinpoint.eventStreams.set(APP, deleted);
      }
      return effect();
    };
  }

  it.each([['later than', 1], ['just when', 0]])('puts that back where it is dated %s what was found', async (_, modified) => {
    // GIVEN
    const deleted = eventStream(ANOTHERS, modified);
    given(eventStream(OURS, 0), deleted);

    // WHEN
    const answer = await handler.answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.puts).toEqual([{ ApplicationId: APP, WriteEventStream: ANOTHERS }]);
    expect(handler.logged.lines.at(-2)).toMatchObject({
      level: 'WARN',
      message: 'Deleted what somebody had just set; putting it back',
      requestType: 'Delete',
      applicationId: APP,
      deleted,
    });
  });

  const NOT_LATER = 'its date does not show that it is newer than what was found';

  it.each<[string, EventStream, EventStream, number, string]>([
    ['it is dated earlier than what was found', eventStream(OURS, 0), eventStream(ANOTHERS, -1), 0, NOT_LATER],
    ['it has no date', eventStream(OURS, 0), eventStream(ANOTHERS), 0, NOT_LATER],
    ['what was found had no date', eventStream(OURS), eventStream(ANOTHERS, 0), 0, NOT_LATER],
    ['the Put fails', eventStream(OURS, 0), eventStream(ANOTHERS, 1), 1, 'PutEventStream: ServiceError: status 400'],
  ])('logs it as an error, with all that it takes to set that by hand, where %s', async (_, found, deleted, puts, problem) => {
    // GIVEN
    given(found, deleted);
    handler.pinpoint.fail('PutEventStream', serviceError(400));

    // WHEN
    const answer = await handler.answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(handler.pinpoint.puts).toHaveLength(puts);
    expect(handler.logged.lines.at(-2)).toMatchObject({
      level: 'ERROR',
      message: 'It was not put back; set it by hand',
      requestType: 'Delete',
      applicationId: APP,
      deleted: JSON.parse(JSON.stringify(deleted)) as EventStream,
      problem,
    });
  });
});

test('a Delete whose answer says nothing of what it has deleted looks again', async () => {
  // GIVEN
  handler.give(OURS);
  handler.pinpoint.loseAnswer('DeleteEventStream');

  // WHEN
  const answer = await handler.answerTo(deleteRequest());

  // THEN
  expect(answer).toEqual(succeeded(APP));
  expect(handler.pinpoint.calls).toEqual([`Get ${APP}`, `Delete ${APP}`, `Get ${APP}`]);
});
