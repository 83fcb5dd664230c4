import type { Fault } from '../../support/emulators/emulators';
import type { Holder } from '../../support/packaged-function/laboratory';

/** A request to the function, and the event stream that it finds. */
export interface Scenario {
  readonly name: string;
  readonly request: 'Create' | 'Update' | 'Delete';
  readonly found: Holder;
  readonly replaceExisting?: boolean;
  /** The event stream of another application is the former one. */
  readonly fromOtherApplication?: boolean;
  /** The Create was never answered. */
  readonly underMadeUpId?: boolean;
  /** Where faults can strike: the calls that are made without any. */
  readonly places: readonly Place[];
}

export type Place = 'Get' | 'Put, no effect' | 'Put, after its effect' | 'Delete, no effect' | 'Delete, after its effect';

export type Duration = 'once' | 'always';

/** A way to fail. */
export interface Kind {
  readonly name: string;
  /** The HTTP status; undefined where no answer comes that can be read. */
  readonly status?: number;
  /** The service's name for the error. */
  readonly code?: string;
  readonly places: readonly Place[];
}

export interface Cell {
  readonly scenario: Scenario;
  readonly place: Place;
  readonly kind: Kind;
  readonly duration: Duration;
}

/** What the function answers, and what Pinpoint holds then. */
export interface Outcome {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly pinpoint: Holder;
  /** Of a Create that failed, it tells whether its Delete must look what it left. */
  readonly physicalId: 'the application' | 'the former application' | 'made up' | 'never created';
  /** What the reason of a failure tells a person; undefined for a success. */
  readonly advice?: keyof typeof ADVICE;
}

const putting: readonly Place[] = ['Get', 'Put, no effect', 'Put, after its effect'];
const deleting: readonly Place[] = ['Get', 'Delete, no effect', 'Delete, after its effect'];

export const SCENARIOS: readonly Scenario[] = [
  { name: 'Create, finds none', request: 'Create', found: 'none', places: putting },
  { name: "Create, finds another's", request: 'Create', found: "another's", places: ['Get'] },
  { name: "Create with replaceExisting, finds another's", request: 'Create', found: "another's", replaceExisting: true, places: putting },
  { name: 'Update, finds its former one', request: 'Update', found: 'former', places: putting },
  { name: "Update, finds another's", request: 'Update', found: "another's", places: putting },
  { name: 'Update to another application, finds none', request: 'Update', fromOtherApplication: true, found: 'none', places: putting },
  { name: "Update to another application, finds another's", request: 'Update', fromOtherApplication: true, found: "another's", places: ['Get'] },
  { name: 'Delete, finds its own', request: 'Delete', found: 'ours', places: deleting },
  { name: "Delete, finds another's", request: 'Delete', found: "another's", places: ['Get'] },
  { name: 'Delete under a made-up ID, finds its own', request: 'Delete', underMadeUpId: true, found: 'ours', places: deleting },
];

const withoutEffect: readonly Place[] = ['Get', 'Put, no effect', 'Delete, no effect'];
const afterEffect: readonly Place[] = ['Put, after its effect', 'Delete, after its effect'];
const everywhere: readonly Place[] = [...withoutEffect, ...afterEffect];

export const KINDS: readonly Kind[] = [
  ...[
    [400, 'BadRequestException'], [403, 'ForbiddenException'], [404, 'NotFoundException'], [405, 'MethodNotAllowedException'],
    [409, 'ConflictException'], [413, 'PayloadTooLargeException'], [429, 'TooManyRequestsException'],
  // With a status below 500, the service says that the call had no effect.
  ].map(([status, code]) => ({ name: String(status), status, code, places: withoutEffect }) as Kind),
  ...[
    [500, 'InternalServerErrorException'], [503, 'ServiceUnavailableException'],
  ].map(([status, code]) => ({ name: String(status), status, code, places: everywhere }) as Kind),
  { name: 'no answer', places: everywhere },
  { name: 'reset', places: everywhere },
  // What is cut or corrupted is the answer to a call that took effect.
  { name: 'truncated', places: ['Get', ...afterEffect] },
  { name: 'corrupted', places: ['Get', ...afterEffect] },
  { name: 'no DNS', places: withoutEffect },
];

export const CELLS: readonly Cell[] = SCENARIOS.flatMap((scenario) => scenario.places.flatMap((place) => KINDS
  .filter((kind) => kind.places.includes(place))
  .flatMap((kind) => (['once', 'always'] as const).map((duration) => ({ scenario, place, kind, duration })))));

