import { Readable } from 'stream';
import { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { CustomResourceResponse, MAX_RESPONSE_BYTES, send, serialize } from '../../../src/handler/response';
import { ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { CapturedLog } from '../../support/handler/captured-log';
import { FakeClock } from '../../support/handler/fake-clock';
import { APP, createRequest } from '../../support/handler/requests';

const { StackId, RequestId, LogicalResourceId } = createRequest();
const failure: CustomResourceResponse = { Status: 'FAILED', PhysicalResourceId: APP, StackId, RequestId, LogicalResourceId };

describe('a serialised response', () => {
  it.each([
    ['fits', { ...failure, Reason: 'because' }],
    ['has no reason', { ...failure, Status: 'SUCCESS' as const, Reason: undefined }],
  ])('is left as it is where it %s', (_, response) => {
    // WHEN
    const body = serialize(response);

    // THEN
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(response)));
  });

  it('has a reason that fills what is left, with a mark where it was cut', () => {
    // WHEN
    const body = serialize({ ...failure, Reason: 'x'.repeat(10_000) });

    // THEN
    expect(Buffer.byteLength(body)).toBe(MAX_RESPONSE_BYTES);
    expect((JSON.parse(body) as CustomResourceResponse).Reason).toMatch(/^x+…$/);
  });

  it.each([
    ['letters', 'x'], ['two bytes each', 'é'], ['three bytes each', '漢'], ['four bytes each', '😀'], ['quotes', '"'], ['control characters', '\u0001'],
    ['a mixture', 'aé漢😀"\\\n\u0001'],
  ])('with a reason of %s is never too long, and never cut through a character', (_, characters) => {
    for (let length = 1; length <= 5_000; length = Math.ceil(length * 1.03)) {
      // WHEN
      const body = serialize({ ...failure, Reason: characters.repeat(length) });

      // THEN
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_RESPONSE_BYTES);
      const { Reason } = JSON.parse(body) as CustomResourceResponse;
      expect(Reason).not.toContain('\ufffd');
      expect(characters.repeat(length).startsWith(Reason!.replace(/…$/, ''))).toBe(true);
    }
  });
});

describe('the response to CloudFormation', () => {
  let endpoint: ResponseEndpoint;
  let clock: FakeClock;
  let logged: CapturedLog;
  let request: CustomResourceRequest;

  const response = { ...failure, Reason: '€' };
  const body = serialize(response);

  beforeAll(async () => {
    endpoint = await ResponseEndpoint.start();
  });

  beforeEach(() => {
    endpoint.reset();
    request = { ...createRequest(), ResponseURL: endpoint.urlFor(failure) };
    clock = new FakeClock();
    logged = new CapturedLog();
  });

  afterEach(() => {
    jest.restoreAllMocks();
    expect(endpoint.violations).toEqual([]);
    expect(logged.text).not.toContain(ResponseEndpoint.SECRET);
  });

  afterAll(async () => endpoint.stop());

  it('is put once, without a content type, and with its length in bytes', async () => {
    // WHEN
    await send(request, response, clock);

    // THEN
    expect(endpoint.requests).toEqual([{
      path: new URL(request.ResponseURL).pathname,
      method: 'PUT',
      headers: expect.objectContaining({ 'content-type': '', 'content-length': String(Buffer.byteLength(body)) }),
      body,
      reaction: 200,
    }]);
    expect(endpoint.requests[0].headers).not.toHaveProperty('transfer-encoding');
    expect(logged.text).toBe('');
  });

  it.each([
    ['refuses it', 500 as const, 'HTTP 500'],
    ['has several places for it', 300 as const, 'HTTP 300'],
    ['sends it elsewhere, for which nobody has signed', 307 as const, 'HTTP 307'],
    ['hangs up', 'hang up' as const, 'ECONNRESET'],
  ])('is sent again, after growing waits, where CloudFormation %s', async (_, reaction, problem) => {
    // GIVEN
    endpoint.react(request.ResponseURL, reaction, reaction, reaction, reaction);

    // WHEN
    await send(request, response, clock);

    // THEN
    expect(endpoint.requests).toHaveLength(5);
    expect(clock.sleeps).toEqual([500, 1_000, 2_000, 4_000]);
    expect(logged.lines[3]).toEqual({
      level: 'WARN',
      message: 'The answer did not reach CloudFormation',
      requestType: 'Create',
      requestId: RequestId,
      stackId: StackId,
      logicalId: LogicalResourceId,
      attempt: 4,
      of: 5,
      problem,
    });
  });

  it('is given up after five attempts, with an error that does not tell the URL', async () => {
    // GIVEN
    endpoint.react(request.ResponseURL, 403, 403, 403, 403, 403);

    // WHEN
    const sending = send(request, response, clock);

    // THEN
    await expect(sending).rejects.toThrow(new Error(
      'the answer did not reach CloudFormation in 5 attempts; CloudFormation will fail this resource at its service timeout',
    ));
    expect(endpoint.requests).toHaveLength(5);
    expect(clock.sleeps).toHaveLength(4);
  });

  it('goes to the port of HTTPS, with the query as it is signed', async () => {
    // GIVEN
    const handle = jest.spyOn(NodeHttpHandler.prototype, 'handle')
      .mockResolvedValue({ response: new HttpResponse({ statusCode: 200, body: Readable.from([]) }) });

    // WHEN
    await send({ ...request, ResponseURL: 'https://answers.s3.amazonaws.com/arn%3Aaws/stack?X-Amz-Credential=a%2Fb&X-Amz-Signature=c+d' }, response, clock);

    // THEN
    expect(handle).toHaveBeenCalledTimes(1);
    expect(handle.mock.calls[0][0]).toMatchObject({
      method: 'PUT',
      protocol: 'https:',
      hostname: 'answers.s3.amazonaws.com',
      port: undefined,
      path: '/arn%3Aaws/stack?X-Amz-Credential=a%2Fb&X-Amz-Signature=c+d',
      query: {},
    });
  });

  it.each([
    ['taken', [200] as const],
    ['refused for good', [403, 403, 403, 403, 403] as const],
  ])('leaves no connection open when it is %s', async (_, reactions) => {
    // GIVEN
    const destroy = jest.spyOn(NodeHttpHandler.prototype, 'destroy');
    endpoint.react(request.ResponseURL, ...reactions);

    // WHEN
    await send(request, response, clock).catch(() => {});

    // THEN
    expect(destroy).toHaveBeenCalledTimes(1);
  });

  it('tells nobody a URL that is none either', async () => {
    // WHEN
    const sending = send({ ...request, ResponseURL: `not a URL ${ResponseEndpoint.SECRET}` }, response, clock);

    // THEN
    await expect(sending).rejects.toThrow(/^the answer did not reach CloudFormation in 5 attempts/);
    expect(logged.lines[0]).toMatchObject({ problem: 'ERR_INVALID_URL' });
  });

  it('has an error that has no code named in the log', async () => {
    // GIVEN
    jest.spyOn(NodeHttpHandler.prototype, 'handle').mockRejectedValueOnce(new RangeError('out of range'));

    // WHEN
    await send(request, response, clock);

    // THEN
    expect(logged.lines).toEqual([expect.objectContaining({ attempt: 1, problem: 'RangeError' })]);
  });

  it('has an attempt that takes too long named in the log', async () => {
    // GIVEN
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.abort());

    // WHEN
    await send(request, response, clock);

    // THEN
    expect(logged.lines).toEqual([expect.objectContaining({ attempt: 1, problem: 'TimeoutError' })]);
    expect(timeout).toHaveBeenCalledWith(8_000);
  });
});
