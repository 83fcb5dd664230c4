import { handler as entryPoint, newHandler } from '../../../src/handler';
import type { EventStream, Setting } from '../../../src/handler/event-stream';
import { NEVER_CREATED, OUTCOME_UNKNOWN } from '../../../src/handler/physical-id';
import type { CustomResourceRequest, UpdateRequest } from '../../../src/handler/request';
import { serviceError } from '../../support/handler/fake-pinpoint';
import { failed, FUNCTION_TIMEOUT_SECONDS, HandlerUnderTest, succeeded } from '../../support/handler/handler-under-test';
import { ANOTHERS, APP, createRequest, deleteRequest, eventStream, MADE_UP_ID, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

const CONTEXT = { getRemainingTimeInMillis: () => FUNCTION_TIMEOUT_SECONDS * 1_000 };

const handler = new HandlerUnderTest();

const ELSEWHERE = { DestinationStreamArn: 'arn:aws:kinesis:us-east-1:111111111111:stream/ours' };

const old = (setting: Setting) => eventStream(setting, -3_600);

const toOther = (replaceExisting: boolean) => updateRequest({ ApplicationId: OTHER_APP }, { ReplaceExisting: String(replaceExisting) }, OTHER_APP);

describe('the function', () => {
  const look = [`Get ${APP}`];
  const put = [...look, `Put ${APP}`];
  const remove = [...look, `Delete ${APP}`];
  const refused = (physicalId: string) => failed(physicalId, 'already has an event stream');

  it.each<[string, CustomResourceRequest, EventStream | undefined, unknown, string[]]>([
    ['puts the event stream on Create where there is none', createRequest(), undefined, succeeded(APP), put],
    ['does nothing on Create where an earlier delivery has put it', createRequest(), eventStream(OURS, 0), succeeded(APP), look],
    ['refuses an event stream on Create that is ours, and older than the request', createRequest(), eventStream(OURS, -1), refused(NEVER_CREATED), look],
    ["refuses another's event stream on Create", createRequest(), eventStream(ANOTHERS, 0), refused(NEVER_CREATED), look],
    ['replaces an older event stream of ours on Create where told to', createRequest({ ReplaceExisting: 'true' }), old(OURS), succeeded(APP), put],
    ["replaces another's event stream on Create where told to", createRequest({ ReplaceExisting: 'true' }), old(ANOTHERS), succeeded(APP), put],
    ['does nothing on Update where the event stream is the wanted one', updateRequest({ ReplaceExisting: 'true' }), old(OURS), succeeded(APP), look],
    ['replaces the former event stream on Update', updateRequest(OLD), old(OLD), succeeded(APP), put],
    ["replaces another's event stream on Update", updateRequest(OLD), old(ANOTHERS), succeeded(APP), put],
    ['puts the event stream again on Update where it has been deleted', updateRequest({}), undefined, succeeded(APP), put],
    ['gives a new physical ID on Update to another application, so that CloudFormation deletes the old one', toOther(false), undefined, succeeded(APP), put],
    ['does nothing on Update to another application that has exactly our event stream, however old', toOther(false), old(OURS), succeeded(APP), look],
    ["refuses another's event stream on Update to another application, and keeps the old physical ID",
      toOther(false), old(ANOTHERS), refused(OTHER_APP), look],
    ["replaces another's event stream on Update to another application where told to", toOther(true), old(ANOTHERS), succeeded(APP), put],
    ['makes no call on Delete of what was never created', deleteRequest(NEVER_CREATED), old(OURS), succeeded(NEVER_CREATED), []],
    ['does nothing on Delete where there is no event stream, or no application any more', deleteRequest(), undefined, succeeded(APP), look],
    ['deletes the event stream on Delete', deleteRequest(), old(OURS), succeeded(APP), remove],
    ["leaves another's event stream alone on Delete", deleteRequest(), old(ANOTHERS), succeeded(APP), look],
    ['goes by the physical ID on Delete, not by the properties', deleteRequest(APP, { ApplicationId: 'my-app' }), old(OURS), succeeded(APP), remove],
    ['deletes an event stream to another region on Delete', deleteRequest(APP, ELSEWHERE), old({ ...OURS, ...ELSEWHERE }), succeeded(APP), remove],
    ['makes no call on Delete where neither physical ID nor properties name an application',
      deleteRequest(MADE_UP_ID, { ApplicationId: 'my-app' }), old(OURS), succeeded(MADE_UP_ID), []],
  ])('%s', async (_, request, found, expected, calls) => {
    // GIVEN
    if (found) {
      handler.pinpoint.eventStreams.set(APP, found);
    }

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer).toEqual(expected);
    expect(handler.pinpoint.calls).toEqual(calls);
    expect(handler.pinpoint.puts).toEqual(calls === put ? [{ ApplicationId: APP, WriteEventStream: OURS }] : []);
  });

  it('refuses our event stream on Create, however new, where the URL has no date', async () => {
    // GIVEN
    handler.give(OURS, 0);

    // WHEN
    const answer = await handler.answerTo(createRequest(), { requested: null });

    // THEN
    expect(answer).toEqual(refused(NEVER_CREATED));
  });

  it.each<[string, (request: CustomResourceRequest) => object, string]>([
    ['without properties', () => ({ ResourceProperties: null }), 'ApplicationId is undefined, expected 32 lower-case hexadecimal digits'],
    ['with a role that is an object', ({ ResourceProperties }) => ({ ResourceProperties: { ...ResourceProperties, RoleArn: { Ref: 'Role' } } }),
      'RoleArn is {"Ref":"Role"}, expected an ARN'],
    ['with a destination of another region than the stack', ({ ResourceProperties }) => ({ ResourceProperties: { ...ResourceProperties, ...ELSEWHERE } }),
      'DestinationStreamArn is in us-east-1, expected eu-west-1'],
  ])('refuses a Create and an Update %s before any call', async (_, malformed, reason) => {
    // GIVEN
    const [create, update] = [createRequest(), { ...updateRequest({}), RequestId: 'another' }];

    // WHEN
    const answers = [await handler.answerTo({ ...create, ...malformed(create) }), await handler.answerTo({ ...update, ...malformed(update) })];

    // THEN
    expect(answers).toEqual([failed(NEVER_CREATED, reason), failed(APP, reason)]);
    expect(handler.pinpoint.calls).toEqual([]);
  });

  it('logs what it decides and what it answers', async () => {
    // WHEN
    await handler.answerTo(createRequest());

    // THEN
    const { StackId: stackId, RequestId: requestId, LogicalResourceId: logicalId } = createRequest();
    const request = { requestType: 'Create', requestId, stackId, logicalId };
    expect(handler.logged.lines).toEqual([
      { level: 'INFO', message: 'Decided', ...request, goal: 'claim', applicationId: APP, found: 'none', action: 'put' },
      { level: 'INFO', message: 'Answering', ...request, status: 'SUCCESS', physicalId: APP },
    ]);
  });

  it("logs once that it leaves another's event stream alone on Delete", async () => {
    // GIVEN
    handler.give(ANOTHERS);

    // WHEN
    await handler.answerTo(deleteRequest());

    // THEN
    expect(handler.logged.lines.filter(({ message }) => message === 'Decided')).toEqual([
      expect.objectContaining({ goal: 'remove', found: expect.objectContaining(ANOTHERS), action: 'nothing' }),
    ]);
  });
});

