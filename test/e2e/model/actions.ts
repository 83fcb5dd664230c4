import * as fc from 'fast-check';
import type { OtherResources } from '../../support/cloudformation/cloudformation';

/** The applications, and what their IDs are in the end. */
export const APPLICATIONS = { A: 'a'.repeat(32), B: 'b'.repeat(32) };
export type Application = keyof typeof APPLICATIONS;

export type StackName = 'Ours' | 'Theirs';
export type Operation = 'GetEventStream' | 'PutEventStream' | 'DeleteEventStream';

/** What a template says of one event stream. */
export interface EventStreamSpec {
  readonly application: Application;
  readonly destination: 'D1' | 'D2';
  /** A created role is another one for each application and destination; one that is passed in is the same for all of a stack. */
  readonly role: 'created' | 'passed in';
  readonly replaceExisting: boolean;
}

/** The ways in which a call fails, and what the application's event stream is after that. */
export const REFUSALS = [400, 403, 405, 409, 413, 429] as const;
export const UNCLEAR = ['status 500', 'no answer'] as const;
export const NO_ENDPOINT = ['ENOTFOUND', 'EAI_AGAIN'] as const;

export type Failure =
  | { readonly status: typeof REFUSALS[number] }
  | { readonly error: typeof UNCLEAR[number] | 'the function dies'; readonly took: 'no effect' | 'effect' }
  | { readonly error: typeof NO_ENDPOINT[number] };

export type ActionThat<Does extends Action['do']> = Extract<Action, { do: Does }>;
export type CallsFail = ActionThat<'calls fail'>;

/** One thing that happens, by a person's hand or by chance. */
export type Action =
  | {
    readonly do: 'deploy';
    readonly stack: StackName;
    readonly template: { readonly First?: EventStreamSpec; readonly Second?: EventStreamSpec };
    /** Times in seconds. */
    readonly others: OtherResources;
    /** Requests come once more, so many seconds after the first time: each of them, or the first one only. */
    readonly deliveredAgain?: { readonly secondsLater: number; readonly which: 'each' | 'the first' };
    /** What fails meanwhile, until it has failed so often. */
    readonly faults?: readonly Omit<CallsFail, 'do'>[];
    /** Whether the next action comes at once, and meets what is still running; it comes when nothing is, otherwise. */
    readonly nextAtOnce: boolean;
  }
  | { readonly do: 'delete the stack'; readonly stack: StackName }
  | { readonly do: 'continue the rollback'; readonly stack: StackName }
  /** So many seconds after the next action began, or at once. */
  | { readonly do: 'a stranger sets'; readonly application: Application; readonly setting: 'X' | 'Y'; readonly secondsLater?: number }
  | { readonly do: 'a stranger deletes'; readonly application: Application; readonly secondsLater?: number }
  | { readonly do: 'the application is deleted'; readonly application: Application }
  | {
    readonly do: 'calls fail';
    readonly operation: Operation;
    readonly application: Application;
    readonly failure: Failure;
    /** Until repaired, where this is absent. */
    readonly times?: number;
  }
  | { readonly do: 'repair' };

const application = fc.constantFrom<Application>('A', 'B');
const stack = fc.oneof({ arbitrary: fc.constant<StackName>('Ours'), weight: 3 }, { arbitrary: fc.constant<StackName>('Theirs'), weight: 1 });
/** Much happens in the first seconds. */
const seconds = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 150 }));
const secondsLater = fc.option(seconds, { nil: undefined });

const spec: fc.Arbitrary<EventStreamSpec> = fc.record({
  application,
  destination: fc.constantFrom('D1', 'D2'),
  role: fc.constantFrom('created', 'passed in'),
  replaceExisting: fc.oneof({ arbitrary: fc.constant(false), weight: 3 }, { arbitrary: fc.constant(true), weight: 1 }),
});

const template = fc.oneof(
  { arbitrary: fc.record({ First: spec }), weight: 4 },
  { arbitrary: fc.record({ Second: spec }), weight: 1 },
  { arbitrary: fc.record({ First: spec, Second: spec }), weight: 1 },
);

/** In seconds. */
const others: fc.Arbitrary<OtherResources> = fc.record({
  laterFails: fc.oneof({ arbitrary: fc.constant(false), weight: 3 }, { arbitrary: fc.constant(true), weight: 1 }),
  cancelledAfter: fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary: seconds, weight: 1 }),
  removedFirst: fc.boolean(),
  takeLonger: fc.oneof({ arbitrary: fc.constant(0), weight: 1 }, { arbitrary: seconds, weight: 1 }),
});

const failure: fc.Arbitrary<Failure> = fc.oneof(
  fc.record({ status: fc.constantFrom(...REFUSALS) }),
  fc.record({ error: fc.constantFrom(...UNCLEAR, 'the function dies' as const), took: fc.constantFrom('no effect', 'effect') }),
  fc.record({ error: fc.constantFrom(...NO_ENDPOINT) }),
);

const operation = fc.constantFrom<Operation>('GetEventStream', 'PutEventStream', 'DeleteEventStream');
const fault = fc.record({ operation, application, failure, times: fc.integer({ min: 1, max: 5 }) });

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('deploy' as const),
      stack,
      template,
      others,
      deliveredAgain: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 3 },
        { arbitrary: fc.record({ secondsLater: fc.integer({ min: 0, max: 180 }), which: fc.constantFrom('each', 'the first') }), weight: 1 }),
      faults: fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, { arbitrary: fc.array(fault, { minLength: 1, maxLength: 2 }), weight: 1 }),
      nextAtOnce: fc.oneof({ arbitrary: fc.constant(false), weight: 3 }, { arbitrary: fc.constant(true), weight: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete the stack' as const), stack }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('continue the rollback' as const), stack }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('a stranger sets' as const), application, setting: fc.constantFrom('X', 'Y'), secondsLater }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('a stranger deletes' as const), application, secondsLater }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('the application is deleted' as const), application }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('calls fail' as const),
      operation,
      application,
      failure,
      times: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repair' as const) }) },
);

/** What happens, and what a person does at the end to go on. */
export interface Sequence {
  readonly actions: readonly Action[];
  readonly atTheEnd: 'deploys' | 'deletes';
}

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 12 }),
  atTheEnd: fc.constantFrom('deploys', 'deletes'),
});
