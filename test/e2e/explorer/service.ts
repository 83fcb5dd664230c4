import type { Invocation } from './functions';
import type { Deviations, Run } from './run';
import { hasSetting, Setting } from '../../../src/handler/event-stream';
import type { ContractStack } from '../../support/cloudformation/cloudformation';

export const APPLICATIONS = { A: 'a'.repeat(32), B: 'b'.repeat(32) };

/** The role of all event streams whose role is passed in. */
export const PASSED_IN = 'passed in';
export const STRANGERS: Setting = { DestinationStreamArn: 'X', RoleArn: 'stranger' };

/** How long a call travels in each direction. */
const TRAVEL_MS = 40;

export interface Call {
  readonly operation: 'Get' | 'Put' | 'Delete';
  readonly applicationId: string;
  /** What a Put sets. */
  readonly setting?: Setting;
  /** How long the caller waits, in milliseconds. */
  readonly timeout: number;
}

interface EventStream extends Setting {
  readonly LastModifiedDate?: string;
  /** When it was set, in the order of all that happened. */
  readonly setAt: number;
}

/** What becomes of a call. */
interface Course {
  /** How many seconds later it takes effect; never, where this is absent. */
  readonly effectAfter?: number;
  readonly end: 'answer' | 'no answer' | 'death' | 429 | 500;
}

const ORDINARY: Course = { effectAfter: 0, end: 'answer' };

const LOOKS_DEVIATE = {
  fault: { 'is answered 429': { end: 429 }, 'is answered 500 without effect': { end: 500 }, 'has neither answer nor effect': { end: 'no answer' } },
  death: { 'is not made: the function dies': { end: 'death' } },
} satisfies Deviations<Course>;

const CHANGES_DEVIATE: Deviations<Course> = {
  'fault': {
    ...LOOKS_DEVIATE.fault,
    'takes effect and is answered 500': { effectAfter: 0, end: 500 },
    'takes effect without an answer': { effectAfter: 0, end: 'no answer' },
  },
  'late effect': {
    'takes effect 12 s later, without an answer': { effectAfter: 12, end: 'no answer' },
    'takes effect 40 s later, without an answer': { effectAfter: 40, end: 'no answer' },
  },
  'death': { ...LOOKS_DEVIATE.death, 'takes effect, and the function dies': { effectAfter: 0, end: 'death' } },
};

/** Amazon Pinpoint, with IAM in front of it, and others beside us. */
export class Service {
  public readonly eventStreams = new Map<string, EventStream>();
  /** When Pinpoint can assume the roles that come with event streams. */
  public readonly roles = new Map<string, number>();
  /** When somebody else last set or deleted the event stream of an application. */
  public readonly disturbed = new Map<string, number>();

  private order = 0;
  private readonly clockSkew: number;
  /** The accuracy of dates, in milliseconds; 0 where there are none. */
  private readonly dateAccuracy: number;

  constructor(private readonly run: Run, private readonly stack: ContractStack) {
    this.clockSkew = run.choose('the clock of Pinpoint', 0, { clocks: { 'is 2 s behind': -2_000, 'is 2 s ahead': 2_000 } });
    this.dateAccuracy = run.choose('a date of Pinpoint', 1, { clocks: { 'is exact to the second': 1_000, 'is absent': 0 } });
  }

  /** Sets or deletes an event stream. */
  public write(applicationId: string, setting: Setting | undefined, by: string): void {
    if (setting) {
      const { DestinationStreamArn, RoleArn } = setting;
      const date = this.run.time.now() + this.clockSkew;
      const LastModifiedDate = this.dateAccuracy ? new Date(date - date % this.dateAccuracy).toISOString() : undefined;
      this.eventStreams.set(applicationId, { DestinationStreamArn, RoleArn, LastModifiedDate, setAt: ++this.order });
    } else {
      this.eventStreams.delete(applicationId);
    }
    this.run.note(`${applicationId[0].toUpperCase()} has ${describe(setting)} by ${by}`);
    this.checkRoles();
  }

  /** Pinpoint must not hold a role that is gone: events would be lost silently. */
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

