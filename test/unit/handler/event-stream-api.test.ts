import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { EventStreamApi, Fault, Operation } from '../../../src/handler/event-stream-api';
import { APP, OURS } from '../../support/handler/requests';

// Through the real SDK, against a server that stands for Amazon Pinpoint's REST API.
describe('the API of Amazon Pinpoint', () => {
  const requests: string[] = [];
  let respond: { status: number; body: string } | 'hang up';
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
  const eventStream = { ApplicationId: APP, ...OURS };
  const calls = {
    GetEventStream: (api: EventStreamApi) => api.get(APP),
    PutEventStream: (api: EventStreamApi) => api.put(APP, OURS),
    DeleteEventStream: (api: EventStreamApi) => api.delete(APP),
  };

  it.each([
    ['GetEventStream' as const, `GET ${path} `, eventStream],
    ['PutEventStream' as const, `POST ${path} ${JSON.stringify(OURS)}`, eventStream],
    ['DeleteEventStream' as const, `DELETE ${path} `, undefined],
  ])('answers %s', async (operation, request, expected) => {
    // GIVEN
    respond = { status: 200, body: JSON.stringify(eventStream) };

    // WHEN
    const result = await calls[operation](new EventStreamApi());

    // THEN
    expect(result).toEqual(expected);
    expect(requests).toEqual([request]);
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

  it.each<[string, keyof typeof calls, typeof respond, Partial<Fault>]>([
    ['a refusal', 'PutEventStream', { status: 400, body: '{"Message":"Destination stream validation failed"}' },
      { status: 400, detail: expect.stringContaining('Destination stream validation failed') as string, wasRefused: true, mayPass: true }],
    ['a Put without an application', 'PutEventStream', { status: 404, body: '{}' }, { status: 404, wasRefused: true, mayPass: false }],
    ['throttling', 'GetEventStream', { status: 429, body: '{}' }, { status: 429, wasRefused: true, mayPass: true }],
    ['a fault of the service', 'DeleteEventStream', { status: 503, body: '{}' }, { status: 503, wasRefused: false, mayPass: true }],
    ['a connection that breaks off', 'PutEventStream', 'hang up', { status: undefined, wasRefused: false, mayPass: true }],
    ['a success that cannot be read', 'PutEventStream', { status: 200, body: '<html>' }, { status: undefined, wasRefused: false, mayPass: true }],
  ])('is called once for %s, which the caller is told', async (_, operation, response, expected) => {
    // GIVEN
    respond = response;

    // WHEN
    const fault = await calls[operation](new EventStreamApi()).then(() => undefined, (error: unknown) => error as Fault);

    // THEN
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ operation, isUnknownEndpoint: false, ...expected });
    expect(requests).toHaveLength(1);
  });

  it('keeps the session token to itself that an answer to a wrong signature repeats', async () => {
    // GIVEN
    respond = { status: 403, body: JSON.stringify({ Message: 'The Canonical String should have been x-amz-security-token:SECRET\nhost' }) };

    // WHEN
    const fault = await new EventStreamApi().get(APP).then(() => undefined, (error: unknown) => error as Fault);

    // THEN
    expect(fault!.detail).toContain('x-amz-security-token:…\nhost');
    expect(fault!.detail).not.toContain('SECRET');
  });

  it.each(Object.keys(calls) as Operation[])('is given ten seconds for %s', async (operation) => {
    // GIVEN
    respond = { status: 200, body: JSON.stringify(eventStream) };
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());

    // WHEN
    const call = calls[operation](new EventStreamApi());

    // THEN
    await expect(call).rejects.toMatchObject({ message: `${operation}: AbortError`, code: 'AbortError', status: undefined, mayPass: true });
    expect(timeout).toHaveBeenCalledWith(10_000);
    timeout.mockRestore();
  });
});
