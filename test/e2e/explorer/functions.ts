import type { HttpRequest } from '@smithy/core/protocols';
import type { Deviations, Run } from './run';
import type { Call, Service } from './service';
import type { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import { DEFAULT_PROPAGATION_TIMEOUT_SECONDS, functionTimeoutSeconds } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { CustomResourceResponse } from '../../../src/handler/response';
import { AwaitedRequest, findViolation } from '../../support/cloudformation/response-endpoint';

const TIMEOUT_MS = functionTimeoutSeconds(DEFAULT_PROPAGATION_TIMEOUT_SECONDS) * 1_000;
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
  readonly environment: Environment;
  /** How many calls it has made. */
  calls: number;
  /** When it looked last, in the order of all that happened. */
  lookedAt: number;
  /** Sends a call to Amazon Pinpoint. */
  send(call: Call): Promise<unknown>;
}

/** How a request is delivered; times are in seconds. */
interface Delivery {
  readonly after?: number;
  readonly again?: number;
  /** Whether the second delivery comes to another environment than the one that was used last. */
  readonly elsewhere?: boolean;
}

const DELIVERIES_DEVIATE: Deviations<Delivery> = {
  'late start': named([5, 20, 179], (after) => [`begins ${after} s late`, { after }]),
  'second delivery': named([0, 3, 60, 175], (again) => [`comes again after ${again} s, to another environment`, { again, elsewhere: true }]),
  'second delivery alike': named([3, 60, 175], (again) => [`comes again after ${again} s, to the last environment`, { again }]),
};

function named(seconds: readonly number[], toEntry: (seconds: number) => [string, Delivery]): Readonly<Record<string, Delivery>> {
  return Object.fromEntries(seconds.map(toEntry));
}

/** Lambda, as it delivers requests to the function's environments, and the URLs to which the function responds. */
export class Functions {
  /** The invocation that has just begun: the handler makes its client before it waits for anything. */
  public beginning?: Invocation;

  /** The last used one last. */
  private environments: Environment[] = [];
  private readonly awaited = new Map<string, { readonly request: AwaitedRequest; onAnswer(response: CustomResourceResponse): void }>();
  /** How many responses there may still be to each request. */
  private readonly deliveries = new Map<string, number>();
  private readonly clockSkew: number;

  constructor(private readonly run: Run, private readonly newFunction: (clock: Clock) => Handler) {
    this.clockSkew = run.choose('the clock of Lambda', 0, { clocks: { 'is 2 s behind': -2_000, 'is 2 s ahead': 2_000 } });
  }

  /** The URL for a response, with the date of its request in the form that AWS uses. */
  public urlFor(request: AwaitedRequest, signedAt?: Date, onAnswer?: (response: CustomResourceResponse) => void): string {
    this.awaited.set(request.RequestId, { request, onAnswer: onAnswer! });
    return `https://cloudformation/${request.RequestId}?X-Amz-Date=${signedAt!.toISOString().replace(/\.\d+|[-:]/g, '')}`;
  }

  /** Invokes the function asynchronously. */
  public invoke(request: CustomResourceRequest, name: string, service: Service): void {
    const { after = 0, again, elsewhere } = this.run.choose<Delivery>(name, {}, DELIVERIES_DEVIATE);
    this.run.time.after(after * 1_000, () => this.deliver(request, name, service));
    if (again !== undefined) {
      this.run.time.after(again * 1_000, () => this.deliver(request, `${name} again`, service, elsewhere));
    }
  }

  /** Takes a response, as CloudFormation does. */
  public async respond({ path, method, headers, body }: HttpRequest): Promise<{ response: unknown }> {
    await this.run.time.sleep(RESPONSE_TRAVEL_MS);
    const id = path.slice(1, path.indexOf('?'));
    const { request, onAnswer } = this.awaited.get(id)!;
    this.deliveries.set(id, this.deliveries.get(id)! - 1);
    const violation = this.deliveries.get(id)! < 0 ? 'one too many' : findViolation({ method, headers }, Buffer.from(body as string), request);
    if (violation !== undefined) {
      this.run.violate('the response is wrong', violation);
    }
    const response = JSON.parse(body as string) as CustomResourceResponse;
    this.run.note(`response: ${[response.Status, response.PhysicalResourceId, response.Reason].filter(Boolean).join(', ')}`);
    onAnswer(response);
    return { response: { statusCode: 200, body: { resume: () => undefined } } };
  }

  private deliver(request: CustomResourceRequest, name: string, service: Service, elsewhere?: boolean): void {
    const { time } = this.run;
    const idle = elsewhere ? undefined : this.environments.filter(({ isBusy, isDead }) => !isBusy && !isDead).at(-1);
    const environment = idle ?? this.newEnvironment();
    environment.isBusy = true;
    this.environments = [...this.environments.filter((other) => other !== environment), environment];
    time.after(idle ? WARM_START_MS : COLD_START_MS, () => {
      this.run.note(`${name} begins`);
      this.deliveries.set(request.RequestId, (this.deliveries.get(request.RequestId) ?? 0) + 1);
      const invocation: Invocation = {
        name, request, environment, calls: 0, lookedAt: 0, send: (call) => whileAlive(environment, service.answer(invocation, call)),
      };
      const deadline = time.now() + TIMEOUT_MS;
      let hasEnded = false;
      this.beginning = invocation;
      void environment.handler(request, { getRemainingTimeInMillis: () => deadline - time.now() })
        .catch((error: Error) => this.run.violate('the response is wrong', error.message))
        .then(() => {
          hasEnded = true;
          environment.isBusy = false;
        });
      time.after(TIMEOUT_MS, () => {
        if (!hasEnded && !environment.isDead) {
          environment.isDead = true;
          this.run.violate('the response is wrong', `${name} takes longer than the function may`);
        }
      });
    });
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

/** What is dead hears no more. */
function whileAlive<T>(environment: Environment, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then((value) => environment.isDead || resolve(value), (error: Error) => environment.isDead || reject(error));
  });
}
