import type { Variation } from './run';

/** What a template says of one event stream. */
export interface EventStreamSpec {
  readonly application: 'A' | 'B';
  readonly destination: 'K' | 'F';
  readonly replaceExisting?: boolean;
}

/** The event streams of a template, by logical ID. */
export type TemplateSpec = Readonly<Record<string, EventStreamSpec>>;

const K: EventStreamSpec = { application: 'A', destination: 'K' };
const F: EventStreamSpec = { application: 'A', destination: 'F' };
const M: EventStreamSpec = { application: 'B', destination: 'K' };
const MF: EventStreamSpec = { application: 'B', destination: 'F' };
const replacing = (spec: EventStreamSpec): EventStreamSpec => ({ ...spec, replaceExisting: true });

/** What is deployed, one template after the other. */
export const SCRIPTS = typed({
  'create': [{ L: K }],
  'create, replacing': [{ L: replacing(K) }],
  'change': [{ L: K }, { L: F }],
  'change, deploy again': [{ L: K }, { L: F }, { L: F }],
  'change, change back': [{ L: K }, { L: F }, { L: K }],
  'move': [{ L: K }, { L: M }],
  'move, replacing': [{ L: K }, { L: replacing(M) }],
  'move, move back': [{ L: K }, { L: M }, { L: K }],
  'move and change': [{ L: K }, { L: MF }],
  'remove': [{ L: K }, {}],
  'rename': [{ L: K }, { N: K }],
  'rename, replacing': [{ L: K }, { N: replacing(K) }],
  'swap': [{ L: replacing(K), N: replacing(M) }, { L: replacing(M), N: replacing(K) }],
});

function typed<Name extends string>(scripts: Readonly<Record<Name, readonly TemplateSpec[]>>): typeof scripts {
  return scripts;
}

export type Script = keyof typeof SCRIPTS;

/** What is so before a run. */
export interface Setup {
  /** A stranger's event stream is there. */
  readonly strangersAt?: 'A' | 'B';
  /** The role of all event streams is passed in, and there before them. */
  readonly rolePassedIn?: boolean;
  /** How long it takes, as a rule, until Pinpoint can assume a new role, in milliseconds. */
  readonly rolesTake?: number;
  /** After the first deployment, which goes well, a person sets by hand what the second one sets. */
  readonly setByHand?: boolean;
}

/** Runs that vary in the same. */
export interface Family {
  readonly scripts: readonly Script[];
  readonly setups: readonly Setup[];
  readonly varies: readonly Variation[];
}

const SHORT: readonly Script[] = ['create', 'change', 'move'];
const REPLACING: readonly Script[] = ['create, replacing', 'move, replacing'];
const LONG: readonly Script[] = [...SHORT, 'change, change back', 'rename, replacing'];

/** Roles that are visible at once, and roles that take a while. */
const ROLES: readonly Setup[] = [{ rolesTake: 0 }, { rolesTake: 6_000 }];
const PASSED_IN: readonly Setup[] = [{ rolePassedIn: true }];
const STRANGERS: readonly Setup[] = (['A', 'B'] as const).flatMap((strangersAt) => ROLES.map((roles) => ({ ...roles, strangersAt })));

/** What fails a deployment that goes well by itself. */
const FAILURES: readonly Variation[] = ['cancel', 'later failure'];

export const FAMILIES = {
  base: {
    scripts: [...LONG, ...REPLACING, 'move, move back', 'move and change', 'remove', 'swap'],
    setups: ROLES,
    varies: [...FAILURES, 'rollback', 'role', 'fault'],
  },
  foreign: { scripts: [...SHORT, ...REPLACING], setups: STRANGERS, varies: [...FAILURES, 'role', 'fault', 'stranger'] },
  stranger: { scripts: SHORT, setups: ROLES, varies: [...FAILURES, 'role', 'fault', 'stranger'] },
  passedIn: { scripts: SHORT, setups: PASSED_IN, varies: [...FAILURES, 'fault', 'stranger', 'second delivery alike'] },
  person: {
    scripts: ['create', 'change', 'change, change back', 'change, deploy again'],
    setups: PASSED_IN,
    varies: [...FAILURES, 'person'],
  },
  byHand: { scripts: ['change'], setups: [{ rolePassedIn: true, setByHand: true }], varies: ['cancel', 'rollback'] },
  renameSame: { scripts: ['rename'], setups: PASSED_IN, varies: [...FAILURES, 'fault'] },
  late: { scripts: SHORT, setups: ROLES, varies: [...FAILURES, 'late effect', 'death'] },
  dup: { scripts: LONG, setups: ROLES, varies: [...FAILURES, 'role', 'late start', 'second delivery', 'second delivery alike'] },
  skew: { scripts: LONG, setups: ROLES, varies: [...FAILURES, 'fault', 'second delivery alike', 'clocks', 'next at once'] },
} satisfies Record<string, Family>;

export type FamilyName = keyof typeof FAMILIES;