/** How the fault proxy makes a call fail in this way. */
export function faultOf({ place, kind: { name, status, code } }: Cell): Fault {
  if (status !== undefined) {
    return { error: { code: code!, status, message: `${name} by the fault proxy` } };
  }
  const took = afterEffect.includes(place);
  switch (name) {
    // The function waits for ten seconds.
    case 'no answer': return took ? { response: { bandwidth_kbps: 0.01 } } : { timeout_ms: 20_000 };
    case 'reset': return took ? { response: { abort_bytes: 0 } } : { reset: true };
    case 'truncated': return { response: { truncate_frac: 0.5 } };
    default: return { response: { corrupt_bytes: 1_000 } };
  }
}

/** Whether the same call is worth another attempt, by the design. */
function mayPass({ place, kind: { status } }: Cell): boolean {
  return status === undefined || [403, 409, 429, 500, 503].includes(status) || (status === 400 && place.startsWith('Put'));
}

/** Whether the outcome needs an attempt after one that failed. */
export function needsRetry(cell: Cell): boolean {
  return mayPass(cell) && (cell.duration === 'once' || afterEffect.includes(cell.place));
}

/** What must come of a cell, by the design's decision table. */
export function expectedOutcome(cell: Cell): Outcome {
  const { scenario, place, kind: { name, status }, duration } = cell;
  const { request, found } = scenario;
  const changesNothing = { status: 'SUCCESS', pinpoint: found, physicalId: idAfterSuccess(scenario) } as const;
  if (status === 404 && place === 'Get') {
    // Pinpoint says by this that there is none; it is not a fault to the function. Where it looks again, it sees that there is one.
    const believes = request === 'Delete' && !(scenario.underMadeUpId && duration === 'once');
    return believes ? changesNothing : withoutFault({ ...scenario, found: request === 'Delete' ? found : 'none' });
  }
  if (status === 404 && place === 'Delete, no effect') {
    // The same here; the repeated look meets it again, or not.
    return scenario.underMadeUpId && duration === 'once' ? withoutFault(scenario) : changesNothing;
  }
  if (needsRetry(cell) || (found === 'none' && place === 'Get' && ['truncated', 'corrupted'].includes(name))) {
    // In the latter case, the status says all that there is to know.
    return withoutFault(scenario);
  }
  if (name === 'no DNS' && place === 'Get' && duration === 'always' && request === 'Delete') {
    return changesNothing;
  }
  const unclear = place === 'Put, no effect' && (status === undefined || status >= 500);
  return { status: 'FAILED', pinpoint: found, physicalId: idAfterFailure(scenario, unclear), advice: adviceFor(place, status) };
}

function withoutFault(scenario: Scenario): Outcome {
  const { request, found, fromOtherApplication, replaceExisting } = scenario;
  if (request === 'Delete') {
    return { status: 'SUCCESS', pinpoint: found === 'ours' ? 'none' : found, physicalId: idAfterSuccess(scenario) };
  }
  if ((request === 'Create' || fromOtherApplication) && found !== 'none' && !replaceExisting) {
    return { status: 'FAILED', pinpoint: found, physicalId: idAfterFailure(scenario, false), advice: 'ways to take over' };
  }
  return { status: 'SUCCESS', pinpoint: 'ours', physicalId: idAfterSuccess(scenario) };
}

function idAfterSuccess({ underMadeUpId }: Scenario): Outcome['physicalId'] {
  return underMadeUpId ? 'made up' : 'the application';
}

/** @param unclear whether a Put may have set the event stream */
function idAfterFailure({ request, fromOtherApplication, underMadeUpId }: Scenario, unclear: boolean): Outcome['physicalId'] {
  if (request === 'Create') {
    return unclear ? 'the application' : 'never created';
  }
  return fromOtherApplication ? 'the former application' : underMadeUpId ? 'made up' : 'the application';
}

/** What the reason of a failure must say to a person. */
export const ADVICE = {
  'role and destination': /Check that role \S+ exists and trusts pinpoint\.amazonaws\.com .* that it may write to and describe /,
  'denials': /Check that no service control policy or permissions boundary denies mobiletargeting:\w+EventStream on apps\/\w+\/eventstream/,
  'the application': /Check that application \w+ exists in this account and region/,
  'the endpoint': /Check that the endpoint of Amazon Pinpoint can be reached in this region/,
  'the state of Pinpoint': /Check the state of Amazon Pinpoint in this region/,
  'ways to take over': /To take it over, set replaceExisting to true\. .* first set removalPolicy RETAIN there/,
} as const;

function adviceFor(place: Place, status: number | undefined): keyof typeof ADVICE {
  switch (status) {
    case undefined: return 'the endpoint';
    case 403: return 'denials';
    case 400: return place.startsWith('Put') ? 'role and destination' : 'the state of Pinpoint';
    case 404: return 'the application';
    default: return 'the state of Pinpoint';
  }
}
