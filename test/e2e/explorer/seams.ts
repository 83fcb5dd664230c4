import type { HttpRequest } from '@smithy/core/protocols';
import type { Call } from './service';
import type { World } from './world';
import type { Setting } from '../../../src/handler/event-stream';

/** Where the handler's own source ends: this stands for the SDK's client, its client for HTTP, the log, and the timeouts of calls. */

/** The world of the run that is being played. */
export const seams: { world?: World } = {};

interface Command {
  readonly operation: Call['operation'];
  readonly input: { readonly ApplicationId: string; readonly WriteEventStream?: Setting };
}

const commandFor = (operation: Command['operation']) => class implements Command {
  public readonly operation = operation;
  constructor(readonly input: Command['input']) {}
};

export const pinpointSdk = {
  PinpointClient: class {
    readonly invocation = seams.world!.functions.beginning!;

    public send({ operation, input }: Command, { abortSignal }: { readonly abortSignal: { readonly timeout: number } }): Promise<unknown> {
      const { ApplicationId: applicationId, WriteEventStream: setting } = input;
      return this.invocation.send({ operation, applicationId, setting, timeout: abortSignal.timeout });
    }
  },
  GetEventStreamCommand: commandFor('Get'),
  PutEventStreamCommand: commandFor('Put'),
  DeleteEventStreamCommand: commandFor('Delete'),
};

export const timeoutSignal = (timeout: number) => ({ timeout }) as unknown as AbortSignal;

export const nodeHttpHandler = {
  NodeHttpHandler: class {
    public handle(request: HttpRequest): Promise<unknown> {
      return seams.world!.functions.respond(request);
    }

    public destroy(): void {}
  },
};

export const logger = {
  log: (_level: string, message: string, { goal, action, error, reason }: Record<string, unknown>) =>
    seams.world!.run.note(`    ${[message, goal, action, error, reason].filter(Boolean).join(', ')}`),
};
