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
export const SCRIPTS = named({
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

function named<Name extends string>(scripts: Readonly<Record<Name, readonly TemplateSpec[]>>): typeof scripts {
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
  readonly varies: readonly Variation[];
  readonly setups: readonly Setup[];
}

/** Roles that are visible at once, and roles that take a while. */
const ROLES: readonly Setup[] = [{ rolesTake: 0 }, { rolesTake: 6_000 }];
const PASSED_IN: readonly Setup[] = [{ rolePassedIn: true }];

export const FAMILIES = {
  base: {
    scripts: [
      'create', 'create, replacing', 'change', 'change, change back', 'move', 'move, replacing', 'move, move back', 'move and change', 'remove',
      'rename, replacing', 'swap',
    ],
    varies: ['cancel', 'later failure', 'rollback', 'role', 'fault'],
    setups: ROLES,
  },
  foreign: {
    scripts: ['create', 'create, replacing', 'change', 'move', 'move, replacing'],
    varies: ['cancel', 'later failure', 'role', 'fault', 'stranger'],
    setups: (['A', 'B'] as const).flatMap((strangersAt) => ROLES.map((roles) => ({ ...roles, strangersAt }))),
  },
  stranger: {
    scripts: ['create', 'change', 'move'],
    varies: ['cancel', 'later failure', 'role', 'fault', 'stranger'],
    setups: ROLES,
  },
  passedIn: {
    scripts: ['create', 'change', 'move'],
    varies: ['cancel', 'later failure', 'fault', 'stranger', 'second delivery alike'],
    setups: PASSED_IN,
  },
  person: {
    scripts: ['create', 'change', 'change, change back', 'change, deploy again'],
    varies: ['cancel', 'later failure', 'person'],
    setups: PASSED_IN,
  },
  byHand: {
    scripts: ['change'],
    varies: ['cancel', 'rollback'],
    setups: [{ rolePassedIn: true, setByHand: true }],
  },
  renameSame: {
    scripts: ['rename'],
    varies: ['cancel', 'later failure', 'fault'],
    setups: PASSED_IN,
  },
  late: {
    scripts: ['create', 'change', 'move'],
    varies: ['cancel', 'later failure', 'late effect', 'death'],
    setups: ROLES,
  },
  dup: {
    scripts: ['create', 'change', 'change, change back', 'move', 'rename, replacing'],
    varies: ['cancel', 'later failure', 'role', 'late start', 'second delivery', 'second delivery alike'],
    setups: ROLES,
  },
  skew: {
    scripts: ['create', 'change', 'change, change back', 'move', 'rename, replacing'],
    varies: ['cancel', 'later failure', 'fault', 'second delivery alike', 'clocks', 'next at once'],
    setups: ROLES,
  },
} satisfies Record<string, Family>;

export type FamilyName = keyof typeof FAMILIES;
