import type { FamilyName } from './families';
import type { Run, Violation } from './run';

/** Why something happens that may never happen, and nobody can help it. */
export interface Limit {
  /** A sentence. */
  readonly name: string;
  readonly violations: readonly Violation[];
  /** The families that meet it, and the least number of deviations with which they do. */
  readonly metBy: Readonly<Partial<Record<FamilyName, number>>>;
  /** Whether it is met in such a run. */
  explains(run: Run): boolean;
}

const deviates = (...patterns: RegExp[]) => ({ deviations }: Run) =>
  patterns.every((pattern) => deviations.some(({ name }) => pattern.test(name)));

const ROLLED_BACK = /CloudFormation gives up|^fails after/;

/** What comes of a rollback, or of a deletion, that something undoes. */
const UNDONE: readonly Violation[] = [
  'after a deployment, Pinpoint is not as the template', 'after a deletion, ours is still there', 'Pinpoint holds a role that is gone',
];

export const LIMITS: readonly Limit[] = [
  {
    name: 'A rename or an exchange of applications that is rolled back leaves an application without its event stream',
    violations: ['after a deployment, Pinpoint is not as the template'],
    explains: (run) => /rename|swap/.test(run.script) && deviates(ROLLED_BACK)(run),
    metBy: { base: 1, renameSame: 1, dup: 1, skew: 1 },
  },
  {
    name: 'What replaceExisting took over does not come back after a rollback',
    violations: ['another\'s is gone'],
    explains: (run) => /replacing/.test(run.script) && deviates(ROLLED_BACK)(run),
    metBy: { foreign: 1 },
  },
  {
    name: 'What somebody sets between a look and the call after it is overwritten or deleted',
    violations: ['overwrites or deletes what came after its look'],
    explains: deviates(/^a (stranger|person) sets/),
    metBy: { foreign: 1, stranger: 1, passedIn: 1, person: 1 },
  },
  {
    name: 'What a person sets by hand in a role that is passed in stays: no deployment sets what its template has not changed, and no deletion takes it for its own',
    violations: ['after a deployment, Pinpoint is not as the template', 'after a deletion, ours is still there'],
    explains: deviates(/^a person sets/),
    metBy: { person: 1 },
  },
  {
    name: 'An update to what was set by hand before, given up during its Put, sets that once more after a rollback that began at once',
    violations: ['after a deployment, Pinpoint is not as the template', 'after a deletion, ours is still there'],
    explains: deviates(/CloudFormation gives up/, /begins after 0.05 s/),
    metBy: { byHand: 2 },
  },
  {
    name: 'A request that comes again, to an environment that did not answer it, undoes what followed',
    violations: UNDONE,
    explains: deviates(/to another environment/, ROLLED_BACK),
    metBy: { dup: 2 },
  },
  {
    name: 'A request that begins, or comes again, minutes after CloudFormation gave it up undoes what followed',
    violations: UNDONE,
    explains: deviates(/^begins 179 s late|^comes again after 175 s/, /CloudFormation gives up/),
    metBy: { dup: 2, skew: 2 },
  },
  {
    name: 'A Put that takes effect after the last look of the rollback stays',
    violations: UNDONE,
    explains: deviates(/takes effect \d+ s later/, ROLLED_BACK),
    metBy: { late: 2 },
  },
];

/** Which limits explain a run; undefined where none explains one of its violations. */
export function explain(family: FamilyName, run: Run): readonly Limit[] | undefined {
  const possible = LIMITS.filter(({ metBy, explains }) => run.deviations.length >= (metBy[family] ?? Infinity) && explains(run));
  const isExplained = [...run.violations].every((violation) => possible.some(({ violations }) => violations.includes(violation)));
  return isExplained ? possible.filter(({ violations }) => violations.some((violation) => run.violations.has(violation))) : undefined;
}
