import { createServer, Server } from 'http';
import { AddressInfo } from 'net';

/** Stands for Amazon Pinpoint, where an application has no event stream yet, and for CloudFormation; answers at once. */
export class Service {
  public static async start(): Promise<Service> {
    const server = createServer((request, response) => {
      request.resume().once('end', () => {
        const found = request.method !== 'GET';
        response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
          .end(JSON.stringify(found ? { ApplicationId: '0', DestinationStreamArn: 'd', RoleArn: 'r' } : { Message: 'not found' }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Service(server);
  }

  private constructor(private readonly server: Server) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What a function has in its environment to call it. */
  public get environment(): Record<string, string> {
    return {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_PINPOINT: this.url,
      PROPAGATION_TIMEOUT_SECONDS: '120',
    };
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