describe("the function's answer", () => {
  it('has the IDs of the request, and the attributes of the event stream', async () => {
    // WHEN
    const answer = await handler.answerTo(createRequest());

    // THEN
    const { StackId, RequestId, LogicalResourceId } = createRequest();
    expect(answer).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: APP,
      StackId,
      RequestId,
      LogicalResourceId,
      Data: { ApplicationId: APP, ...OURS },
    });
  });

  it('has no attributes after a Delete', async () => {
    // WHEN
    const answer = await handler.answerTo(deleteRequest());

    // THEN
    expect(answer).not.toHaveProperty('Data');
  });

  it('has the reason of a failure with the recovery, which is logged as well', async () => {
    // GIVEN
    handler.give(ANOTHERS);

    // WHEN
    const answer = await handler.answerTo(toOther(false));

    // THEN
    expect(answer).toEqual(failed(OTHER_APP, ANOTHERS.RoleArn, 'cdk rollback --orphan EventsD32975C2'));
    expect(answer).not.toHaveProperty('Data');
    expect(handler.logged.lines.at(-1)).toMatchObject({ level: 'ERROR', status: 'FAILED', reason: answer.Reason });
  });

  it.each([
    ['a Create is marked, so that the Delete that follows looks what is left', createRequest(), OUTCOME_UNKNOWN],
    ['an Update has the physical ID that it had', updateRequest(OLD, {}, OTHER_APP), OTHER_APP],
  ])('to an error of the function itself is a reason, which is logged with the stack: %s', async (_, request, physicalId) => {
    // GIVEN
    jest.spyOn(handler.clock, 'now').mockImplementation(() => { throw new RangeError('no time'); });

    // WHEN
    const answer = await handler.answerTo(request, { requested: 0 });

    // THEN
    expect(answer).toEqual(failed(physicalId, 'The function failed unexpectedly with RangeError (no time).'));
    expect(handler.logged.lines[0]).toMatchObject({
      level: 'ERROR',
      message: 'The function failed unexpectedly',
      requestType: request.RequestType,
      stack: expect.stringMatching(/^RangeError: no time\n +at /),
    });
  });

  it('is given once to a request that is delivered twice, and nothing is done the second time', async () => {
    // GIVEN
    const request = { ...updateRequest(OLD), ResponseURL: handler.urlFor(updateRequest(OLD)) };
    await handler.environment(request, CONTEXT);
    handler.give(OLD);

    // WHEN
    await handler.environment(request, CONTEXT);

    // THEN
    expect(handler.endpoint.answers).toHaveLength(1);
    expect(handler.pinpoint.eventStreams.get(APP)).toMatchObject(OLD);
    expect(handler.logged.lines.at(-1)).toMatchObject({ level: 'WARN', message: 'Delivered again; answered already' });
  });

  it('that did not reach CloudFormation is given when the request is delivered again', async () => {
    // GIVEN
    const request = { ...createRequest(), ResponseURL: handler.urlFor(createRequest()) };
    handler.endpoint.react(request.ResponseURL, 500, 500, 500, 500, 500);
    await expect(handler.environment(request, CONTEXT)).rejects.toThrow('the answer did not reach CloudFormation');

    // WHEN
    await handler.environment(request, CONTEXT);

    // THEN
    expect(handler.endpoint.answers).toEqual([succeeded(APP)]);
    expect(handler.pinpoint.calls).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it("comes from Lambda's entry point as well, which tries again by the system's clock", async () => {
    // GIVEN
    handler.pinpoint.fail('GetEventStream', serviceError(500), 1);

    // WHEN
    await entryPoint({ ...createRequest(), ResponseURL: handler.endpoint.urlFor(createRequest()) }, CONTEXT);

    // THEN
    expect(handler.endpoint.answers).toEqual([succeeded(APP)]);
    expect(handler.pinpoint.calls).toEqual([`Get ${APP}`, `Get ${APP}`, `Put ${APP}`]);
  });
});

