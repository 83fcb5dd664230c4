import { CapturedLog } from './captured-log';
import { FakeClock, secondsFromStart } from './fake-clock';
import { FakePinpoint } from './fake-pinpoint';
import { APP, eventStream } from './requests';
import { Handler, newHandler } from '../../../src/handler';
import type { Setting } from '../../../src/handler/event-stream';
import { PROPAGATION_TIMEOUT_VARIABLE } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { CustomResourceResponse } from '../../../src/handler/response';
import { ResponseEndpoint } from '../cloudformation/response-endpoint';

/** The function's timeout with the default of `propagationTimeout`. */
export const FUNCTION_TIMEOUT_SECONDS = 240;

interface Delivery {
  /** When CloudFormation made the request, in seconds after the start: now, unless told otherwise; the URL has no date where it is null. */
  readonly requested?: number | null;
  /** How many seconds the function has left. */
  readonly remaining?: number;
}

/** The function, between a CloudFormation and an Amazon Pinpoint that are made anew for each test, in a time that passes only while it sleeps. */
export class HandlerUnderTest {
  public endpoint!: ResponseEndpoint;
  public pinpoint!: FakePinpoint;
  public clock!: FakeClock;
  public logged!: CapturedLog;

  /** The function in one execution environment, which remembers what it served. */
  public environment!: Handler;

  constructor() {
    beforeAll(async () => {
      this.endpoint = await ResponseEndpoint.start();
      this.pinpoint = new FakePinpoint(() => new Date(this.clock.now()));
    });

    beforeEach(() => {
      process.env[PROPAGATION_TIMEOUT_VARIABLE] = '120';
      this.endpoint.reset();
      this.pinpoint.reset();
      this.clock = new FakeClock();
      this.environment = newHandler(this.clock);
      this.logged = new CapturedLog();
    });

    afterEach(() => {
      jest.restoreAllMocks();
      expect(this.logged.text).not.toContain(ResponseEndpoint.SECRET);
      expect(this.endpoint.violations).toEqual([]);
      expect(this.logged.lines).toContainEqual(expect.objectContaining({ message: 'Answering', requestId: '11111111-1111-1111-1111-111111111111' }));
    });

    afterAll(async () => this.endpoint.stop());
  }

  /** The answer to a request; the environment answers each request ID once. */
  public async answerTo(request: CustomResourceRequest, delivery: Delivery = {}): Promise<CustomResourceResponse> {
    const { requested, remaining = FUNCTION_TIMEOUT_SECONDS } = delivery;
    const { answers } = this.endpoint;
    const answeredBefore = answers.length;
    await this.environment({ ...request, ResponseURL: this.urlFor(request, requested) }, { getRemainingTimeInMillis: () => remaining * 1_000 });
    expect(answers).toHaveLength(answeredBefore + 1);
    return answers[answeredBefore];
  }

  /** A URL for the answer to a request that CloudFormation made so many seconds after the start. */
  public urlFor(request: CustomResourceRequest, requested: number | null = this.clock.seconds): string {
    return this.endpoint.urlFor(request, requested === null ? undefined : new Date(secondsFromStart(requested)));
  }

  /** Gives an application an event stream, modified so many seconds after the start, or before it. */
  public give(setting: Setting, seconds: number = -3_600, applicationId: string = APP): void {
    this.pinpoint.eventStreams.set(applicationId, { ...eventStream(setting, seconds), ApplicationId: applicationId });
  }

  /** Does something at the end of the next sleep, or of the one that ends so many seconds after the start. */
  public meanwhile(action: () => void, seconds?: number): void {
    const sleep = this.clock.sleep.bind(this.clock);
    let isDone = false;
    jest.spyOn(this.clock, 'sleep').mockImplementation(async (milliseconds) => {
      await sleep(milliseconds);
      if (!isDone && this.clock.seconds === (seconds ?? this.clock.seconds)) {
        isDone = true;
        action();
      }
    });
  }
}

/** A successful answer. */
export function succeeded(physicalId: string): unknown {
  return expect.objectContaining({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
}

/** An answer that has failed, with these parts in its reason, in this order. */
export function failed(physicalId: string, ...reason: string[]): unknown {
  return expect.objectContaining({
    Status: 'FAILED',
    PhysicalResourceId: physicalId,
    Reason: expect.stringMatching(new RegExp(reason.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))),
  });
}
