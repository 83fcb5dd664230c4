import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { CallFailure, EventStreamApi, Operation } from '../../../src/handler/event-stream-api';
import { APP, OURS } from '../../support/handler/requests';

// Through the real SDK, against a server that stands for Amazon Pinpoint's REST API.
describe('the API of Amazon Pinpoint', () => {
  const requests: string[] = [];
  let respond: { status: number; body: string } | 'hang up' | 'break off';
  let server: Server;
  const environment = { ...process.env };

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => {
        requests.push(`${request.method} ${request.url} ${body}`);
        if (respond === 'hang up') {
          request.socket.destroy();
        } else if (respond === 'break off') {
          response.writeHead(200, { 'content-length': 100 }).write('{', () => request.socket.destroy());
        } else {
          response.writeHead(respond.status, { 'content-type': 'application/json' }).end(respond.body);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_PINPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
  });

  beforeEach(() => {
    requests.length = 0;
  });

  afterAll(async () => {
    process.env = environment;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const path = `/v1/apps/${APP}/eventstream`;
  const found = { ApplicationId: APP, ...OURS, LastModifiedDate: '2026-11-24T12:00:00.000Z', LastUpdatedBy: 'someone' };
  const calls = {
    GetEventStream: (api: EventStreamApi) => api.get(APP),
    PutEventStream: (api: EventStreamApi) => api.put(APP, OURS),
    DeleteEventStream: (api: EventStreamApi) => api.delete(APP),
  };

  /** How a call fails. */
  async function failureOf(operation: Operation): Promise<CallFailure> {
    const failure = await calls[operation](new EventStreamApi()).then(() => undefined, (error: unknown) => error);
    expect(failure).toBeInstanceOf(CallFailure);
    return failure as CallFailure;
  }

  it.each([
    ['GetEventStream with the event stream', 'GetEventStream' as const, `GET ${path} `],
    ['PutEventStream with the event stream that it has set', 'PutEventStream' as const, `POST ${path} ${JSON.stringify(OURS)}`],
    ['DeleteEventStream with the event stream that it has deleted', 'DeleteEventStream' as const, `DELETE ${path} `],
  ])('answers %s', async (_, operation, request) => {
    // GIVEN
    respond = { status: 200, body: JSON.stringify({ ...found, ExternalId: 'undocumented' }) };

    // WHEN
    const result = await calls[operation](new EventStreamApi());

    // THEN
    expect(result).toEqual(found);
    expect(requests).toEqual([request]);
  });

  it('leaves out what is no text, where that is not needed', async () => {
    // GIVEN
    respond = { status: 200, body: JSON.stringify({ ApplicationId: 1, ...OURS, LastModifiedDate: 1_795_521_600, LastUpdatedBy: {} }) };

    // WHEN
    const result = await new EventStreamApi().get(APP);

    // THEN
    expect(result).toEqual(OURS);
  });

  it.each(['GetEventStream', 'DeleteEventStream'] as const)('answers %s with nothing where there is nothing', async (operation) => {
    // GIVEN
    respond = { status: 404, body: '{"Message":"Resource not found"}' };

    // WHEN
    const result = await calls[operation](new EventStreamApi());

    // THEN
    expect(result).toBeUndefined();
    expect(requests).toHaveLength(1);
  });

  it.each<[string, Operation, typeof respond, Partial<CallFailure>]>([
    ['a refusal', 'PutEventStream', { status: 400, body: '{"Message":"Destination stream validation failed"}' },
      { status: 400, detail: expect.stringContaining('Destination stream validation failed') as string, wasRefused: true, mayPass: true }],
    ['a Put without an application', 'PutEventStream', { status: 404, body: '{}' }, { status: 404, wasRefused: true, mayPass: false }],
    ['throttling', 'GetEventStream', { status: 429, body: '{}' }, { status: 429, wasRefused: true, mayPass: true }],
    ['a fault of the service', 'DeleteEventStream', { status: 503, body: '{}' }, { status: 503, wasRefused: false, mayPass: true }],
    ['a refusal that cannot be read', 'PutEventStream', { status: 400, body: '<html>' },
      { code: 'UnreadableAnswer', status: 400, detail: expect.stringMatching(/^expected JSON: Unexpected token.*JSON$/) as string, wasRefused: true }],
    ['a connection that breaks off', 'PutEventStream', 'hang up', { status: undefined, wasRefused: false, mayPass: true }],
    ['an answer that breaks off', 'GetEventStream', 'break off', { detail: expect.stringMatching(/aborted$/) as string, status: undefined, mayPass: true }],
  ])('is called once for %s, which the caller is told', async (_, operation, response, expected) => {
    // GIVEN
    respond = response;

    // WHEN
    const failure = await failureOf(operation);

    // THEN
    expect(failure).toMatchObject({ operation, isUnknownEndpoint: false, ...expected });
    expect(failure.message).toBe(`${operation}: ${failure.code}: ${failure.detail}`);
    expect(requests).toHaveLength(1);
  });

  describe.each(Object.keys(calls) as Operation[])('fails in %s with a success that cannot be read', (operation) => {
    const expected = 'expected an event stream with DestinationStreamArn and RoleArn, got';

    it.each([
      ['an empty object', 200, '{}', `${expected} {}`],
      ['a list', 200, '[]', `${expected} {}`],
      ['null', 200, 'null', `${expected} null`],
      ['a text', 200, '"text"', `${expected} text`],
      ['nothing', 200, '', `${expected} null`],
      ['no content', 204, '', `${expected} null`],
      ['an event stream without its role', 200, `{"DestinationStreamArn":"${OURS.DestinationStreamArn}"}`,
        `${expected} {"DestinationStreamArn":"${OURS.DestinationStreamArn}"}`],
      ['an event stream without its destination', 200, `{"RoleArn":"${OURS.RoleArn}"}`, `${expected} {"RoleArn":"${OURS.RoleArn}"}`],
      ['HTML', 200, '<html>', 'expected JSON: Unexpected token'],
    ])('since it is %s', async (_, status, body, detail) => {
      // GIVEN
      respond = { status, body };

      // WHEN
      const failure = await failureOf(operation);

      // THEN
      expect(failure).toMatchObject({
        code: 'UnreadableAnswer', detail: expect.stringContaining(detail), status: undefined, wasRefused: false, mayPass: true,
      });
      expect(failure.detail).not.toContain('\n');
    });
  });

  it('fails with a success of which the SDK makes nothing', async () => {
    // GIVEN
    const send = jest.spyOn(PinpointClient.prototype, 'send').mockImplementation(async () => ({}));

    // WHEN
    const failure = await failureOf('GetEventStream');

    // THEN
    expect(failure).toMatchObject({ code: 'UnreadableAnswer', detail: expect.stringMatching(/, got undefined$/) });
    send.mockRestore();
  });

  it.each([
    ['a text', '"no"', 'no'],
    ['an object', '{"reason":"no"}', '{"reason":"no"}'],
    ['a number', '42', '42'],
  ])('tells what a refusal says, which is %s', async (_, message, detail) => {
    // GIVEN
    respond = { status: 400, body: `{"Message":${message}}` };

    // WHEN
    const failure = await failureOf('GetEventStream');

    // THEN
    expect(failure).toMatchObject({ status: 400, detail });
  });

  it('keeps the session token to itself that an answer to a wrong signature repeats', async () => {
    // GIVEN
    respond = { status: 403, body: JSON.stringify({ Message: 'The Canonical String should have been x-amz-security-token:SECRET\nhost' }) };

    // WHEN
    const { detail } = await failureOf('GetEventStream');

    // THEN
    expect(detail).toContain('x-amz-security-token:…\nhost');
    expect(detail).not.toContain('SECRET');
  });

  it.each(Object.keys(calls) as Operation[])('is given ten seconds for %s', async (operation) => {
    // GIVEN
    respond = { status: 200, body: JSON.stringify(found) };
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());

    // WHEN
    const call = calls[operation](new EventStreamApi());

    // THEN
    await expect(call).rejects.toMatchObject({ message: `${operation}: AbortError: Request aborted`, code: 'AbortError', status: undefined, mayPass: true });
    expect(timeout).toHaveBeenCalledWith(10_000);
    timeout.mockRestore();
  });
});
