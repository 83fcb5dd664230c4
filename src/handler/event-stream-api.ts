import {
  DeleteEventStreamCommand,
  GetEventStreamCommand,
  PinpointClient,
  PutEventStreamCommand,
} from '@aws-sdk/client-pinpoint';
import type { EventStream, Setting } from './event-stream';
import { CALL_TIMEOUT_SECONDS } from './protocol';

export type Operation = 'GetEventStream' | 'PutEventStream' | 'DeleteEventStream';

/** The code of a failure whose answer is not what the API promises. */
export const UNREADABLE_ANSWER = 'UnreadableAnswer';

/** An error as the SDK throws it: a service's answer, or whatever went wrong on the way. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** A call that did not succeed. */
export class CallFailure extends Error {
  constructor(
    readonly operation: Operation,
    /** The service's name for the error, or the system's, such as ENOTFOUND. */
    readonly code: string,
    /** What the service or the system said. */
    readonly detail: string,
    /** The HTTP status; undefined where no answer, or none that can be read, came back. */
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

  /** Whether DNS answered that the name of the endpoint does not exist; EAI_AGAIN is a resolver that failed. */
  get isUnknownEndpoint(): boolean {
    return this.code === 'ENOTFOUND';
  }
}

/** The three calls, each sent once: when to try again is for the caller to say. */
export class EventStreamApi {
  private readonly client = new PinpointClient({ maxAttempts: 1 });

  /** The event stream of the application; undefined where it has none, or does not exist. */
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

  /** The event stream that was deleted; undefined where there was none. */
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
 * What the documentation says is in an event stream; what else comes is nobody's business in a log.
 *
 * @throws Error where it is no event stream
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
  // What the SDK adds in a second line is for those who program it.
  const message = toText(error.message).split('\n  Deserialization error')[0];
  const { code, detail } = error.name === 'SyntaxError'
    ? { code: UNREADABLE_ANSWER, detail: `expected JSON: ${message}` }
    : { code: error.code ?? error.name, detail: message };
  return new CallFailure(
    operation,
    code,
    // An answer to a wrong signature may repeat what was signed.
    detail.replace(/(x-amz-security-token:)\S+/gi, '$1…'),
    // A success whose body cannot be read says nothing about what happened.
    status !== undefined && status >= 400 ? status : undefined,
  );
}
