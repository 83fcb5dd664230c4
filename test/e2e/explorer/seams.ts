import type { HttpRequest } from '@smithy/core/protocols';
import type { Invocation } from './functions';
import type { Call } from './service';
import type { World } from './world';
import type { Setting } from '../../../src/handler/event-stream';

/** What stands for the SDK's clients and for the log: there the handler's own source ends, and the world begins. */

export const seams: { world?: World } = {};

/** Stands for a deadline: time is virtual. */
export const timeoutSignal = (milliseconds: number) => ({ milliseconds, aborted: false }) as unknown as AbortSignal;

class PinpointClient {
  private readonly invocation: Invocation = seams.world!.functions.beginning!;

  public send(command: Command, { abortSignal }: { abortSignal: { milliseconds: number } }): Promise<unknown> {
    return this.invocation.send({
      operation: command.operation,
      applicationId: command.input.ApplicationId,
      setting: command.input.WriteEventStream,
      timeout: abortSignal.milliseconds,
    });
  }
}

interface Command {
  readonly operation: Call['operation'];
  readonly input: { readonly ApplicationId: string; readonly WriteEventStream?: Setting };
}

const commandFor = (operation: Call['operation']) => class implements Command {
  public readonly operation = operation;
  constructor(readonly input: Command['input']) {}
};

export const pinpointSdk = {
  PinpointClient,
  GetEventStreamCommand: commandFor('Get'),
  PutEventStreamCommand: commandFor('Put'),
  DeleteEventStreamCommand: commandFor('Delete'),
};

export const httpHandler = {
  NodeHttpHandler: class {
    public handle(request: HttpRequest): Promise<unknown> {
      return seams.world!.functions.respond(request);
    }

    public destroy(): void {}
  },
};

export const logger = {
  log: (_level: string, message: string, { goal, action, error, reason }: Record<string, unknown>) => {
    seams.world!.run.note(['   log:', message, goal, action, error, reason].filter((part) => part !== undefined).join(' '));
  },
};
