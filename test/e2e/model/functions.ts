import { AsyncLocalStorage } from 'async_hooks';
import type { Caller } from './service';
import type { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import { functionTimeoutSeconds } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { ContractStack } from '../../support/cloudformation/cloudformation';
import type { VirtualTime } from '../../support/cloudformation/time';

/** One run of the function. */
interface Invocation {
  readonly request: CustomResourceRequest;
  readonly deadline: number;
  /** It began when CloudFormation had given the request up. */
  readonly beganLate: boolean;
  /** It began when another run had answered the request. */
  readonly beganAnswered: boolean;
}

/** Lambda, as it runs the function: in execution environments that it uses again, and until a time limit. */
export class Functions {
  /** What may never happen, and did. */
  public readonly violations: string[] = [];

  private readonly invocations = new AsyncLocalStorage<Invocation>();
  private readonly running = new Set<Invocation>();
  /** The execution environments that have nothing to do, the last used one last. */
  private idle: Handler[] = [];
  /** The environment that answered each request; a second delivery comes to the same one, which Lambda does not promise. */
  private readonly answeredBy = new Map<string, Handler>();

  constructor(
    private readonly time: VirtualTime,
    private readonly newHandler: (clock: Clock) => Handler,
    private readonly propagationTimeoutSeconds: number,
    private readonly stackOf: (request: CustomResourceRequest) => ContractStack,
  ) {}

  /** Who makes the call that is being answered. */
  public get caller(): Caller {
    const invocation = this.invocations.getStore()!;
    const { request } = invocation;
    return {
      request,
      stack: this.stackOf(request),
      isStray: invocation.beganLate || (!invocation.beganAnswered && this.answeredBy.has(request.RequestId)),
      isNotAlone: [...this.running].some(({ request: { RequestId, StackId, LogicalResourceId } }) =>
        RequestId !== request.RequestId && StackId === request.StackId && LogicalResourceId === request.LogicalResourceId),
      die: () => {
        this.running.delete(invocation);
        return this.time.die();
      },
    };
  }

  public get areRunning(): boolean {
    return this.running.size > 0;
  }

  public invoke(request: CustomResourceRequest): void {
    const invocation: Invocation = {
      request,
      deadline: this.time.now() + functionTimeoutSeconds(this.propagationTimeoutSeconds) * 1_000,
      beganLate: this.stackOf(request).hasGivenUp(request),
      beganAnswered: this.answeredBy.has(request.RequestId),
    };
    const context = { getRemainingTimeInMillis: () => invocation.deadline - this.time.now() };
    const environment = this.answeredBy.get(request.RequestId) ?? this.idle.at(-1) ?? this.newHandler(this.time);
    this.running.add(invocation);
    this.idle = this.idle.filter((other) => other !== environment);
    void this.time.run(() => this.invocations.run(invocation, async () => {
      await environment(request, context).catch((error: Error) => this.violations.push(error.message));
      this.running.delete(invocation);
      this.answeredBy.set(request.RequestId, environment);
      this.idle.push(environment);
      if (this.time.now() > invocation.deadline) {
        this.violations.push(`an answer to ${request.RequestType} after the function's timeout`);
      }
    }));
  }
}
