import type { Invocation } from './functions';
import type { Deviations, Run } from './run';
import { hasSetting, Setting } from '../../../src/handler/event-stream';
import type { EventStreamProperties } from '../../../src/handler/protocol';
import type { ContractStack } from '../../support/cloudformation/cloudformation';

export const APPLICATIONS = { A: 'a'.repeat(32), B: 'b'.repeat(32) };
export type Application = keyof typeof APPLICATIONS;
export type Destination = 'K' | 'F';

/** The role of all event streams whose role is passed in. */
export const PASSED_IN = 'passed in';
export const STRANGERS: Setting = { DestinationStreamArn: 'X', RoleArn: 'stranger' };

/** How long a call travels in each direction, in milliseconds. */
const TRAVEL_MS = 40;

export interface Call {
  readonly operation: 'Get' | 'Put' | 'Delete';
  readonly applicationId: string;
  /** What a Put sets. */
  readonly setting?: Setting;
  /** When the caller stops waiting, in milliseconds. */
  readonly timeout: number;
}

interface EventStream extends Setting {
  readonly LastModifiedDate?: string;
  /** When it was set, in the order of all that happened. */
  readonly order: number;
}

/** What becomes of a call. */
interface Course {
  /** When it takes effect; never, where this is absent. */
  readonly effect?: 'at once' | { readonly afterSeconds: number };
  readonly end: 'answer' | 'no answer' | 'death' | 429 | 500;
}

const ORDINARY: Course = { effect: 'at once', end: 'answer' };

const LOOKS_DEVIATE = {
  fault: { 'is answered 429': { end: 429 }, 'is answered 500 without effect': { end: 500 }, 'has neither answer nor effect': { end: 'no answer' } },
  death: { 'is not made: the function dies': { end: 'death' } },
} satisfies Deviations<Course>;

const CHANGES_DEVIATE: Deviations<Course> = {
  'fault': {
    ...LOOKS_DEVIATE.fault,
    'takes effect and is answered 500': { effect: 'at once', end: 500 },
    'takes effect without an answer': { effect: 'at once', end: 'no answer' },
  },
  'late effect': {
    'takes effect 12 s later, without an answer': { effect: { afterSeconds: 12 }, end: 'no answer' },
    'takes effect 40 s later, without an answer': { effect: { afterSeconds: 40 }, end: 'no answer' },
  },
  'death': { ...LOOKS_DEVIATE.death, 'takes effect, and the function dies': { effect: 'at once', end: 'death' } },
};

/** Amazon Pinpoint, with IAM in front of it, and with strangers beside us. */
export class Service {
  public readonly eventStreams = new Map<string, EventStream>();
  /** When Pinpoint can assume the roles that come with event streams. */
  public readonly roles = new Map<string, number>();
  /** When somebody else last set or deleted the event stream of an application. */
  public readonly disturbed = new Map<string, number>();

  private order = 0;
  /** What a look finds, until when, where it lags behind. */
  private readonly lagging = new Map<string, { readonly found?: EventStream; readonly until: number }>();
  private readonly clockSkew: number;
  private readonly dates: 'exact' | 'to the second' | 'absent';

  constructor(private readonly run: Run, private readonly stack: ContractStack) {
    this.clockSkew = run.choose('the clock of Pinpoint', 0, { clocks: { 'is 2 s behind': -2_000, 'is 2 s ahead': 2_000 } });
    this.dates = run.choose('a date of Pinpoint', 'exact', { clocks: { 'is exact to the second': 'to the second', 'is absent': 'absent' } });
  }

  /** Sets or deletes an event stream. */
  public write(applicationId: string, setting: Setting | undefined, by: string): void {
    const before = this.eventStreams.get(applicationId);
    if (setting) {
      const { DestinationStreamArn, RoleArn } = setting;
      this.eventStreams.set(applicationId, { DestinationStreamArn, RoleArn, LastModifiedDate: this.date(), order: ++this.order });
    } else {
      this.eventStreams.delete(applicationId);
    }
    this.run.note(`${applicationId[0].toUpperCase()} has ${describe(setting)} by ${by}`);
    const lag = this.run.choose(`what ${by} sets`, 0, { lag: { 'shows 3 s later': 3_000, 'shows 8 s later': 8_000 } });
    if (lag > 0) {
      this.lagging.set(applicationId, { found: before, until: this.run.time.now() + lag });
    }
    this.checkRoles();
  }

  /** Pinpoint must not hold a role that is gone: its events would be lost silently. */
  public checkRoles(): void {
    for (const held of this.eventStreams.values()) {
      if (this.roles.has(held.RoleArn) && !this.hasRole(held.RoleArn)) {
        this.run.violate('Pinpoint holds a role that is gone', describe(held));
      }
    }
  }

  public hasRole(role: string): boolean {
    return this.stack.permitted.some(({ RoleArn }) => RoleArn === role);
  }

  /** Nothing lags behind any more. */
  public settle(): void {
    this.lagging.clear();
    this.roles.forEach((_, role) => this.roles.set(role, 0));
  }

