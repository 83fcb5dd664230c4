import { createServer, IncomingHttpHeaders, Server, ServerResponse } from 'http';
import { AddressInfo, Socket } from 'net';
import type { EventStreamProperties } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { CustomResourceResponse } from '../../../src/handler/response';

/** What the endpoint does with an answer: it replies with a status, hangs up, never replies, or replies after so many milliseconds. */
export type Reaction = number | 'hang up' | 'hang' | { readonly replyAfter: number };

/** An HTTP request that the endpoint got. */
export interface ReceivedRequest {
  /** The URL's path; each answer has its own. */
  readonly path: string;
  readonly method?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What the endpoint did with it. */
  readonly reaction: Reaction;
}

/** A request to be answered; its answer must repeat the IDs, and is held to the rest where that is given. */
export interface AwaitedRequest extends Pick<CustomResourceRequest, 'StackId' | 'RequestId' | 'LogicalResourceId'> {
  readonly RequestType?: CustomResourceRequest['RequestType'];
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: Partial<EventStreamProperties>;
}

const MAX_RESPONSE_BYTES = 4_096;
const MAX_PHYSICAL_ID_BYTES = 1_024;
const FIELDS = ['Status', 'Reason', 'PhysicalResourceId', 'StackId', 'RequestId', 'LogicalResourceId', 'NoEcho', 'Data'];

interface Expectation {
  readonly request: AwaitedRequest;
  readonly onAnswer?: (answer: CustomResourceResponse) => void;
  /** CloudFormation acts on the first answer, and on no other. */
  isAnswered?: boolean;
}

