import { handler, newHandler } from '../../../src/handler';
import { NEVER_CREATED } from '../../../src/handler/decision';
import { EventStreamApi, Operation } from '../../../src/handler/event-stream-api';
import { PROPAGATION_TIMEOUT_VARIABLE } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { Answer } from '../../../src/handler/response';
import { ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { CapturedLog } from '../../support/handler/captured-log';
import { FakeClock, secondsFromStart } from '../../support/handler/fake-clock';
import { FakePinpoint, networkError, serviceError } from '../../support/handler/fake-pinpoint';
import { ANOTHERS, APP, createRequest, deleteRequest, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

const MADE_UP_ID = 'Stack-EventsD32975C2-1A2B3C4D5E6F';
const SIGNED_AT_START = new Date(FakeClock.START);

/** The function's timeout with the default of `propagationTimeout`. */
const FUNCTION_TIMEOUT_SECONDS = 240;

/** The latest look that can still be answered within that timeout. */
const LAST_LOOK_SECONDS = FUNCTION_TIMEOUT_SECONDS - 90;

const CONTEXT = { getRemainingTimeInMillis: () => FUNCTION_TIMEOUT_SECONDS * 1_000 };

let endpoint: ResponseEndpoint;
let pinpoint: FakePinpoint;
let clock: FakeClock;
let logged: CapturedLog;

beforeAll(async () => {
  endpoint = await ResponseEndpoint.start();
  pinpoint = new FakePinpoint(() => new Date(clock.now()));
});

beforeEach(() => {
  process.env[PROPAGATION_TIMEOUT_VARIABLE] = '120';
  endpoint.reset();
  pinpoint.reset();
  clock = new FakeClock();
  logged = new CapturedLog();
});

afterEach(() => {
  jest.restoreAllMocks();
  expect(logged.text).not.toContain(ResponseEndpoint.SECRET);
  expect(endpoint.violations).toEqual([]);
  expect(logged.lines).toContainEqual(expect.objectContaining({ message: 'Answering', requestId: '11111111-1111-1111-1111-111111111111' }));
});

afterAll(async () => endpoint.stop());

/** The one answer that the handler gives to a request. */
async function answerTo(
  request: CustomResourceRequest,
  { signedAt, remaining = FUNCTION_TIMEOUT_SECONDS }: { signedAt?: Date; remaining?: number } = { signedAt: SIGNED_AT_START },
): Promise<Answer> {
  await newHandler(clock)({ ...request, ResponseURL: endpoint.urlFor(request, signedAt) }, { getRemainingTimeInMillis: () => remaining * 1_000 });
  expect(endpoint.answers).toHaveLength(1);
  return endpoint.answers[0];
}

function succeeded(physicalId: string): unknown {
  return expect.objectContaining({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
}

function failed(physicalId: string, ...reason: string[]): unknown {
  return expect.objectContaining({
    Status: 'FAILED',
    PhysicalResourceId: physicalId,
    Reason: expect.stringMatching(new RegExp(reason.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))),
  });
}

/** An event stream of `APP`, modified so many seconds after the start, or before it. */
function found(setting: typeof OURS, seconds: number = -3_600): void {
  pinpoint.eventStreams.set(APP, { ApplicationId: APP, LastModifiedDate: secondsFromStart(seconds), ...setting });
}

/** Does something so many seconds after the start, while the handler waits. */
function meanwhile(seconds: number, action: () => void): void {
  const sleep = clock.sleep.bind(clock);
  jest.spyOn(clock, 'sleep').mockImplementation(async (milliseconds) => {
    await sleep(milliseconds);
    if (clock.seconds === seconds) {
      action();
    }
  });
}

/** Lets the looks fail from one of them on, counted from 1. */
function failFromLook(first: number, error: Error, times: number): void {
  let looks = 0;
  pinpoint.intercept = ({ operation }, effect) => {
    looks += operation === 'GetEventStream' ? 1 : 0;
    if (looks === first) {
      pinpoint.fail('GetEventStream', error, times);
    }
    return effect();
  };
}

describe('Create', () => {
  it('puts the event stream where there is none', async () => {
    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: APP,
      StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/Stack/00000000-0000-0000-0000-000000000000',
      RequestId: '11111111-1111-1111-1111-111111111111',
      LogicalResourceId: 'EventsD32975C2',
      Data: { ApplicationId: APP, ...OURS, LastModifiedDate: FakeClock.START, LastUpdatedBy: '' },
    });
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
    expect(pinpoint.puts).toEqual([{ ApplicationId: APP, WriteEventStream: OURS }]);
    expect(logged.lines).toEqual([
      expect.objectContaining({
        level: 'INFO', message: 'Decided', requestType: 'Create', logicalId: 'EventsD32975C2', applicationId: APP, found: 'none', action: 'put',
      }),
      expect.objectContaining({ level: 'INFO', message: 'Answering', status: 'SUCCESS', physicalId: APP }),
    ]);
  });

  it('does nothing where an earlier delivery of the request has put the event stream', async () => {
    // GIVEN
    pinpoint.eventStreams.set(APP, { ApplicationId: APP, ...OURS, LastModifiedDate: secondsFromStart(0), LastUpdatedBy: 'someone' });

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(answer.Data).toMatchObject({ LastModifiedDate: secondsFromStart(0), LastUpdatedBy: 'someone' });
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it.each([
    ['ours, but older than the request', -1, SIGNED_AT_START],
    ['ours, but older than the request can be where its URL bears no date', -FUNCTION_TIMEOUT_SECONDS - 1, undefined],
  ])('refuses an event stream that is %s', async (_, modified, signedAt) => {
    // GIVEN
    found(OURS, modified);

    // WHEN
    const answer = await answerTo(createRequest(), { signedAt });

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'already has an event stream'));
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it('takes an event stream for that of an earlier delivery within the timeout of the function where the URL bears no date', async () => {
    // GIVEN
    found(OURS, -FUNCTION_TIMEOUT_SECONDS);

    // WHEN
    const answer = await answerTo(createRequest(), { signedAt: undefined });

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it("refuses another's event stream, and says whose it is and what can be done", async () => {
    // GIVEN
    pinpoint.eventStreams.set(APP, { ApplicationId: APP, ...ANOTHERS, LastModifiedDate: secondsFromStart(-1), LastUpdatedBy: 'someone' });

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED,
      `Application ${APP} already has an event stream, to ${ANOTHERS.DestinationStreamArn} with role ${ANOTHERS.RoleArn}, ` +
      `modified ${secondsFromStart(-1)} by someone. It was left as it is.`, 'replaceExisting to true', 'removalPolicy RETAIN',
    ));
    expect(answer.Data).toBeUndefined();
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
    expect(logged.lines.at(-1)).toMatchObject({ level: 'ERROR', status: 'FAILED', reason: answer.Reason });
  });

  it.each([['that is ours, but older', OURS], ["that is another's", ANOTHERS]])('replaces an event stream %s where told to', async (_, setting) => {
    // GIVEN
    found(setting);

    // WHEN
    const answer = await answerTo(createRequest({ ReplaceExisting: 'true' }));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
    expect(logged.lines[0]).toMatchObject({ found: setting, action: 'put' });
  });

  it('that failed before any Put was sent is marked, so that the Delete that follows touches nothing', async () => {
    // GIVEN
    pinpoint.fail('GetEventStream', serviceError(500));

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'GetEventStream', 'for 120 s', '(HTTP 500)'));
    expect(pinpoint.puts).toEqual([]);
  });

  it('that failed since every Put was refused is marked likewise', async () => {
    // GIVEN
    pinpoint.fail('PutEventStream', serviceError(400, 'BadRequestException', 'Destination stream validation failed'));

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED,
      `PutEventStream for application ${APP} failed for 120 s, at last with BadRequestException (HTTP 400): Destination stream validation failed.`,
      `Check that role ${OURS.RoleArn} exists and trusts pinpoint.amazonaws.com`, OURS.DestinationStreamArn,
    ));
  });

  it.each([['an error of the service', serviceError(500)], ['an error of the network', networkError('ECONNRESET')]])(
    'that failed with the outcome of a Put unknown, by %s, has the application ID, so that the Delete that follows cleans up', async (_, error) => {
      // GIVEN
      pinpoint.fail('PutEventStream', error);

      // WHEN
      const answer = await answerTo(createRequest());

      // THEN
      expect(answer).toEqual(failed(APP, 'PutEventStream'));
    });

  it("that failed since another's event stream came after a Put whose outcome is unknown has the application ID as well", async () => {
    // GIVEN
    pinpoint.fail('PutEventStream', serviceError(500), 1);
    jest.spyOn(clock, 'sleep').mockImplementation(async () => found(ANOTHERS));

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(APP, 'already has an event stream'));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it('that failed with the outcome of a Put unknown, which would have changed nothing, is marked', async () => {
    // GIVEN
    found(OURS);
    pinpoint.fail('PutEventStream', serviceError(500), 1);
    jest.spyOn(clock, 'sleep').mockImplementation(async () => pinpoint.fail('GetEventStream', serviceError(405)));

    // WHEN
    const answer = await answerTo(createRequest({ ReplaceExisting: 'true' }));

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'GetEventStream'));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it('sends no second Put where the first one took effect and its answer was lost', async () => {
    // GIVEN
    pinpoint.loseAnswer('PutEventStream');

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it('does so as well where the clock of Amazon Pinpoint is behind', async () => {
    // GIVEN
    pinpoint.loseAnswer('PutEventStream');
    jest.spyOn(clock, 'sleep').mockImplementation(async () => found(OURS, -1));

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it('fails at once where the application does not exist', async () => {
    // GIVEN
    pinpoint.fail('PutEventStream', serviceError(404, 'NotFoundException'));

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, `Check that application ${APP} exists in this account and region.`));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
  });
});

describe('Update, same application', () => {
  it('does nothing where the event stream is the wanted one', async () => {
    // GIVEN
    found(OURS);

    // WHEN
    const answer = await answerTo(updateRequest({ ReplaceExisting: 'true' }));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(answer.Data).toEqual({ ApplicationId: APP, ...OURS, LastModifiedDate: secondsFromStart(-3_600), LastUpdatedBy: '' });
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it('looks again where it may roll back an update that is still running, and sets the event stream again after that', async () => {
    // GIVEN
    found(OURS);
    meanwhile(60, () => found(OLD));

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(answer.Data?.LastModifiedDate).toBe(secondsFromStart(60));
    expect(pinpoint.eventStreams.get(APP)).toMatchObject(OURS);
    expect(pinpoint.calls.filter((call) => call === `Put ${APP}`)).toHaveLength(1);
    expect(clock.seconds).toBe(LAST_LOOK_SECONDS);
  });

  it.each([['at the last look', 31, 1], ['from some look on', 3, Infinity]])(
    'succeeds where a look that is a precaution fails, %s, with a warning', async (_, look, times) => {
      // GIVEN
      found(OURS);
      failFromLook(look, serviceError(429), times);

      // WHEN
      const answer = await answerTo(updateRequest(OLD));

      // THEN
      expect(answer).toEqual(succeeded(APP));
      expect(answer.Data).toMatchObject(OURS);
      expect(logged.lines.at(-2)).toMatchObject({ level: 'WARN', message: 'Could not look again; all was well when last seen', applicationId: APP });
    });

  it('fails where such a look finds what it must set again, and cannot', async () => {
    // GIVEN
    found(OURS);
    meanwhile(60, () => {
      found(OLD);
      pinpoint.fail('PutEventStream', serviceError(500));
    });

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(failed(APP, 'PutEventStream'));
    expect(clock.seconds).toBe(LAST_LOOK_SECONDS);
  });

  it('tells when the event stream was modified that such a look has set, also where the answer to that was lost', async () => {
    // GIVEN
    found(OURS);
    meanwhile(60, () => {
      found(OLD);
      pinpoint.loseAnswer('PutEventStream');
    });

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer.Data?.LastModifiedDate).toBe(secondsFromStart(60));
  });

  it('looks again for as long as a request can act that was made before it, however late it is delivered', async () => {
    // GIVEN
    found(OURS);

    // WHEN
    const answer = await answerTo(updateRequest(OLD), { signedAt: new Date(secondsFromStart(-100)) });

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(clock.seconds).toBe(LAST_LOOK_SECONDS - 100);
  });

  it('looks again for as long as the function has the time where it is not known when it was made', async () => {
    // GIVEN
    found(OURS, -1);

    // WHEN
    const answer = await answerTo(updateRequest(OLD), { signedAt: undefined });

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(clock.seconds).toBe(LAST_LOOK_SECONDS);
  });

  it('does not look again where an earlier delivery of the same request has set the event stream', async () => {
    // GIVEN
    found(OURS, 0);

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it('leaves alone what another deployment sets while it looks again, and answers as of its own', async () => {
    // GIVEN
    found(OURS);
    meanwhile(60, () => found(ANOTHERS, 60));

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(answer.Data?.LastModifiedDate).toBe(secondsFromStart(-3_600));
    expect(pinpoint.eventStreams.get(APP)).toMatchObject(ANOTHERS);
  });

  it('tries again where nobody has changed the event stream meanwhile', async () => {
    // GIVEN
    found(OLD);
    pinpoint.fail('PutEventStream', serviceError(400), 2);

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.eventStreams.get(APP)).toMatchObject(OURS);
  });

  it('that was given up does not undo its rollback when it tries again', async () => {
    // GIVEN
    found(OLD);
    pinpoint.loseAnswer('PutEventStream', serviceError(500));
    jest.spyOn(clock, 'sleep').mockImplementation(async () => found(OLD, 1));

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(failed(APP, `the event stream of application ${APP} was changed`));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
    expect(pinpoint.eventStreams.get(APP)).toMatchObject(OLD);
  });

  it.each([['the old one', OLD], ["another's", ANOTHERS]])('puts it where the event stream is %s, and logs what it replaced', async (_, setting) => {
    // GIVEN
    found(setting);

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
    expect(pinpoint.puts).toEqual([{ ApplicationId: APP, WriteEventStream: OURS }]);
    expect(logged.lines[0]).toMatchObject({ found: setting, action: 'put' });
  });

  it('logs of what it replaced what is documented, and nothing else', async () => {
    // GIVEN
    const documented = { ApplicationId: APP, ...ANOTHERS, LastModifiedDate: '2026-11-24T11:00:00.000Z', LastUpdatedBy: 'somebody' };
    pinpoint.eventStreams.set(APP, { ...documented, ExternalId: 'secret of a former time' });

    // WHEN
    await answerTo(updateRequest(OLD));

    // THEN
    expect(logged.lines[0].found).toEqual(documented);
    expect(logged.text).not.toContain('secret');
  });

  it('puts it again where it has been deleted', async () => {
    // WHEN
    const answer = await answerTo(updateRequest({}));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
  });

  it('that must fail names the way out', async () => {
    // GIVEN
    pinpoint.fail('PutEventStream', serviceError(404, 'NotFoundException'));

    // WHEN
    const answer = await answerTo(updateRequest(OLD));

    // THEN
    expect(answer).toEqual(failed(APP, `application ${APP} exists`, 'continue the rollback', 'cdk rollback --orphan EventsD32975C2'));
  });
});

describe('Update, other application', () => {
  const toOther = (replaceExisting: boolean = false) =>
    updateRequest({ ApplicationId: OTHER_APP }, { ReplaceExisting: String(replaceExisting) }, OTHER_APP);

  it('puts the event stream there, and has a new physical ID, so that CloudFormation deletes the old one', async () => {
    // WHEN
    const answer = await answerTo(toOther());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
  });

  it('does nothing where the event stream is exactly ours, however old: the rollback of a change that had succeeded finds that', async () => {
    // GIVEN
    found(OURS);

    // WHEN
    const answer = await answerTo(toOther());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it("refuses another's event stream, and keeps the old physical ID", async () => {
    // GIVEN
    found(ANOTHERS);

    // WHEN
    const answer = await answerTo(toOther());

    // THEN
    expect(answer).toEqual(failed(OTHER_APP, 'already has an event stream', 'cdk rollback --orphan'));
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it("replaces another's event stream where told to", async () => {
    // GIVEN
    found(ANOTHERS);

    // WHEN
    const answer = await answerTo(toOther(true));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
  });

  it('keeps the old physical ID where the outcome of the Put is unknown as well', async () => {
    // GIVEN
    pinpoint.fail('PutEventStream', serviceError(500));

    // WHEN
    const answer = await answerTo(toOther());

    // THEN
    expect(answer).toEqual(failed(OTHER_APP, 'PutEventStream'));
  });
});

describe('the rollback of a failed change of application', () => {
  const rollback = updateRequest({ ApplicationId: OTHER_APP, ...OLD });

  /** The calls to the other application, which is looked at until the failed change cannot set its event stream any more. */
  const callsToOther = () => pinpoint.calls.filter((call) => call.endsWith(OTHER_APP));

  it('keeps the event stream, then removes what the failed change left', async () => {
    // GIVEN
    found(OURS);
    pinpoint.eventStreams.set(OTHER_APP, { ApplicationId: OTHER_APP, ...OLD });

    // WHEN
    const answer = await answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(answer.Data).toMatchObject({ ApplicationId: APP, ...OURS, LastModifiedDate: secondsFromStart(-3_600) });
    expect(pinpoint.calls.slice(0, 3)).toEqual([`Get ${APP}`, `Get ${OTHER_APP}`, `Delete ${OTHER_APP}`]);
    expect(pinpoint.eventStreams.has(OTHER_APP)).toBe(false);
  });

  it('removes what the failed change sets while it is rolled back', async () => {
    // GIVEN
    found(OURS);
    meanwhile(60, () => pinpoint.eventStreams.set(OTHER_APP, { ApplicationId: OTHER_APP, ...OLD }));

    // WHEN
    const answer = await answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.eventStreams.has(OTHER_APP)).toBe(false);
    expect(callsToOther().filter((call) => call.startsWith('Delete'))).toHaveLength(1);
    expect(clock.seconds).toBe(LAST_LOOK_SECONDS);
  });

  it("leaves another's event stream alone", async () => {
    // GIVEN
    found(OURS);
    pinpoint.eventStreams.set(OTHER_APP, { ApplicationId: OTHER_APP, ...ANOTHERS });

    // WHEN
    const answer = await answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(new Set(callsToOther())).toEqual(new Set([`Get ${OTHER_APP}`]));
  });

  it.each([
    ['ForbiddenException', serviceError(403, 'ForbiddenException')],
    ['ENOTFOUND', networkError('ENOTFOUND')],
  ])('succeeds with a warning where the other application cannot be looked at because of %s', async (code, error) => {
    // GIVEN
    found(OURS);
    pinpoint.fail('GetEventStream', error, Infinity, OTHER_APP);

    // WHEN
    const answer = await answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(answer.Data).toMatchObject({ ApplicationId: APP, ...OURS });
    expect(logged.lines).toContainEqual(expect.objectContaining({
      level: 'WARN',
      message: 'What a failed change may have left could not be removed',
      requestType: 'Update',
      applicationId: OTHER_APP,
      reason: expect.stringContaining(code),
    }));
  });

  it('heals the event stream where it was changed meanwhile', async () => {
    // WHEN
    const answer = await answerTo(rollback);

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls.slice(0, 3)).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${OTHER_APP}`]);
  });

  it.each([
    ['its destination is missing', { ApplicationId: OTHER_APP, DestinationStreamArn: undefined }, [`Get ${OTHER_APP}`]],
    ['its application ID is malformed', { ApplicationId: 'my-app' }, []],
  ])('succeeds where the change failed since %s', async (_, old, others) => {
    // GIVEN
    found(OURS);

    // WHEN
    const answer = await answerTo(updateRequest(old));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls[0]).toBe(`Get ${APP}`);
    expect([...new Set(pinpoint.calls.slice(1))]).toEqual(others);
  });
});

describe('Delete', () => {
  it('makes no call at all where the resource was never created', async () => {
    // GIVEN
    found(OURS);

    // WHEN
    const answer = await answerTo(deleteRequest(NEVER_CREATED));

    // THEN
    expect(answer).toEqual(succeeded(NEVER_CREATED));
    expect(answer.Data).toBeUndefined();
    expect(pinpoint.calls).toEqual([]);
  });

  it('does nothing where there is no event stream, or no application any more', async () => {
    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
  });

  it('deletes the event stream where it is own', async () => {
    // GIVEN
    found(OURS);

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Delete ${APP}`]);
    expect(pinpoint.eventStreams.size).toBe(0);
  });

  it('is done where the event stream goes just before', async () => {
    // GIVEN
    found(OURS);
    pinpoint.fail('DeleteEventStream', serviceError(404, 'NotFoundException'));

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Delete ${APP}`]);
  });

  it("leaves another's event stream alone, with one line in the log", async () => {
    // GIVEN
    found(ANOTHERS);

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`]);
    expect(logged.lines.filter(({ message }) => message === 'Decided')).toEqual([
      expect.objectContaining({ goal: 'remove', found: expect.objectContaining(ANOTHERS), action: 'nothing' }),
    ]);
  });

  it('goes by the physical ID, not by the properties', async () => {
    // GIVEN
    found(OURS);

    // WHEN
    const answer = await answerTo(deleteRequest(APP, { ApplicationId: 'my-app' }));

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Delete ${APP}`]);
  });

  it('succeeds with one warning where the endpoint does not resolve for the whole time', async () => {
    // GIVEN
    pinpoint.fail('GetEventStream', networkError('ENOTFOUND'));

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(clock.seconds).toBe(120);
    expect(logged.lines.filter(({ message }) => message === 'The endpoint of Amazon Pinpoint does not exist any more; nothing is left to delete'))
      .toEqual([expect.objectContaining({ level: 'WARN', requestType: 'Delete', applicationId: APP })]);
  });

  it.each([0, 3, 29])('does not take an outage of seconds for that, with a propagation timeout of %d s', async (seconds) => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(seconds);
    found(OURS);
    pinpoint.fail('GetEventStream', networkError('ENOTFOUND'), 4);

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(pinpoint.eventStreams.has(APP)).toBe(false);
  });

  it.each([[0, 30], [30, 30], [31, 31]])('takes it for gone, with a propagation timeout of %d s, after %d s', async (propagationTimeout, seconds) => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = String(propagationTimeout);
    pinpoint.fail('GetEventStream', networkError('ENOTFOUND'));

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(clock.seconds).toBe(seconds);
  });

  it.each<[string, CustomResourceRequest, Error]>([
    ['a Create does', createRequest(), networkError('ENOTFOUND')],
    ['a Delete does whose endpoint is there', deleteRequest(), serviceError(500)],
  ])('alone waits for that beyond its retries: %s not', async (_, request, error) => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = '3';
    pinpoint.fail('GetEventStream', error);

    // WHEN
    const answer = await answerTo(request);

    // THEN
    expect(answer.Status).toBe('FAILED');
    expect(clock.seconds).toBe(3);
  });

  it('fails where the event stream was seen before the endpoint did not resolve any more', async () => {
    // GIVEN
    found(OURS);
    pinpoint.fail('DeleteEventStream', networkError('ENOTFOUND'));

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(failed(APP, 'ENOTFOUND'));
  });

  it('fails where anything else came in between, since the endpoint does exist', async () => {
    // GIVEN
    pinpoint.fail('GetEventStream', networkError('ENOTFOUND'), 3);
    pinpoint.fail('GetEventStream', serviceError(500), 1);
    pinpoint.fail('GetEventStream', networkError('ENOTFOUND'));

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(failed(APP, 'ENOTFOUND', '--retain-resources EventsD32975C2'));
    expect(clock.seconds).toBe(120);
  });

  it('fails where the resolver itself does for the whole time', async () => {
    // GIVEN
    pinpoint.fail('GetEventStream', networkError('EAI_AGAIN'));

    // WHEN
    const answer = await answerTo(deleteRequest());

    // THEN
    expect(answer).toEqual(failed(APP, 'EAI_AGAIN'));
    expect(clock.seconds).toBe(120);
  });

  it.each([['Create', createRequest(), NEVER_CREATED], ['Update', updateRequest(OLD), APP]])(
    'alone succeeds where the endpoint does not resolve: %s fails', async (_, request, physicalId) => {
      // GIVEN
      pinpoint.fail('GetEventStream', networkError('ENOTFOUND'));

      // WHEN
      const answer = await answerTo(request);

      // THEN
      expect(answer).toEqual(failed(physicalId, 'ENOTFOUND', 'Check that the endpoint of Amazon Pinpoint can be reached'));
    });
});

describe('Delete after a Create that never answered, for which CloudFormation made up the physical ID', () => {
  it('deletes the event stream that the Create sets meanwhile, and looks until no Create can be running any more', async () => {
    // GIVEN
    meanwhile(60, () => found(OURS));

    // WHEN
    const answer = await answerTo(deleteRequest(MADE_UP_ID));

    // THEN
    expect(answer).toEqual(succeeded(MADE_UP_ID));
    expect(pinpoint.calls.indexOf(`Delete ${APP}`)).toBe(13);
    expect(pinpoint.calls.filter((call) => call === `Get ${APP}`)).toHaveLength(31);
    expect(new Set(clock.sleeps)).toEqual(new Set([5_000]));
    expect(clock.seconds).toBe(LAST_LOOK_SECONDS);
  });

  it('succeeds, with a warning, where a later look fails, and fails where it finds what it cannot delete', async () => {
    // GIVEN
    failFromLook(3, networkError('ENOTFOUND'), Infinity);

    // WHEN
    const unseen = await answerTo(deleteRequest(MADE_UP_ID));

    // THEN
    expect(unseen).toEqual(succeeded(MADE_UP_ID));
    expect(logged.messages()).toContain('Could not look again; all was well when last seen');

    // GIVEN
    pinpoint.reset();
    endpoint.reset();
    found(OURS);
    pinpoint.fail('DeleteEventStream', networkError('ENOTFOUND'));

    // WHEN
    const seen = await answerTo(deleteRequest(MADE_UP_ID));

    // THEN
    expect(seen).toEqual(failed(MADE_UP_ID, 'ENOTFOUND'));
  });

  it("leaves another's event stream alone", async () => {
    // GIVEN
    found(ANOTHERS);

    // WHEN
    const answer = await answerTo(deleteRequest(MADE_UP_ID));

    // THEN
    expect(answer).toEqual(succeeded(MADE_UP_ID));
    expect(pinpoint.eventStreams.get(APP)).toMatchObject(ANOTHERS);
  });

  it('looks for the last time just when the answer can still be given', async () => {
    // WHEN
    const answer = await answerTo(deleteRequest(MADE_UP_ID), { signedAt: SIGNED_AT_START, remaining: FUNCTION_TIMEOUT_SECONDS - 2 });

    // THEN
    expect(answer).toEqual(succeeded(MADE_UP_ID));
    expect(clock.seconds).toBe(LAST_LOOK_SECONDS - 2);
  });

  it('makes no call where the properties name no application', async () => {
    // WHEN
    const answer = await answerTo(deleteRequest(MADE_UP_ID, { ApplicationId: 'my-app' }));

    // THEN
    expect(answer).toEqual(succeeded(MADE_UP_ID));
    expect(pinpoint.calls).toEqual([]);
  });

  it('fails where the application cannot be looked at', async () => {
    // GIVEN
    pinpoint.fail('GetEventStream', serviceError(403, 'ForbiddenException'));

    // WHEN
    const answer = await answerTo(deleteRequest(MADE_UP_ID));

    // THEN
    expect(answer).toEqual(failed(MADE_UP_ID, 'GetEventStream', 'ForbiddenException'));
  });
});

describe('a call that fails', () => {
  it.each<[string, Operation, Error]>([
    ['400 on Put', 'PutEventStream', serviceError(400)],
    ['403 on Put', 'PutEventStream', serviceError(403)],
    ['403 on Get', 'GetEventStream', serviceError(403)],
    ['403 on Delete', 'DeleteEventStream', serviceError(403)],
    ['409', 'PutEventStream', serviceError(409)],
    ['429', 'GetEventStream', serviceError(429)],
    ['500', 'GetEventStream', serviceError(500)],
    ['503 on Delete', 'DeleteEventStream', serviceError(503)],
    ['a connection that is reset', 'GetEventStream', networkError('ECONNRESET')],
    ['a call that takes too long', 'DeleteEventStream', new DOMException('too long', 'AbortError')],
    ['an endpoint that does not resolve', 'GetEventStream', networkError('ENOTFOUND')],
  ])('with %s is tried again after growing waits', async (_, operation, error) => {
    // GIVEN
    const deleting = operation === 'DeleteEventStream';
    if (deleting) {
      found(OURS);
    }
    pinpoint.fail(operation, error, 4);

    // WHEN
    const answer = await answerTo(deleting ? deleteRequest() : createRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(clock.sleeps).toEqual([500, 1_000, 2_000, 4_000]);
    expect(logged.messages().filter((message) => message === 'A call failed; trying again')).toHaveLength(4);
  });

  it.each<[string, Operation, Error]>([
    ['400 on Get', 'GetEventStream', serviceError(400)],
    ['404 on Put', 'PutEventStream', serviceError(404)],
    ['405', 'GetEventStream', serviceError(405)],
    ['410', 'GetEventStream', serviceError(410)],
    ['410 on Delete', 'DeleteEventStream', serviceError(410)],
    ['413', 'PutEventStream', serviceError(413)],
  ])('with %s is not tried again', async (_, operation, error) => {
    // GIVEN
    const deleting = operation === 'DeleteEventStream';
    if (deleting) {
      found(OURS);
    }
    pinpoint.fail(operation, error);

    // WHEN
    const answer = await answerTo(deleting ? deleteRequest() : createRequest());

    // THEN
    expect(answer).toEqual(failed(deleting ? APP : NEVER_CREATED, `${operation} for application ${APP} failed with ServiceError`));
    expect(clock.sleeps).toEqual([]);
    expect(logged.lines.at(-2)).toMatchObject({ level: 'WARN', message: 'A call failed; giving up', operation, error: 'ServiceError' });
  });

  it('is tried again until the propagation timeout is over, to the second', async () => {
    // GIVEN
    pinpoint.fail('PutEventStream', serviceError(400));

    // WHEN
    await answerTo(createRequest());

    // THEN
    expect(clock.seconds).toBe(120);
    expect(clock.sleeps.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
    expect(pinpoint.puts).toHaveLength(clock.sleeps.length + 1);
  });

  it('is not tried again with a propagation timeout of 0', async () => {
    // GIVEN
    process.env[PROPAGATION_TIMEOUT_VARIABLE] = '0';
    pinpoint.fail('PutEventStream', serviceError(400));

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'for 0 s'));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
  });

  it('is not tried again where the function has just the time left that the answer needs', async () => {
    // GIVEN
    pinpoint.fail('GetEventStream', serviceError(500));

    // WHEN
    const answer = await answerTo(createRequest(), { signedAt: SIGNED_AT_START, remaining: 100 });

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'for 10 s'));
    expect(clock.seconds).toBe(10);
  });

  it('looks again each time, since somebody else may have come in between', async () => {
    // GIVEN
    pinpoint.fail('PutEventStream', serviceError(400), 1);
    jest.spyOn(clock, 'sleep').mockImplementation(async () => found(ANOTHERS));

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(failed(NEVER_CREATED, 'already has an event stream'));
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });
});

describe('properties that turn out malformed at deployment', () => {
  const text = '32 lower-case hexadecimal digits: check what applicationId resolves to when the stack is deployed.';

  it.each([
    [{ ApplicationId: 'my-app' }, `ApplicationId is "my-app", expected ${text}`],
    [{ ApplicationId: undefined }, `ApplicationId is undefined, expected ${text}`],
    [{ ApplicationId: [APP] as unknown as string }, `ApplicationId is ["${APP}"], expected ${text}`],
    [{ DestinationStreamArn: '' }, 'DestinationStreamArn is "", expected an ARN: check what the destination resolves to when the stack is deployed.'],
    [{ RoleArn: undefined }, 'RoleArn is undefined, expected an ARN: check what the role resolves to when the stack is deployed.'],
  ])('%j fail a Create and an Update before any call', async (malformed, reason) => {
    // WHEN
    const toCreate = await answerTo(createRequest(malformed));
    endpoint.reset();
    const toUpdate = await answerTo(updateRequest({}, malformed));

    // THEN
    expect(toCreate).toEqual(failed(NEVER_CREATED, reason));
    expect(toUpdate).toEqual(failed(APP, reason));
    expect(pinpoint.calls).toEqual([]);
  });
});

describe('an answer', () => {
  it('is sent again where CloudFormation does not take it', async () => {
    // GIVEN
    const ResponseURL = endpoint.urlFor(createRequest(), SIGNED_AT_START);
    endpoint.react(ResponseURL, 503, 'hang up');

    // WHEN
    await newHandler(clock)({ ...createRequest(), ResponseURL }, CONTEXT);

    // THEN
    expect(endpoint.requests.map(({ reaction }) => reaction)).toEqual([503, 'hang up', 200]);
    expect(new Set(endpoint.requests.map(({ body }) => body)).size).toBe(1);
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
  });

  it('is given once to a request that is delivered twice, and nothing is done the second time', async () => {
    // GIVEN
    const environment = newHandler(clock);
    const request = { ...updateRequest(OLD), ResponseURL: endpoint.urlFor(updateRequest(OLD), SIGNED_AT_START) };
    await environment(request, CONTEXT);
    found(OLD);

    // WHEN
    await environment(request, CONTEXT);

    // THEN
    expect(endpoint.answers).toHaveLength(1);
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
    expect(pinpoint.eventStreams.get(APP)).toMatchObject(OLD);
    expect(logged.lines.at(-1)).toMatchObject({ level: 'WARN', message: 'Delivered again; answered already' });
  });

  it('that did not reach CloudFormation is given when the request is delivered again', async () => {
    // GIVEN
    const environment = newHandler(clock);
    const request = { ...createRequest(), ResponseURL: endpoint.urlFor(createRequest(), SIGNED_AT_START) };
    endpoint.react(request.ResponseURL, 500, 500, 500, 500, 500);
    await expect(environment(request, CONTEXT)).rejects.toThrow('the answer did not reach CloudFormation');

    // WHEN
    await environment(request, CONTEXT);

    // THEN
    expect(endpoint.answers).toEqual([succeeded(APP)]);
    expect(pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it('is short enough, whatever the service gives as the user who last modified the event stream', async () => {
    // GIVEN
    pinpoint.eventStreams.set(APP, { ApplicationId: APP, ...OURS, LastUpdatedBy: 'ä'.repeat(4_096) });

    // WHEN
    const answer = await answerTo(updateRequest({}));

    // THEN
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.Data?.LastUpdatedBy).toMatch(/^ä{254}…$/);
    expect(Buffer.byteLength(endpoint.requests[0].body)).toBeLessThanOrEqual(4_096);
  });

  it('has empty attributes where the service does not tell when and by whom the event stream was modified', async () => {
    // GIVEN
    pinpoint.eventStreams.set(APP, { ApplicationId: APP, ...OURS });

    // WHEN
    const answer = await answerTo(updateRequest({}));

    // THEN
    expect(answer.Data).toEqual({ ApplicationId: APP, ...OURS, LastModifiedDate: '', LastUpdatedBy: '' });
  });

  it('has them as well where the service answers a Put with nothing', async () => {
    // GIVEN
    jest.spyOn(EventStreamApi.prototype, 'put').mockResolvedValue(undefined);

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toEqual(succeeded(APP));
    expect(answer.Data).toEqual({ ApplicationId: APP, ...OURS, LastModifiedDate: '', LastUpdatedBy: '' });
  });

  it('of an error of our own has no stack trace for a reason, and the Delete that follows looks what it left', async () => {
    // GIVEN
    jest.spyOn(clock, 'now').mockImplementation(() => { throw new RangeError('no time'); });

    // WHEN
    const answer = await answerTo(createRequest());

    // THEN
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: APP });
    expect(answer.Reason).not.toContain('    at ');
  });

  it('comes from the entry point of the function as well', async () => {
    // WHEN
    await handler({ ...deleteRequest(NEVER_CREATED), ResponseURL: endpoint.urlFor(deleteRequest(NEVER_CREATED)) }, CONTEXT);

    // THEN
    expect(endpoint.answers).toEqual([succeeded(NEVER_CREATED)]);
  });
});