  /** Answers a call of the function, or not, as its course is. */
  public async answer(invocation: Invocation, call: Call): Promise<{ EventStream: Setting }> {
    const { time } = this.run;
    const { operation, applicationId, timeout } = call;
    const point = `${operation} (call ${++invocation.calls}) of ${invocation.name}`;
    const { effect, end } = this.run.choose(point, ORDINARY, operation === 'Get' ? LOOKS_DEVIATE : CHANGES_DEVIATE);
    if (typeof effect === 'object') {
      time.after(effect.afterSeconds * 1_000, () => this.isPermitted(call) && this.takeEffect(invocation, call));
      await time.sleep(timeout);
      throw Object.assign(new Error('timed out'), { name: 'TimeoutError' });
    }
    if (end === 'death' && !effect) {
      return invocation.die();
    }
    await time.sleep(TRAVEL_MS);
    this.disturb(`before ${point}`, applicationId);
    const isPermitted = this.isPermitted(call);
    const outcome = isPermitted ? effect && this.takeEffect(invocation, call) : serviceError(403, 'ForbiddenException');
    if (isPermitted && end === 'death') {
      return invocation.die();
    }
    if (isPermitted && end === 'no answer') {
      await time.sleep(timeout - TRAVEL_MS);
      throw Object.assign(new Error('timed out'), { name: 'TimeoutError' });
    }
    await time.sleep(TRAVEL_MS);
    this.disturb(`after ${point}`, applicationId);
    if (isPermitted && typeof end === 'number') {
      throw serviceError(end, 'ServiceError');
    }
    if (outcome instanceof Error) {
      throw outcome;
    }
    return { EventStream: outcome! };
  }

  /** Lets others come in between: CloudFormation, or somebody who sets or deletes the event stream of an application. */
  public disturb(point: string, applicationId?: string): void {
    const { cancel } = this.stack;
    const set = (by: string, setting?: Setting) => () => {
      this.disturbed.set(applicationId!, this.run.time.now());
      this.write(applicationId!, setting, by);
    };
    this.run.choose(point, () => undefined, {
      cancel: cancel && { 'CloudFormation gives up': cancel },
      ...applicationId !== undefined && {
        stranger: {
          'a stranger sets': set('a stranger', STRANGERS),
          ...this.eventStreams.has(applicationId) && { 'a stranger deletes': set('a stranger') },
        },
        person: {
          'a person sets F': set('a person', { DestinationStreamArn: 'F', RoleArn: PASSED_IN }),
          'a person sets K': set('a person', { DestinationStreamArn: 'K', RoleArn: PASSED_IN }),
        },
      },
    })();
  }

  /** The function may do what the policies of the stack's event streams allow. */
  private isPermitted({ operation, applicationId, setting }: Call): boolean {
    return this.stack.permitted.some(({ ApplicationId, RoleArn }) =>
      ApplicationId === applicationId && (operation !== 'Put' || RoleArn === setting!.RoleArn));
  }

  private takeEffect(invocation: Invocation, call: Call): Setting | Error {
    const { operation, applicationId, setting } = call;
    const found = this.eventStreams.get(applicationId);
    switch (operation) {
      case 'Get': {
        invocation.lookedAt = ++this.order;
        const lag = this.lagging.get(applicationId);
        return (lag && this.run.time.now() < lag.until ? lag.found : found) ?? NOT_FOUND;
      }
      case 'Put':
        if (this.roles.has(setting!.RoleArn) && !(this.hasRole(setting!.RoleArn) && this.roles.get(setting!.RoleArn)! <= this.run.time.now())) {
          return serviceError(400, 'BadRequestException');
        }
        this.watch(invocation, call, found);
        this.write(applicationId, setting, invocation.name);
        return this.eventStreams.get(applicationId)!;
      case 'Delete':
        this.watch(invocation, call, found);
        if (found) {
          this.write(applicationId, undefined, invocation.name);
        }
        return found ?? NOT_FOUND;
    }
  }

  /** Sees to it that the function neither takes over nor deletes what is another's. */
  private watch({ request, name, lookedAt = 0 }: Invocation, { operation, applicationId, setting }: Call, found?: EventStream): void {
    const claims = request.RequestType === 'Create' || (request.RequestType === 'Update' && request.PhysicalResourceId !== applicationId);
    const own: EventStreamProperties = request.RequestType === 'Update' ? request.OldResourceProperties : request.ResourceProperties;
    const isAnothers = operation === 'Put'
      ? claims && request.ResourceProperties.ReplaceExisting !== 'true' && !hasSetting(found, setting!)
      : !hasSetting(found, own);
    if (found && isAnothers) {
      this.run.violate(
        found.order > lookedAt ? 'overwrites or deletes what came after its look' : operation === 'Put' ? 'overwrites what is another\'s' : 'deletes what is another\'s',
        `${name}, ${describe(found)}`);
    }
  }

  private date(): string | undefined {
    const time = this.run.time.now() + this.clockSkew;
    return this.dates === 'absent' ? undefined : new Date(this.dates === 'exact' ? time : Math.floor(time / 1_000) * 1_000).toISOString();
  }
}

export function describe(setting: Setting | undefined): string {
  return setting ? `${setting.DestinationStreamArn} as ${setting.RoleArn}` : 'nothing';
}

function serviceError(status: number, name: string): Error {
  return Object.assign(new Error(`status ${status}`), { name, $metadata: { httpStatusCode: status } });
}

const NOT_FOUND = serviceError(404, 'NotFoundException');