/**
 * Stands for the presigned URLs to which a custom resource sends its answers, and holds it to what CloudFormation documents of them.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export class ResponseEndpoint {
  /** The part of each URL that must never show. */
  public static readonly SECRET = 'X-Amz-Signature=c0ffee';

  public static async start(): Promise<ResponseEndpoint> {
    const endpoint = new ResponseEndpoint();
    await new Promise<void>((resolve) => endpoint.server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  /** Everything that came, taken or not. */
  public readonly requests: ReceivedRequest[] = [];

  /** What was taken, in its order. */
  public readonly answers: CustomResourceResponse[] = [];

  /** What came and is against the contract; a test that ends with any has failed. */
  public readonly violations: string[] = [];

  private readonly expectations = new Map<string, Expectation>();
  private readonly reactions = new Map<string, Reaction[]>();
  private count = 0;

  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const path = request.url!.split('?')[0];
      const expectation = this.expectations.get(path);
      const violation = expectation ? findViolation(request, body, expectation.request) : 'nobody asked for this answer';
      if (violation !== undefined) {
        this.violations.push(`${violation}: ${request.method} ${path} ${body.toString('utf8')}`);
      }
      const reaction = violation === undefined ? this.reactions.get(path)?.shift() ?? 200 : 400;
      this.requests.push({ path, method: request.method, headers: request.headers, body: body.toString('utf8'), reaction });
      if (reaction === 200 || typeof reaction === 'object') {
        this.take(path, JSON.parse(body.toString('utf8')) as CustomResourceResponse);
      }
      react(reaction, response, request.socket);
    });
  });

  /**
   * A URL for the one answer to a request.
   *
   * @param request the request
   * @param signedAt the date in the URL, in the form that AWS uses; the URL has none without it
   * @param onAnswer told of the first answer that was taken
   */
  public urlFor(request: AwaitedRequest, signedAt?: Date, onAnswer?: (answer: CustomResourceResponse) => void): string {
    const path = `/${++this.count}`;
    this.expectations.set(path, { request, onAnswer });
    const date = signedAt ? `X-Amz-Date=${signedAt.toISOString().replace(/\.\d+|[-:]/g, '')}&` : '';
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}?${date}${ResponseEndpoint.SECRET}`;
  }

  /** What came to this URL, taken or not. */
  public received(url: string): ReceivedRequest[] {
    const { pathname } = new URL(url);
    return this.requests.filter(({ path }) => path === pathname);
  }

  /** What to do with the next answers to this URL, one after the other; those that follow are taken. */
  public react(url: string, ...reactions: Reaction[]): void {
    this.reactions.set(new URL(url).pathname, reactions);
  }

  /** Forgets what came, and what was asked for. */
  public reset(): void {
    this.expectations.clear();
    this.reactions.clear();
    this.requests.length = 0;
    this.answers.length = 0;
    this.violations.length = 0;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(path: string, answer: CustomResourceResponse): void {
    this.answers.push(answer);
    const expectation = this.expectations.get(path)!;
    if (!expectation.isAnswered) {
      expectation.isAnswered = true;
      expectation.onAnswer?.(answer);
    }
  }
}

/** How an answer, as it comes in an HTTP request, is against what is documented; undefined where it is not. */
export function findViolation(
  { method, headers }: { readonly method?: string; readonly headers: IncomingHttpHeaders }, body: Buffer, request: AwaitedRequest,
): string | undefined {
  if (method !== 'PUT' || headers['content-type'] || headers['transfer-encoding'] || headers['content-length'] !== String(body.length)) {
    return 'not a PUT as the URL is signed for: without a content type, and with a content length';
  }
  if (body.length > MAX_RESPONSE_BYTES) {
    return `longer than ${MAX_RESPONSE_BYTES} bytes`;
  }
  return findViolationIn(parse(body), request);
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    // Fatal, since a character that was cut through would otherwise be replaced without a sign.
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(body)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function findViolationIn(answer: Record<string, unknown> | undefined, request: AwaitedRequest): string | undefined {
  if (typeof answer !== 'object' || Object.keys(answer).some((name) => !FIELDS.includes(name))) {
    return 'not an object with the documented fields';
  }
  const { Status, Reason, PhysicalResourceId, Data } = answer;
  if (Status !== 'SUCCESS' && Status !== 'FAILED') {
    return 'neither SUCCESS nor FAILED';
  }
  if (Status === 'FAILED' && !Reason) {
    return 'failed without a reason';
  }
  if (typeof PhysicalResourceId !== 'string' || PhysicalResourceId === '' || Buffer.byteLength(PhysicalResourceId) > MAX_PHYSICAL_ID_BYTES) {
    return `no physical ID, or one longer than ${MAX_PHYSICAL_ID_BYTES} bytes`;
  }
  if (Data !== undefined && Object.values(Data as object).some((value) => typeof value !== 'string')) {
    return 'data other than names and texts';
  }
  for (const name of ['StackId', 'RequestId', 'LogicalResourceId'] as const) {
    if (answer[name] !== request[name]) {
      return `another ${name} than its request`;
    }
  }
  return findViolationInPhysicalId(Status, PhysicalResourceId, request);
}

/** A changed physical ID makes CloudFormation delete what has the former one. */
function findViolationInPhysicalId(status: CustomResourceResponse['Status'], physicalId: string, request: AwaitedRequest): string | undefined {
  const { RequestType, PhysicalResourceId, ResourceProperties } = request;
  if (PhysicalResourceId !== undefined && (RequestType === 'Delete' || status === 'FAILED') && physicalId !== PhysicalResourceId) {
    return 'a physical ID that changes with a deletion, or with a failure';
  }
  if (RequestType !== undefined && RequestType !== 'Delete' && status === 'SUCCESS' && physicalId !== ResourceProperties?.ApplicationId) {
    return 'a physical ID that does not follow the application';
  }
  return undefined;
}

function react(reaction: Reaction, response: ServerResponse, socket: Socket): void {
  if (reaction === 'hang up') {
    socket.destroy();
  } else if (typeof reaction === 'object') {
    setTimeout(() => response.writeHead(200).end(), reaction.replyAfter);
  } else if (reaction !== 'hang') {
    response.writeHead(reaction).end();
  }
}
