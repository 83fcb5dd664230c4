import type { EventStreamSpec, Sequence } from './actions';
import { Handler, newHandler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import * as decision from '../../../src/handler/decision';

/** A handler that lacks one of its protections, and a sequence that this one is for. */
export interface Weakened {
  readonly name: string;
  readonly sequence: Sequence;
  /** Takes the protection away, until jest restores its mocks. */
  weaken?(): void;
  newFunction?(clock: Clock): Handler;
}

const { decide, stepToRepeat } = { ...decision };

const former: EventStreamSpec = { application: 'A', destination: 'D1', role: 'created', replaceExisting: false };
const wanted: EventStreamSpec = { ...former, destination: 'D2' };

const deployFormer = { do: 'deploy', stack: 'Ours', template: { First: former }, others: {}, nextAtOnce: false } as const;
const deployWanted = { ...deployFormer, template: { First: wanted } } as const;
/** A person cancels at once, and it takes a minute until the clean-up. */
const cancelled = { cancelledAfter: 0, takeLonger: 60 } as const;
const slowRole = { operation: 'PutEventStream', application: 'A', failure: { status: 400 }, times: 3 } as const;

export const WEAKENED: readonly Weakened[] = [
  {
    name: 'overwrites what came in between when it tries again: an update undoes its rollback',
    weaken: () => {
      jest.spyOn(decision, 'decide').mockImplementation((step, found, history) => decide(step, found, { ...history, first: undefined }));
    },
    sequence: {
      actions: [
        deployFormer,
        {
          ...deployWanted,
          others: cancelled,
          faults: [{ operation: 'PutEventStream', application: 'A', failure: { error: 'status 500', took: 'effect' }, times: 1 }],
        },
      ],
      atTheEnd: 'deletes',
    },
  },
  {
    name: 'looks once when it rolls back: the update that was given up sets its event stream after that',
    weaken: () => {
      jest.spyOn(decision, 'stepToRepeat').mockImplementation((step, ...rest) => (step.goal === 'keep' ? undefined : stepToRepeat(step, ...rest)));
    },
    sequence: { actions: [deployFormer, { ...deployWanted, others: cancelled, faults: [slowRole] }], atTheEnd: 'deletes' },
  },
  {
    name: 'looks once when it deletes: the create that was given up sets its event stream after that',
    weaken: () => {
      jest.spyOn(decision, 'stepToRepeat').mockImplementation((step, ...rest) => (step.goal === 'remove' ? undefined : stepToRepeat(step, ...rest)));
    },
    sequence: { actions: [{ ...deployFormer, others: cancelled, faults: [slowRole] }], atTheEnd: 'deletes' },
  },
  {
    name: 'forgets what it has answered: an update that comes again undoes its rollback',
    newFunction: (clock) => (request, context) => newHandler(clock)(request, context),
    sequence: {
      actions: [
        deployFormer,
        { ...deployWanted, others: { laterFails: true, takeLonger: 60 }, deliveredAgain: { secondsLater: 5, which: 'the first' } },
      ],
      atTheEnd: 'deletes',
    },
  },
  {
    name: 'refuses nothing: a create takes over the event stream of another',
    weaken: () => {
      jest.spyOn(decision, 'decide').mockImplementation((...args) => (decide(...args) === 'refuse' ? 'put' : decide(...args)));
    },
    sequence: { actions: [{ do: 'a stranger sets', application: 'A', setting: 'X' }, deployFormer], atTheEnd: 'deletes' },
  },
  {
    name: 'compares destinations only: a deletion deletes the event stream of another stack',
    weaken: () => {
      jest.spyOn(decision, 'decide').mockImplementation((step, found, history) =>
        decide(step, found && found.DestinationStreamArn === step.setting.DestinationStreamArn ? { ...found, ...step.setting } : found, history));
    },
    sequence: {
      actions: [
        deployFormer,
        { ...deployFormer, stack: 'Theirs', template: { First: { ...former, replaceExisting: true } } },
        { do: 'delete the stack', stack: 'Ours' },
      ],
      atTheEnd: 'deletes',
    },
  },
];
