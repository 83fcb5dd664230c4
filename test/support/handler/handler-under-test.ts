import { CapturedLog } from './captured-log';
import { FakeClock, secondsFromStart } from './fake-clock';
import { FakePinpoint } from './fake-pinpoint';
import { APP } from './requests';
import { newHandler } from '../../../src/handler';
import { PROPAGATION_TIMEOUT_VARIABLE } from '../../../src/handler/protocol';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { CustomResourceResponse } from '../../../src/handler/response';
import { ResponseEndpoint } from '../cloudformation/response-endpoint';

/** The function's timeout with the default of `propagationTimeout`. */
export const FUNCTION_TIMEOUT_SECONDS = 240;

interface Delivery {
  /** The date in the URL of the answer, which has none without it. */
  readonly signedAt?: Date;
  /** How many seconds the function has left. */
  readonly remaining?: number;
}

/** The function, between a CloudFormation and an Amazon Pinpoint that are made anew for each test, in a time that passes only while it sleeps. */
export class HandlerUnderTest {
  public readonly signedAtStart = new Date(FakeClock.START);
  public endpoint!: ResponseEndpoint;
  public pinpoint!: FakePinpoint;
  public clock!: FakeClock;
  public logged!: CapturedLog;

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

  /** The one answer to a request, which is signed at the start unless told otherwise. */
  public async answerTo(request: CustomResourceRequest, delivery: Delivery = { signedAt: this.signedAtStart }): Promise<CustomResourceResponse> {
    const { signedAt, remaining = FUNCTION_TIMEOUT_SECONDS } = delivery;
    const getRemainingTimeInMillis = () => remaining * 1_000;
    await newHandler(this.clock)({ ...request, ResponseURL: this.endpoint.urlFor(request, signedAt) }, { getRemainingTimeInMillis });
    expect(this.endpoint.answers).toHaveLength(1);
    return this.endpoint.answers[0];
  }

  /** Gives an application an event stream, modified so many seconds after the start, or before it. */
  public give(setting: { DestinationStreamArn: string; RoleArn: string }, seconds: number = -3_600, applicationId: string = APP): void {
    this.pinpoint.eventStreams.set(applicationId, { ApplicationId: applicationId, LastModifiedDate: secondsFromStart(seconds), ...setting });
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
