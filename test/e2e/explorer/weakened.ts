import type { FamilyName, Script } from './families';
import { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import * as decision from '../../../src/handler/decision';
import { hasSetting } from '../../../src/handler/event-stream';
import { Memory } from '../../../src/handler/memory';
import * as physicalId from '../../../src/handler/physical-id';
import * as planning from '../../../src/handler/plan';
import { newNaiveHandler } from '../../support/handler/naive-handler';

/** A handler that lacks one of its protections. */
export interface Weakened {
  /** The runs that find that out: those of a family with this script, and with at most so many deviations. */
  readonly foundBy: readonly [FamilyName, Script, number];
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
    foundBy: ['foreign', 'create', 1],
    newFunction: newNaiveHandler,
  },
  'overwrites the event stream of another': {
    foundBy: ['foreign', 'create', 1],
    weaken: decideInstead((step, ...rest) => {
      const action = decide(step, ...rest);
      return step.goal === 'claim' && action === 'refuse' ? 'put' : action;
    }),
  },
  'deletes the event stream of another': {
    foundBy: ['stranger', 'create', 1],
    weaken: decideInstead((step, found, ...rest) =>
      (step.goal === 'remove' && found ? 'delete' : decide(step, found, ...rest))),
  },
  'takes any event stream with its setting for its own when it creates': {
    foundBy: ['renameSame', 'rename', 1],
    weaken: () => {
      jest.spyOn(planning, 'plan').mockImplementation((...args) =>
        plan(...args).map((step) => (step.goal === 'claim' ? { ...step, acceptsOwn: true } : step)));
    },
  },
  'does not set its own once more when it rolls back': {
    foundBy: ['byHand', 'change', 1],
    weaken: decideInstead((step, found, ...rest) =>
      (step.goal === 'keep' && hasSetting(found, step.setting) ? 'nothing' : decide(step, found, ...rest))),
  },
  'does not go on looking when it rolls back': {
    foundBy: ['base', 'change', 2],
    weaken: lookInstead((step, ...rest) => (step.goal === 'keep' ? 0 : lookUntil(step, ...rest))),
  },
  'does not look again when it deletes what may yet be created': {
    foundBy: ['base', 'create', 1],
    weaken: lookInstead((step, ...rest) => (step.goal === 'remove' ? 0 : lookUntil(step, ...rest))),
  },
  'overwrites what came in between when an update tries again': {
    foundBy: ['base', 'change', 2],
    weaken: decideInstead((step, found, history, deadlines) =>
      decide(step, found, { ...history, first: undefined }, deadlines)),
  },
  'never says that a Create has changed nothing': {
    foundBy: ['renameSame', 'rename', 1],
    weaken: () => {
      jest.spyOn(physicalId, 'physicalIdAfterFailure').mockImplementation((request) =>
        (request.RequestType === 'Create' ? physicalId.OUTCOME_UNKNOWN : request.PhysicalResourceId));
    },
  },
  'forgets what it has answered': {
    foundBy: ['dup', 'change', 2],
    weaken: () => {
      jest.spyOn(Memory.prototype, 'hasAnswered').mockReturnValue(false);
    },
  },
};
