import {
  DeleteEventStreamCommand, GetEventStreamCommand, PinpointClient, PinpointServiceException, PutEventStreamCommand,
  PutEventStreamRequest, WriteEventStream as EventStreamSetting,
} from '@aws-sdk/client-pinpoint';
import { mockClient } from 'aws-sdk-client-mock';
import type { EventStream } from '../../../src/handler/event-stream';
import type { Operation } from '../../../src/handler/event-stream-api';

/** An answer of the service that refuses a call. */
export function serviceError(status: number, name: string = 'ServiceError', message: string = `status ${status}`): Error {
  return new PinpointServiceException({ name, message, $fault: status < 500 ? 'client' : 'server', $metadata: { httpStatusCode: status } });
}

/** An error of the network, which brings no answer. */
export function networkError(code: string): Error {
  return Object.assign(new Error(`${code} pinpoint.eu-west-1.amazonaws.com`), { code });
}

/** A call that has come in, and what it does to the event streams. */
export interface Call {
  readonly operation: Operation;
  readonly applicationId: string;
  /** What a Put sets. */
  readonly setting?: EventStreamSetting;
}

interface Fault {
  readonly operation: Operation;
  readonly applicationId?: string;
  readonly error: Error;
  times: number;
  readonly afterEffect: boolean;
}

/** The event streams of Amazon Pinpoint's applications, behind the SDK's client; each call can be made to fail. */
export class FakePinpoint {
  /** The event streams, by application; a test puts there what shall be found. */
  public readonly eventStreams = new Map<string, EventStream>();

  /** Whether what a Put sets has a date. */
  public givesDates = true;

  /** Stands between each call and its effect, and may do something else instead; faults that a test sets come after it. */
  public intercept?: <T>(call: Call, effect: () => T) => T | Promise<T>;

  private readonly client = mockClient(PinpointClient);
  private faults: Fault[] = [];

  constructor(public now: () => Date) {
    this.client.on(GetEventStreamCommand).callsFake(({ ApplicationId }: { ApplicationId: string }) =>
      this.answer({ operation: 'GetEventStream', applicationId: ApplicationId }, () => ({ EventStream: this.found(ApplicationId) })));
    this.client.on(PutEventStreamCommand).callsFake(({ ApplicationId, WriteEventStream }: PutEventStreamRequest) =>
      this.answer({ operation: 'PutEventStream', applicationId: ApplicationId!, setting: WriteEventStream }, () => {
        const LastModifiedDate = this.givesDates ? this.now().toISOString() : undefined;
        this.eventStreams.set(ApplicationId!, { ApplicationId, ...WriteEventStream!, LastModifiedDate } as EventStream);
        return { EventStream: this.found(ApplicationId!) };
      }));
    this.client.on(DeleteEventStreamCommand).callsFake(({ ApplicationId }: { ApplicationId: string }) =>
      this.answer({ operation: 'DeleteEventStream', applicationId: ApplicationId }, () => {
        const deleted = this.found(ApplicationId);
        this.eventStreams.delete(ApplicationId);
        return { EventStream: deleted };
      }));
  }

  public reset(): void {
    this.eventStreams.clear();
    this.faults = [];
    this.givesDates = true;
    this.intercept = undefined;
    this.client.resetHistory();
  }

  /** Makes the next calls of an operation fail: all of them unless told how many, for all applications unless told which. */
  public fail(operation: Operation, error: Error, times: number = Infinity, applicationId?: string): void {
    this.faults.push({ operation, applicationId, error, times, afterEffect: false });
  }

  /** Makes the next call of an operation succeed, and its answer get lost. */
  public loseAnswer(operation: Operation, error: Error = networkError('ECONNRESET')): void {
    this.faults.push({ operation, error, times: 1, afterEffect: true });
  }

  /** All calls in their order, such as `Put 0123…`. */
  public get calls(): string[] {
    return this.client.calls().map(({ args: [{ constructor, input }] }) =>
      `${constructor.name.replace('EventStreamCommand', '')} ${(input as { ApplicationId: string }).ApplicationId}`);
  }

  /** What the Puts sent. */
  public get puts(): unknown[] {
    return this.client.commandCalls(PutEventStreamCommand).map(({ args: [{ input }] }) => input);
  }

  private found(applicationId: string): EventStream {
    const eventStream = this.eventStreams.get(applicationId);
    if (!eventStream) {
      throw serviceError(404, 'NotFoundException', 'Resource not found');
    }
    return eventStream;
  }

  private answer<T>(call: Call, effect: () => T): T | Promise<T> {
    return this.intercept ? this.intercept(call, () => this.afterFaults(call, effect)) : this.afterFaults(call, effect);
  }

  private afterFaults<T>({ operation, applicationId }: Call, effect: () => T): T {
    const fault = this.faults.find((candidate) => candidate.operation === operation && candidate.times > 0
      && (candidate.applicationId ?? applicationId) === applicationId);
    if (!fault) {
      return effect();
    }
    fault.times--;
    if (fault.afterEffect) {
      effect();
    }
    throw fault.error;
  }
}
