import { createServer, Server } from 'http';
import { AddressInfo } from 'net';

/** What a relay does to the calls of one method. */
export interface RelayOptions {
  readonly method: 'POST' | 'DELETE';
  /** Comes before each such call takes effect. */
  readonly before?: () => Promise<unknown>;
  /** Answers them with another status than Pinpoint did, after they took effect. */
  readonly loses?: {
    readonly status: number;
    /** How many of them. */
    readonly times: number;
    /** How many calls of any method are answered so after the first of them, without effect. */
    readonly thenUnavailableFor?: number;
  };
}

/** Passes calls to Amazon Pinpoint on, and does to some what the fault proxy cannot. */
export class Relay {
  public static async start(upstream: string, options: RelayOptions): Promise<Relay> {
    const relay = new Relay(upstream, options);
    await new Promise<void>((resolve) => relay.server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  /** How many answers to calls that took effect were lost so far. */
  public timesStruck = 0;

  private unavailable = 0;

  private readonly server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const { method, before, loses: { status, times, thenUnavailableFor = 0 } = { status: 500, times: 0 } } = this.options;
    const fail = () => response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    if (this.unavailable > 0) {
      this.unavailable--;
      fail();
      return;
    }
    if (request.method === method) {
      await before?.();
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

  private constructor(private readonly upstream: string, private readonly options: RelayOptions) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