  /** Answers a call of the function, or does not. */
  public async answer(invocation: Invocation, call: Call): Promise<{ EventStream: Setting }> {
    const { time } = this.run;
    const { operation, applicationId, timeout } = call;
    const point = `${operation} (call ${++invocation.calls}) of ${invocation.name}`;
    const { effectAfter, end } = this.run.choose(point, ORDINARY, operation === 'Get' ? LOOKS_DEVIATE : CHANGES_DEVIATE);
    if (effectAfter) {
      time.after(effectAfter * 1_000, () => this.takeEffect(invocation, call));
      await time.sleep(timeout);
      throw TIMED_OUT;
    }
    if (end === 'death' && effectAfter === undefined) {
      return die(invocation);
    }
    await time.sleep(TRAVEL_MS);
    this.disturb(`before ${point}`, applicationId);
    const effect = effectAfter === undefined ? undefined : this.takeEffect(invocation, call);
    if (end === 'death') {
      return die(invocation);
    }
    if (end === 'no answer') {
      await time.sleep(timeout - TRAVEL_MS);
      throw TIMED_OUT;
    }
    await time.sleep(TRAVEL_MS);
    this.disturb(`after ${point}`, applicationId);
    const outcome = end === 'answer' ? effect! : serviceError(end, 'ServiceError');
    if (outcome instanceof Error) {
      throw outcome;
    }
    return { EventStream: outcome };
  }

  /** Sets or deletes an event stream by somebody else than the function. */
  public intervene(applicationId: string, setting: Setting | undefined, by: string): void {
    this.disturbed.set(applicationId, this.run.time.now());
    this.write(applicationId, setting, by);
  }

  /** Lets others come in between: CloudFormation, or somebody who sets or deletes the event stream of an application. */
  public disturb(point: string, applicationId?: string): void {
    const { cancel } = this.stack;
    const set = (by: string, setting?: Setting) => () => this.intervene(applicationId!, setting, by);
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

  private takeEffect(invocation: Invocation, call: Call): Setting | Error {
    const { operation, applicationId, setting } = call;
    const { stack: { permitted }, run: { time } } = this;
    const isPermitted = permitted.some(({ ApplicationId, RoleArn }) =>
      ApplicationId === applicationId && (operation !== 'Put' || RoleArn === setting!.RoleArn));
    if (!isPermitted) {
      return serviceError(403, 'ForbiddenException');
    }
    const found = this.eventStreams.get(applicationId);
    switch (operation) {
      case 'Get':
        invocation.lookedAt = ++this.order;
        return found ?? NOT_FOUND;
      case 'Put':
        if (this.roles.get(setting!.RoleArn)! > time.now()) {
          return serviceError(400, 'BadRequestException');
        }
        this.watch(invocation, call, found);
        this.write(applicationId, setting, invocation.name);
        return this.eventStreams.get(applicationId)!;
      case 'Delete':
        if (!found) {
          return NOT_FOUND;
        }
        this.watch(invocation, call, found);
        this.write(applicationId, undefined, invocation.name);
        return found;
    }
  }

  /** The function must neither take over nor delete what is another's. */
  private watch({ request, name, lookedAt }: Invocation, { operation, applicationId }: Call, found?: EventStream): void {
    const { RequestType, ResourceProperties: wanted } = request;
    const claims = RequestType === 'Create' || (RequestType === 'Update' && request.PhysicalResourceId !== applicationId);
    const own = operation === 'Delete' && RequestType === 'Update' ? request.OldResourceProperties : wanted;
    const mayReplace = operation === 'Put' && (!claims || wanted.ReplaceExisting === 'true');
    if (found && !mayReplace && !hasSetting(found, own)) {
      const acts = operation === 'Put' ? 'overwrites' : 'deletes';
      this.run.violate(
        found.setAt > lookedAt ? 'overwrites or deletes what came after its look' : `${acts} what is another's`,
        `${name} ${acts} ${describe(found)}`);
    }
  }
}

export function describe(setting: Setting | undefined): string {
  return setting ? `${setting.DestinationStreamArn} as ${setting.RoleArn}` : 'nothing';
}

/** Ends the function where it is. */
function die({ environment }: Invocation): Promise<never> {
  environment.isDead = true;
  return new Promise(() => undefined);
}

function serviceError(status: number, name: string): Error {
  return Object.assign(new Error(`status ${status}`), { name, $metadata: { httpStatusCode: status } });
}

const NOT_FOUND = serviceError(404, 'NotFoundException');
const TIMED_OUT = Object.assign(new Error('timed out'), { name: 'TimeoutError' });
