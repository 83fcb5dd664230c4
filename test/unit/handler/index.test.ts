import type { EventStream } from '@aws-sdk/client-pinpoint';
import { handler as entryPoint, newHandler } from '../../../src/handler';
import { NEVER_CREATED, Setting } from '../../../src/handler/decision';
import { EventStreamApi } from '../../../src/handler/event-stream-api';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { FakeClock, secondsFromStart } from '../../support/handler/fake-clock';
import { serviceError } from '../../support/handler/fake-pinpoint';
import { failed, FUNCTION_TIMEOUT_SECONDS, HandlerUnderTest, succeeded } from '../../support/handler/handler-under-test';
import { ANOTHERS, APP, createRequest, deleteRequest, MADE_UP_ID, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

const CONTEXT = { getRemainingTimeInMillis: () => FUNCTION_TIMEOUT_SECONDS * 1_000 };

const handler = new HandlerUnderTest();

const eventStream = (setting: Setting, seconds: number = -3_600): EventStream =>
  ({ ApplicationId: APP, LastModifiedDate: secondsFromStart(seconds), ...setting });

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
    ['replaces an older event stream of ours on Create where told to', createRequest({ ReplaceExisting: 'true' }), eventStream(OURS), succeeded(APP), put],
    ["replaces another's event stream on Create where told to", createRequest({ ReplaceExisting: 'true' }), eventStream(ANOTHERS), succeeded(APP), put],
    ['does nothing on Update where the event stream is the wanted one', updateRequest({ ReplaceExisting: 'true' }), eventStream(OURS), succeeded(APP), look],
    ['replaces the former event stream on Update', updateRequest(OLD), eventStream(OLD), succeeded(APP), put],
    ["replaces another's event stream on Update", updateRequest(OLD), eventStream(ANOTHERS), succeeded(APP), put],
    ['puts the event stream again on Update where it has been deleted', updateRequest({}), undefined, succeeded(APP), put],
    ['gives a new physical ID on Update to another application, so that CloudFormation deletes the old one', toOther(false), undefined, succeeded(APP), put],
    ['does nothing on Update to another application that has exactly our event stream, however old', toOther(false), eventStream(OURS), succeeded(APP), look],
    ["refuses another's event stream on Update to another application, and keeps the old physical ID",
      toOther(false), eventStream(ANOTHERS), refused(OTHER_APP), look],
    ["replaces another's event stream on Update to another application where told to", toOther(true), eventStream(ANOTHERS), succeeded(APP), put],
    ['makes no call on Delete of what was never created', deleteRequest(NEVER_CREATED), eventStream(OURS), succeeded(NEVER_CREATED), []],
    ['does nothing on Delete where there is no event stream, or no application any more', deleteRequest(), undefined, succeeded(APP), look],
    ['deletes the event stream on Delete', deleteRequest(), eventStream(OURS), succeeded(APP), remove],
    ["leaves another's event stream alone on Delete", deleteRequest(), eventStream(ANOTHERS), succeeded(APP), look],
    ['goes by the physical ID on Delete, not by the properties', deleteRequest(APP, { ApplicationId: 'my-app' }), eventStream(OURS), succeeded(APP), remove],
    ['makes no call on Delete where neither physical ID nor properties name an application',
      deleteRequest(MADE_UP_ID, { ApplicationId: 'my-app' }), eventStream(OURS), succeeded(MADE_UP_ID), []],
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

  it.each([
    ['takes our event stream for that of an earlier Create', 'can still be running', -FUNCTION_TIMEOUT_SECONDS, succeeded(APP)],
    ['refuses our event stream', 'cannot be running any more', -FUNCTION_TIMEOUT_SECONDS - 1, refused(NEVER_CREATED)],
  ])('%s, where the URL has no date, if that Create %s', async (_, __, modified, expected) => {
    // GIVEN
    handler.give(OURS, modified);

    // WHEN
    const answer = await handler.answerTo(createRequest(), { signedAt: undefined });

    // THEN
    expect(answer).toEqual(expected);
  });

  const invalidId = '32 lower-case hexadecimal digits: check what applicationId resolves to when the stack is deployed.';

  it.each([
    [{ ApplicationId: 'my-app' }, `ApplicationId is "my-app", expected ${invalidId}`],
    [{ ApplicationId: undefined }, `ApplicationId is undefined, expected ${invalidId}`],
    [{ ApplicationId: [APP] as unknown as string }, `ApplicationId is ["${APP}"], expected ${invalidId}`],
    [{ DestinationStreamArn: '' }, 'DestinationStreamArn is "", expected an ARN: check what the destination resolves to when the stack is deployed.'],
    [{ RoleArn: undefined }, 'RoleArn is undefined, expected an ARN: check what the role resolves to when the stack is deployed.'],
  ])('fails a Create and an Update with %j before any call', async (malformed, reason) => {
    // WHEN
    const toCreate = await handler.answerTo(createRequest(malformed));
    handler.endpoint.reset();
    const toUpdate = await handler.answerTo(updateRequest({}, malformed));

    // THEN
    expect(toCreate).toEqual(failed(NEVER_CREATED, reason));
    expect(toUpdate).toEqual(failed(APP, reason));
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

  it('logs of an event stream that it replaces what is documented, and nothing else', async () => {
    // GIVEN
    const documented = { ...eventStream(ANOTHERS), LastUpdatedBy: 'somebody' };
    handler.pinpoint.eventStreams.set(APP, { ...documented, ExternalId: 'secret of a former time' });

    // WHEN
    await handler.answerTo(updateRequest(OLD));

    // THEN
    expect(handler.logged.lines[0].found).toEqual(documented);
    expect(handler.logged.text).not.toContain('secret');
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
      Data: { ApplicationId: APP, ...OURS, LastModifiedDate: FakeClock.START, LastUpdatedBy: '' },
    });
  });

  it('tells when and by whom an event stream was modified that it left as it is', async () => {
    // GIVEN
    handler.pinpoint.eventStreams.set(APP, { ...eventStream(OURS), LastUpdatedBy: 'someone' });

    // WHEN
    const answer = await handler.answerTo(updateRequest({}));

    // THEN
    expect(answer.Data).toMatchObject({ LastModifiedDate: secondsFromStart(-3_600), LastUpdatedBy: 'someone' });
  });

  it.each<[string, () => void, CustomResourceRequest]>([
    ['found', () => handler.pinpoint.eventStreams.set(APP, { ApplicationId: APP, ...OURS }), updateRequest({})],
    ['put', () => jest.spyOn(EventStreamApi.prototype, 'put').mockResolvedValue(undefined), createRequest()],
  ])('has empty attributes where the service does not tell them of what was %s', async (_, prepare, request) => {
    // GIVEN
    prepare();

    // WHEN
    const answer = await handler.answerTo(request);

    // THEN
    expect(answer.Data).toEqual({ ApplicationId: APP, ...OURS, LastModifiedDate: '', LastUpdatedBy: '' });
  });

  it('has no attributes after a Delete', async () => {
    // WHEN
    const answer = await handler.answerTo(deleteRequest());

    // THEN
    expect(answer).not.toHaveProperty('Data');
  });

  it('has the reason of a failure with the way on from there, which is logged as well', async () => {
    // GIVEN
    handler.give(ANOTHERS);

    // WHEN
    const answer = await handler.answerTo(toOther(false));

    // THEN
    expect(answer).toEqual(failed(OTHER_APP, ANOTHERS.RoleArn, 'cdk rollback --orphan EventsD32975C2'));
    expect(answer).not.toHaveProperty('Data');
    expect(handler.logged.lines.at(-1)).toMatchObject({ level: 'ERROR', status: 'FAILED', reason: answer.Reason });
  });

  it('is short enough, however long the name of the user who last modified the event stream', async () => {
    // GIVEN
    handler.pinpoint.eventStreams.set(APP, { ApplicationId: APP, ...OURS, LastUpdatedBy: 'ä'.repeat(4_096) });

    // WHEN
    const answer = await handler.answerTo(updateRequest({}));

    // THEN
    expect(answer.Data?.LastUpdatedBy).toMatch(/^ä{254}…$/);
  });

  it('to a Create that fails of an error of its own has the application ID, so that the Delete that follows looks what is left', async () => {
    // GIVEN
    jest.spyOn(handler.clock, 'now').mockImplementation(() => { throw new RangeError('no time'); });

    // WHEN
    const answer = await handler.answerTo(createRequest());

    // THEN
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: APP, Reason: 'no time' });
  });

  it('is given once to a request that is delivered twice, and nothing is done the second time', async () => {
    // GIVEN
    const environment = newHandler(handler.clock);
    const request = { ...updateRequest(OLD), ResponseURL: handler.endpoint.urlFor(updateRequest(OLD), handler.signedAtStart) };
    await environment(request, CONTEXT);
    handler.give(OLD);

    // WHEN
    await environment(request, CONTEXT);

    // THEN
    expect(handler.endpoint.answers).toHaveLength(1);
    expect(handler.pinpoint.eventStreams.get(APP)).toMatchObject(OLD);
    expect(handler.logged.lines.at(-1)).toMatchObject({ level: 'WARN', message: 'Delivered again; answered already' });
  });

  it('that did not reach CloudFormation is given when the request is delivered again', async () => {
    // GIVEN
    const environment = newHandler(handler.clock);
    const request = { ...createRequest(), ResponseURL: handler.endpoint.urlFor(createRequest(), handler.signedAtStart) };
    handler.endpoint.react(request.ResponseURL, 500, 500, 500, 500, 500);
    await expect(environment(request, CONTEXT)).rejects.toThrow('the answer did not reach CloudFormation');

    // WHEN
    await environment(request, CONTEXT);

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
