import {
  DeleteEventStreamCommand,
  EventStream,
  GetEventStreamCommand,
  PinpointClient,
  PutEventStreamCommand,
} from '@aws-sdk/client-pinpoint';
import type { Setting } from './decision';

export type Operation = 'GetEventStream' | 'PutEventStream' | 'DeleteEventStream';

/** The longest that one call may take, from connecting to the last byte. */
const CALL_TIMEOUT_MS = 10_000;

/** An error as the SDK throws it: a service's answer, or whatever went wrong on the way. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** A call that did not succeed. */
export class Fault extends Error {
  constructor(
    readonly operation: Operation,
    /** The service's name for the error, or the system's, such as ENOTFOUND. */
    readonly code: string,
    /** What the service or the system said. */
    readonly detail: string,
    /** The HTTP status; undefined where no answer, or none that can be read, came back. */
    readonly status?: number,
  ) {
    super(`${operation}: ${code}`);
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

  /** Whether the endpoint's name is unknown for good; EAI_AGAIN, a resolver that fails, is not that. */
  get isUnknownEndpoint(): boolean {
    return this.code === 'ENOTFOUND';
  }
}

/** The three calls, each sent once: when to try again is for the caller to say. */
export class EventStreamApi {
  private readonly client = new PinpointClient({ maxAttempts: 1 });

  /** The event stream of the application; undefined where it has none, or does not exist. */
  public async get(applicationId: string): Promise<EventStream | undefined> {
    try {
      const output = await this.call('GetEventStream', (abortSignal) =>
        this.client.send(new GetEventStreamCommand({ ApplicationId: applicationId }), { abortSignal }));
      return output.EventStream;
    } catch (error) {
      return undefinedIfNotFound(error);
    }
  }

  public async put(applicationId: string, { DestinationStreamArn, RoleArn }: Setting): Promise<EventStream | undefined> {
    const output = await this.call('PutEventStream', (abortSignal) =>
      this.client.send(new PutEventStreamCommand({
        ApplicationId: applicationId,
        WriteEventStream: { DestinationStreamArn, RoleArn },
      }), { abortSignal }));
    return output.EventStream;
  }

  /** Also succeeds where there is nothing to delete any more. */
  public async delete(applicationId: string): Promise<void> {
    try {
      await this.call('DeleteEventStream', (abortSignal) =>
        this.client.send(new DeleteEventStreamCommand({ ApplicationId: applicationId }), { abortSignal }));
    } catch (error) {
      undefinedIfNotFound(error);
    }
  }

  private async call<T>(operation: Operation, send: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await send(AbortSignal.timeout(CALL_TIMEOUT_MS));
    } catch (error) {
      throw toFault(operation, error as SdkError);
    }
  }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof Fault && error.status === 404) {
    return undefined;
  }
  throw error;
}

function toFault(operation: Operation, error: SdkError): Fault {
  const status = error.$metadata?.httpStatusCode;
  // An answer to a wrong signature may repeat what was signed.
  const detail = error.message.replace(/(x-amz-security-token:)\S+/gi, '$1…');
  // A success whose body cannot be read says nothing about what happened.
  return new Fault(operation, error.code ?? error.name, detail, status !== undefined && status >= 400 ? status : undefined);
}