describe('the rollback of a change', () => {
  const change = updateRequest(OLD);
  const rollback: UpdateRequest = { ...updateRequest({}, OLD), RequestId: 'another' };
  const lasting = serviceError(405);

  /** What a request calls. */
  async function callsOf(request: CustomResourceRequest): Promise<string[]> {
    const { length } = handler.pinpoint.calls;
    await handler.answerTo(request);
    return handler.pinpoint.calls.slice(length);
  }

  beforeEach(() => handler.give(OLD));

  it('that this environment has just answered with SUCCESS does not look again', async () => {
    // GIVEN
    await handler.answerTo(change);
    await handler.clock.sleep(20_000);

    // WHEN
    const calls = await callsOf(rollback);

    // THEN
    expect(calls).toEqual([`Get ${APP}`, `Put ${APP}`]);
  });

  it('that this environment has just answered with FAILED, with a known outcome, neither sets the event stream once more nor looks again', async () => {
    // GIVEN
    handler.pinpoint.fail('PutEventStream', lasting, 1);
    await handler.answerTo(change);
    await handler.clock.sleep(59_999);

    // WHEN
    const calls = await callsOf(rollback);

    // THEN
    expect(calls).toEqual([`Get ${APP}`]);
  });

  it('that this environment has just refused, since its destination is in another region, finds the event stream as it was', async () => {
    // GIVEN
    await handler.answerTo(updateRequest(OLD, ELSEWHERE));

    // WHEN
    const calls = await callsOf({ ...updateRequest(ELSEWHERE, OLD), RequestId: 'another' });

    // THEN
    expect(calls).toEqual([`Get ${APP}`]);
  });

  it.each<[string, () => unknown]>([
    ['that this environment answered a minute ago', async () => {
      handler.pinpoint.fail('PutEventStream', lasting, 1);
      await handler.answerTo(change);
      await handler.clock.sleep(60_000);
    }],
    ['that this environment has just answered with FAILED, with an unknown outcome,', async () => {
      handler.pinpoint.fail('PutEventStream', serviceError(500), 1);
      handler.pinpoint.fail('PutEventStream', lasting, 1);
      await handler.answerTo(change);
    }],
    ['that this environment has just answered with SUCCESS, after a Put of unknown outcome,', async () => {
      handler.pinpoint.fail('PutEventStream', serviceError(500), 1);
      await handler.answerTo(change);
    }],
    ['that this environment has just refused, since the event stream was changed while it waited,', async () => {
      handler.pinpoint.fail('PutEventStream', serviceError(400), 1);
      handler.meanwhile(() => handler.give(OLD, 0));
      expect(await handler.answerTo(change)).toEqual(failed(APP, 'While this update waited'));
      await handler.clock.sleep(1_000);
    }],
    ['that another environment has answered', async () => {
      await handler.answerTo(change);
      handler.environment = newHandler(handler.clock);
    }],
  ])('%s looks again', async (_, given) => {
    // GIVEN
    await given();

    // WHEN
    const calls = await callsOf(rollback);

    // THEN
    expect(calls.slice(0, 3)).toEqual([`Get ${APP}`, `Put ${APP}`, `Get ${APP}`]);
  });

  it.each<[string, Error, number]>([
    ['looks for the other event stream once where this environment has just answered with FAILED, with a known outcome', lasting, 1],
    ['looks for the other event stream again where the outcome is not known', serviceError(500), 31],
  ])('of application %s', async (_, error, looks) => {
    // GIVEN
    const changeOfApplication = updateRequest(OLD, { ApplicationId: OTHER_APP });
    handler.pinpoint.fail('PutEventStream', error, Infinity, OTHER_APP);
    await handler.answerTo(changeOfApplication);

    // WHEN
    const calls = await callsOf({ ...rollback, OldResourceProperties: changeOfApplication.ResourceProperties });

    // THEN
    expect(calls).toEqual([`Get ${APP}`, ...Array(looks).fill(`Get ${OTHER_APP}`)]);
  });
});
