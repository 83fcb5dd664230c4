import {
  DeleteEventStreamCommand,
  GetEventStreamCommand,
  PinpointClient,
  PutEventStreamCommand,
} from '@aws-sdk/client-pinpoint';
import type { EventStream, Setting } from './event-stream';
import { CALL_TIMEOUT_SECONDS } from './protocol';

export type Operation = 'GetEventStream' | 'PutEventStream' | 'DeleteEventStream';

/** The error code for an answer that is not what the API documents. */
export const UNREADABLE_ANSWER = 'UnreadableAnswer';

/** An error as the SDK throws it: an answer of the service, or a failure on the way. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** A call that did not succeed. */
export class CallFailure extends Error {
  constructor(
    readonly operation: Operation,
    /** The name that the service gives the error, or the system, such as ENOTFOUND. */
    readonly code: string,
    /** What the service or the system said. */
    readonly detail: string,
    /** The HTTP status. Undefined if there was no answer, or none that can be read. */
    readonly status?: number,
  ) {
    super(`${operation}: ${code}: ${detail}`);
  }

  /** Whether the same call may succeed later. */
  get mayPass(): boolean {
    switch (this.status) {
      case undefined: // no answer: the network, the endpoint, credentials not there yet
      case 403: // a policy that has not propagated yet
      case 409:
      case 429:
        return true;
      case 400: // Pinpoint cannot assume the role yet, or the role cannot reach the destination yet
        return this.operation === 'PutEventStream';
      default:
        return this.status >= 500;
    }
  }

  /** Whether the service answered that the call had no effect. */
  get wasRefused(): boolean {
    return this.status !== undefined && this.status < 500;
  }

  /** Whether DNS answered that the name of the endpoint does not exist. EAI_AGAIN would mean that the resolver failed. */
  get isUnknownEndpoint(): boolean {
    return this.code === 'ENOTFOUND';
  }
}

/** The three calls, each sent once: the caller decides about retries. */
export class EventStreamApi {
  private readonly client = new PinpointClient({ maxAttempts: 1 });

  /** The event stream of the application. Undefined if the application has none, or does not exist. */
  public async get(applicationId: string): Promise<EventStream | undefined> {
    return this.call('GetEventStream', (abortSignal) =>
      this.client.send(new GetEventStreamCommand({ ApplicationId: applicationId }), { abortSignal })).catch(undefinedIfNotFound);
  }

  public async put(applicationId: string, { DestinationStreamArn, RoleArn }: Setting): Promise<EventStream> {
    return this.call('PutEventStream', (abortSignal) =>
      this.client.send(new PutEventStreamCommand({
        ApplicationId: applicationId,
        WriteEventStream: { DestinationStreamArn, RoleArn },
      }), { abortSignal }));
  }

  /** The event stream that was deleted. Undefined if there was none. */
  public async delete(applicationId: string): Promise<EventStream | undefined> {
    return this.call('DeleteEventStream', (abortSignal) =>
      this.client.send(new DeleteEventStreamCommand({ ApplicationId: applicationId }), { abortSignal })).catch(undefinedIfNotFound);
  }

  private async call(operation: Operation, send: (abortSignal: AbortSignal) => Promise<{ EventStream?: unknown }>): Promise<EventStream> {
    try {
      return read((await send(AbortSignal.timeout(CALL_TIMEOUT_SECONDS * 1_000))).EventStream);
    } catch (error) {
      throw toCallFailure(operation, error as SdkError);
    }
  }
}

function undefinedIfNotFound(failure: CallFailure): undefined {
  if (failure.status === 404) {
    return undefined;
  }
  throw failure;
}

/**
 * The fields of an event stream that AWS documents. Other fields are dropped, so that they do not appear in the log.
 *
 * @throws Error if the answer is not an event stream
 */
function read(answer: unknown): EventStream {
  const { ApplicationId, DestinationStreamArn, RoleArn, LastModifiedDate, LastUpdatedBy } = (answer ?? {}) as Record<keyof EventStream, unknown>;
  if (typeof DestinationStreamArn !== 'string' || typeof RoleArn !== 'string') {
    throw Object.assign(new Error(`expected an event stream with DestinationStreamArn and RoleArn, got ${toText(answer)}`), { name: UNREADABLE_ANSWER });
  }
  return {
    ApplicationId: ifText(ApplicationId),
    DestinationStreamArn,
    RoleArn,
    LastModifiedDate: ifText(LastModifiedDate),
    LastUpdatedBy: ifText(LastUpdatedBy),
  };
}

function ifText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : `${JSON.stringify(value)}`;
}

function toCallFailure(operation: Operation, error: SdkError): CallFailure {
  const status = error.$metadata?.httpStatusCode;
  // The second line, which the SDK adds, is for developers of the function.
  const message = toText(error.message).split('\n  Deserialization error')[0];
  const { code, detail } = error.name === 'SyntaxError'
    ? { code: UNREADABLE_ANSWER, detail: `expected JSON: ${message}` }
    : { code: error.code ?? error.name, detail: message };
  return new CallFailure(
    operation,
    code,
    // The answer to a wrong signature may repeat what was signed, session token included.
    detail.replace(/(x-amz-security-token:)\S+/gi, '$1…'),
    // A success with an unreadable body does not tell what happened.
    status !== undefined && status >= 400 ? status : undefined,
  );
}
