import { createServer, IncomingHttpHeaders, Server } from 'http';
import { AddressInfo } from 'net';
import type { Answer } from '../../../src/provider/handler/response';

/** What the endpoint does with a request: it answers with a status, or hangs up. */
export type Reaction = number | 'hang up';

/** Stands for the presigned URL to which a custom resource sends its answer. */
export class CloudFormationEndpoint {
  /** The part of the URL that must never show. */
  public static readonly SECRET = 'X-Amz-Signature=c0ffee';

  public static async start(): Promise<CloudFormationEndpoint> {
    const endpoint = new CloudFormationEndpoint();
    await new Promise<void>((resolve) => endpoint.server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  public readonly requests: { method?: string; headers: IncomingHttpHeaders; body: string }[] = [];
  private reactions: Reaction[] = [];

  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.requests.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const reaction = this.reactions.shift() ?? 200;
      if (reaction === 'hang up') {
        request.socket.destroy();
      } else {
        response.writeHead(reaction).end();
      }
    });
  });

  /** @param signedAt the date in the URL, in the form that AWS uses; the URL has none without it */
  public url(signedAt?: string): string {
    const date = signedAt ? `X-Amz-Date=${signedAt}&` : '';
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/answer?${date}${CloudFormationEndpoint.SECRET}`;
  }

  public get answers(): Answer[] {
    return this.requests.map(({ body }) => JSON.parse(body) as Answer);
  }

  /** What to do with the next requests, one after the other; those that follow succeed. */
  public react(...reactions: Reaction[]): void {
    this.reactions = reactions;
  }

  public reset(): void {
    this.requests.length = 0;
    this.reactions = [];
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
