import { createServer, Server } from 'http';
import { AddressInfo } from 'net';

/**
 * Passes calls to Amazon Pinpoint on, and answers some with another status than Pinpoint did, after they took effect.
 *
 * The fault proxy cannot do that.
 */
export class StatusAfterEffect {
  public static async start(upstream: string, method: string, status: number, times: number): Promise<StatusAfterEffect> {
    const proxy = new StatusAfterEffect(upstream, method, status, times);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private readonly server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const answer = await fetch(`${this.upstream}${request.url}`, {
      method: request.method,
      headers: { 'authorization': request.headers.authorization!, 'content-type': request.headers['content-type'] ?? 'application/json' },
      body: chunks.length > 0 ? Buffer.concat(chunks) : undefined,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const fails = request.method === this.method && this.times-- > 0;
    response.writeHead(fails ? this.status : answer.status, { 'content-type': 'application/json' }).end(fails ? '{}' : body);
  });

  private constructor(
    private readonly upstream: string,
    private readonly method: string,
    private readonly status: number,
    private times: number,
  ) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
