import type { HttpRequest } from '@smithy/core/protocols';
import type { Deviations, Run } from './run';
import type { Call, Service } from './service';
import type { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import { functionTimeoutSeconds } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { CustomResourceResponse } from '../../../src/handler/response';
import { AwaitedRequest, findViolation } from '../../support/cloudformation/response-endpoint';

const COLD_START_MS = 300;
const WARM_START_MS = 50;
const RESPONSE_TRAVEL_MS = 60;

/** An execution environment of Lambda. */
interface Environment {
  readonly handler: Handler;
  isBusy: boolean;
  isDead: boolean;
}

/** One run of the function. */
export interface Invocation {
  readonly name: string;
  readonly request: CustomResourceRequest;
  /** How many calls it has made. */
  calls: number;
  /** When it looked last, in the order of all that happened. */
  lookedAt?: number;
  /** Sends a call to Amazon Pinpoint. */
  send(call: Call): Promise<unknown>;
  /** Ends the function where it is. */
  die(): Promise<never>;
}

/** A request whose response CloudFormation waits for. */
interface Awaited {
  readonly request: AwaitedRequest;
  readonly onAnswer?: (response: CustomResourceResponse) => void;
  deliveries: number;
  responses: number;
}

/** When a request is delivered, in milliseconds after it was made. */
interface Delivery {
  readonly after: number;
  readonly again?: { readonly after: number; readonly toAnother: boolean };
}

const ONCE: Delivery = { after: 0 };

const again = (seconds: number, toAnother: boolean): Delivery => ({ after: 0, again: { after: seconds * 1_000, toAnother } });

const DELIVERIES_DEVIATE: Deviations<Delivery> = {
  'late start': named([5, 20, 179], (seconds) => [`begins ${seconds} s late`, { after: seconds * 1_000 }]),
  'second delivery': named([0, 3, 60, 175], (seconds) => [`comes again after ${seconds} s, to another environment`, again(seconds, true)]),
  'second delivery alike': named([3, 60, 175], (seconds) => [`comes again after ${seconds} s, to the last environment`, again(seconds, false)]),
};

function named(seconds: readonly number[], toEntry: (seconds: number) => [string, Delivery]): Readonly<Record<string, Delivery>> {
  return Object.fromEntries(seconds.map(toEntry));
}

/** Lambda, as it delivers requests to the function's environments, and the URLs to which the function responds. */
export class Functions {
  /** The invocation that has just begun: the handler makes its client before it waits for anything. */
  public beginning?: Invocation;

  private environments: Environment[] = [];
  private readonly awaited = new Map<string, Awaited>();
  private readonly clockSkew: number;

  constructor(
    private readonly run: Run,
    private readonly newFunction: (clock: Clock) => Handler,
    private readonly propagationTimeoutSeconds: number,
  ) {
    this.clockSkew = run.choose('the clock of Lambda', 0, { clocks: { 'is 2 s behind': -2_000, 'is 2 s ahead': 2_000 } });
  }

  /** The URL of a response, with the date of the request in the form that AWS uses. */
  public urlFor(request: AwaitedRequest, signedAt?: Date, onAnswer?: (response: CustomResourceResponse) => void): string {
    this.awaited.set(request.RequestId, { request, onAnswer, deliveries: 0, responses: 0 });
    return `https://cloudformation/${request.RequestId}?X-Amz-Date=${signedAt!.toISOString().replace(/\.\d+|[-:]/g, '')}`;
  }

  /** Invokes the function asynchronously: once, as a rule. */
  public invoke(request: CustomResourceRequest, name: string, service: Service): void {
    const delivery = this.run.choose(name, ONCE, DELIVERIES_DEVIATE);
    this.run.time.after(delivery.after, () => this.deliver(request, name, service));
    if (delivery.again) {
      const { after, toAnother } = delivery.again;
      this.run.time.after(after, () => this.deliver(request, `${name} (again)`, service, toAnother));
    }
  }

  /** Takes a response, as CloudFormation does. */
  public async respond({ path, method, headers, body }: HttpRequest): Promise<{ response: unknown }> {
    await this.run.time.sleep(RESPONSE_TRAVEL_MS);
    const awaited = this.awaited.get(path.slice(1, path.indexOf('?')))!;
    const violation = findViolation({ method, headers }, Buffer.from(body as string), awaited.request);
    if (violation !== undefined || ++awaited.responses > awaited.deliveries) {
      this.run.violate('the response is wrong', `${violation ?? 'one too many'}: ${body}`);
    }
    const response = JSON.parse(body as string) as CustomResourceResponse;
    this.run.note(`response ${response.Status} ${response.PhysicalResourceId}${response.Reason ? `: ${response.Reason}` : ''}`);
    awaited.onAnswer?.(response);
    return { response: { statusCode: 200, body: { resume: () => undefined } } };
  }

  private deliver(request: CustomResourceRequest, name: string, service: Service, toAnother: boolean = false): void {
    const { time } = this.run;
    const idle = toAnother ? undefined : this.environments.filter(({ isBusy, isDead }) => !isBusy && !isDead).at(-1);
    const environment = idle ?? this.newEnvironment();
    environment.isBusy = true;
    // The last used one last.
    this.environments = [...this.environments.filter((other) => other !== environment), environment];
    time.after(idle ? WARM_START_MS : COLD_START_MS, () => {
      const deadline = time.now() + functionTimeoutSeconds(this.propagationTimeoutSeconds) * 1_000;
      this.run.note(`${name} begins`);
      this.awaited.get(request.RequestId)!.deliveries++;
      this.beginning = this.newInvocation(environment, request, name, service);
      let hasEnded = false;
      const end = (error?: Error) => {
        hasEnded = true;
        environment.isBusy = false;
        if (error) {
          this.run.violate('the response is wrong', error.message);
        }
      };
      environment.handler(request, { getRemainingTimeInMillis: () => deadline - time.now() }).then(() => end(), end);
      time.after(deadline - time.now(), () => {
        if (!hasEnded && !environment.isDead) {
          environment.isDead = true;
          this.run.violate('the response is wrong', `${name} takes longer than the function may`);
        }
      });
    });
  }

  private newInvocation(environment: Environment, request: CustomResourceRequest, name: string, service: Service): Invocation {
    const invocation: Invocation = {
      name,
      request,
      calls: 0,
      send: (call) => whileAlive(environment, service.answer(invocation, call)),
      die: () => {
        this.run.note(`${name} dies`);
        environment.isDead = true;
        return never();
      },
    };
    return invocation;
  }

  private newEnvironment(): Environment {
    const { time } = this.run;
    const environment: Environment = {
      isBusy: false,
      isDead: false,
      handler: this.newFunction({
        now: () => time.now() + this.clockSkew,
        sleep: (milliseconds) => whileAlive(environment, time.sleep(milliseconds)),
        random: () => time.random(),
      }),
    };
    return environment;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** What is dead hears no more. */
function whileAlive<T>(environment: Environment, promise: Promise<T>): Promise<T> {
  return promise.then(
    (value) => (environment.isDead ? never() : value),
    (error) => (environment.isDead ? never() : Promise.reject(error as Error)));
}
