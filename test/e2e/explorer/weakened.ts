import type { FamilyName, Script } from './families';
import { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import * as decision from '../../../src/handler/decision';
import { hasSetting } from '../../../src/handler/event-stream';
import { Memory } from '../../../src/handler/memory';
import * as physicalId from '../../../src/handler/physical-id';
import * as planning from '../../../src/handler/plan';
import { newNaiveHandler } from '../../support/handler/naive-handler';

/** A handler that lacks one of its protections, and the runs that find that out. */
export interface Weakened {
  readonly family: FamilyName;
  readonly script: Script;
  /** One, where this is absent. */
  readonly deviations?: number;
  /** Takes the protection away, until jest restores its mocks. */
  weaken?(): void;
  newFunction?(clock: Clock): Handler;
}

// The handler's own, before anything is taken away.
const { decide, lookUntil } = { ...decision };
const { plan } = { ...planning };

const decideInstead = (instead: typeof decide) => () => void jest.spyOn(decision, 'decide').mockImplementation(instead);
const lookInstead = (instead: typeof lookUntil) => () => void jest.spyOn(decision, 'lookUntil').mockImplementation(instead);

export const WEAKENED: Readonly<Record<string, Weakened>> = {
  'looks at nothing': {
    family: 'foreign', script: 'create', newFunction: newNaiveHandler,
  },
  'overwrites the event stream of another': {
    family: 'foreign', script: 'create', weaken: decideInstead((step, ...rest) => {
      const action = decide(step, ...rest);
      return step.goal === 'claim' && action === 'refuse' ? 'put' : action;
    }),
  },
  'deletes the event stream of another': {
    family: 'stranger', script: 'create', weaken: decideInstead((step, found, ...rest) =>
      (step.goal === 'remove' && found ? 'delete' : decide(step, found, ...rest))),
  },
  'takes any event stream with its setting for its own when it creates': {
    family: 'renameSame', script: 'rename', weaken: () => {
      jest.spyOn(planning, 'plan').mockImplementation((...args) =>
        plan(...args).map((step) => (step.goal === 'claim' ? { ...step, acceptsOwn: true } : step)));
    },
  },
  'does not set its own once more when it rolls back': {
    family: 'byHand', script: 'change', weaken: decideInstead((step, found, ...rest) =>
      (step.goal === 'keep' && hasSetting(found, step.setting) ? 'nothing' : decide(step, found, ...rest))),
  },
  'does not go on looking when it rolls back': {
    family: 'base', script: 'change', deviations: 2, weaken: lookInstead((step, ...rest) => (step.goal === 'keep' ? 0 : lookUntil(step, ...rest))),
  },
  'does not look again when it deletes what may yet be created': {
    family: 'base', script: 'create', weaken: lookInstead((step, ...rest) => (step.goal === 'remove' ? 0 : lookUntil(step, ...rest))),
  },
  'overwrites what came in between when an update tries again': {
    family: 'base', script: 'change', deviations: 2, weaken: decideInstead((step, found, history, deadlines) =>
      decide(step, found, { ...history, first: undefined }, deadlines)),
  },
  'never says that a Create has changed nothing': {
    family: 'renameSame', script: 'rename', weaken: () => {
      jest.spyOn(physicalId, 'physicalIdAfterFailure').mockImplementation((request) =>
        (request.RequestType === 'Create' ? physicalId.OUTCOME_UNKNOWN : request.PhysicalResourceId));
    },
  },
  'forgets what it has answered': {
    family: 'dup', script: 'change', deviations: 2, weaken: () => {
      jest.spyOn(Memory.prototype, 'hasAnswered').mockReturnValue(false);
    },
  },
};
