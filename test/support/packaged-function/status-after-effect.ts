import { createServer, Server } from 'http';
import { AddressInfo } from 'net';

/** Which calls that took effect are answered as if they had failed. */
export interface StatusAfterEffectOptions {
  readonly method: 'POST' | 'DELETE';
  readonly status: number;
  /** How many of them. */
  readonly times: number;
  /** How many calls are answered so after the first of them, without effect. */
  readonly thenUnavailableFor?: number;
}

/**
 * Passes calls to Amazon Pinpoint on, and answers some with another status than Pinpoint did, after they took effect.
 *
 * The fault proxy cannot do that.
 */
export class StatusAfterEffect {
  public static async start(upstream: string, options: StatusAfterEffectOptions): Promise<StatusAfterEffect> {
    const proxy = new StatusAfterEffect(upstream, options);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** How many answers to calls that took effect were lost so far. */
  public timesStruck = 0;

  private unavailable = 0;

  private readonly server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const { method, status, times, thenUnavailableFor = 0 } = this.options;
    const fail = () => response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    if (this.unavailable > 0) {
      this.unavailable--;
      fail();
      return;
    }
    const answer = await fetch(`${this.upstream}${request.url}`, {
      method: request.method,
      headers: { 'authorization': request.headers.authorization!, 'content-type': request.headers['content-type'] ?? 'application/json' },
      body: chunks.length > 0 ? Buffer.concat(chunks) : undefined,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (request.method === method && answer.ok && this.timesStruck < times) {
      this.timesStruck++;
      this.unavailable = thenUnavailableFor;
      fail();
    } else {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
    }
  });

  private constructor(private readonly upstream: string, private readonly options: StatusAfterEffectOptions) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
