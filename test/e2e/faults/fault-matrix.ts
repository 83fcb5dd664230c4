import type { Operation } from '../../../src/handler/event-stream-api';
import type { Fault } from '../../support/emulators/emulators';
import type { Holder } from '../../support/packaged-function/laboratory';

/** A request to the function, and the event stream that it finds. */
export interface Scenario {
  readonly name: string;
  readonly request: 'Create' | 'Update' | 'Delete';
  readonly found: Holder;
  readonly replaceExisting?: boolean;
  /** The former event stream is that of another application. */
  readonly fromOtherApplication?: boolean;
  /** The Create was never answered; a Delete under a made-up ID follows it. */
  readonly underMadeUpId?: boolean;
  /** The calls that are made without any fault. */
  readonly operations: readonly Operation[];
}

/** A call that fails, before or after it has taken effect. */
export interface Place {
  readonly operation: Operation;
  /** Always false for GetEventStream, which has no effect. */
  readonly afterEffect: boolean;
}

/** A way to fail. */
export interface Kind {
  readonly name: string;
  /** The HTTP status; undefined where no answer comes that can be read. */
  readonly status?: number;
  /** The service's name for the error. */
  readonly code?: string;
  strikesAt(place: Place): boolean;
}

export interface Cell {
  readonly name: string;
  readonly scenario: Scenario;
  readonly place: Place;
  readonly kind: Kind;
  readonly duration: 'once' | 'always';
}

const get: readonly Operation[] = ['GetEventStream'];
const getAndPut: readonly Operation[] = ['GetEventStream', 'PutEventStream'];
const getAndDelete: readonly Operation[] = ['GetEventStream', 'DeleteEventStream'];

const SCENARIOS: readonly Scenario[] = [
  // The first one, since it takes longest.
  { name: 'a Delete under a made-up ID that finds its own event stream', request: 'Delete', underMadeUpId: true, found: 'ours', operations: getAndDelete },
  { name: 'a Create that finds no event stream', request: 'Create', found: 'none', operations: getAndPut },
  { name: "a Create that finds another's event stream", request: 'Create', found: "another's", operations: get },
  { name: "a Create with replaceExisting that finds another's event stream", request: 'Create', found: "another's", replaceExisting: true, operations: getAndPut },
  { name: 'an Update that finds its former event stream', request: 'Update', found: 'former', operations: getAndPut },
  { name: "an Update that finds another's event stream", request: 'Update', found: "another's", operations: getAndPut },
  { name: 'an Update to another application that finds no event stream', request: 'Update', fromOtherApplication: true, found: 'none', operations: getAndPut },
  { name: "an Update to another application that finds another's event stream", request: 'Update', fromOtherApplication: true, found: "another's", operations: get },
  { name: 'a Delete that finds its own event stream', request: 'Delete', found: 'ours', operations: getAndDelete },
  { name: "a Delete that finds another's event stream", request: 'Delete', found: "another's", operations: get },
];

const withoutEffect = ({ afterEffect }: Place) => !afterEffect;
const anywhere = () => true;
/** What is cut or corrupted is the answer to a call that took effect. */
const onTheWayBack = ({ operation, afterEffect }: Place) => operation === 'GetEventStream' || afterEffect;

const KINDS: readonly Kind[] = [
  // With a status below 500, the service says that the call had no effect.
  { name: '400', status: 400, code: 'BadRequestException', strikesAt: withoutEffect },
  { name: '403', status: 403, code: 'ForbiddenException', strikesAt: withoutEffect },
  { name: '404', status: 404, code: 'NotFoundException', strikesAt: withoutEffect },
  { name: '405', status: 405, code: 'MethodNotAllowedException', strikesAt: withoutEffect },
  { name: '409', status: 409, code: 'ConflictException', strikesAt: withoutEffect },
  { name: '413', status: 413, code: 'PayloadTooLargeException', strikesAt: withoutEffect },
  { name: '429', status: 429, code: 'TooManyRequestsException', strikesAt: withoutEffect },
  { name: '500', status: 500, code: 'InternalServerErrorException', strikesAt: anywhere },
  { name: '503', status: 503, code: 'ServiceUnavailableException', strikesAt: anywhere },
  { name: 'no answer', strikesAt: anywhere },
  { name: 'a reset connection', strikesAt: anywhere },
  { name: 'an answer that is no event stream', status: 200, code: 'NotAnError', strikesAt: anywhere },
  { name: 'a truncated answer', strikesAt: onTheWayBack },
  { name: 'a corrupted answer', strikesAt: onTheWayBack },
  // The system's resolver does not know the endpoint's name, from this call on.
  { name: 'no DNS', strikesAt: withoutEffect },
];

export const CELLS: readonly Cell[] = SCENARIOS.flatMap((scenario) => placesOf(scenario).flatMap((place) => KINDS
  .filter((kind) => kind.strikesAt(place))
  .flatMap((kind) => (['once', 'always'] as const).map((duration) => {
    const name = `${scenario.name} meets ${kind.name} at ${describePlace(place)}, ${duration}`;
    return { name, scenario, place, kind, duration };
  }))));

function placesOf({ operations }: Scenario): Place[] {
  return operations.flatMap((operation) => [
    { operation, afterEffect: false },
    ...operation === 'GetEventStream' ? [] : [{ operation, afterEffect: true }],
  ]);
}

export function describePlace({ operation, afterEffect }: Place): string {
  return operation === 'GetEventStream' ? operation : `${operation}, ${afterEffect ? 'after' : 'before'} its effect`;
}

/** Another attempt would meet the same; every other fault may pass. */
export function isPermanent({ place: { operation }, kind: { status } }: Cell): boolean {
  switch (operation) {
    // To a Put, 400 is how Pinpoint says that it cannot assume the role yet.
    case 'PutEventStream': return [404, 405, 413].includes(status!);
    // To a Get or a Delete, 404 is how Pinpoint says that there is no event stream.
    default: return [400, 405, 413].includes(status!);
  }
}

/** Nobody can tell this fault from Pinpoint's own word that there is no event stream. */
export function seemsAbsent({ place: { operation }, kind: { status } }: Cell): boolean {
  return status === 404 && operation !== 'PutEventStream';
}

/** How the fault proxy makes a call fail in this way. */
export function faultOf({ place: { afterEffect }, kind: { name, status, code } }: Cell): Fault {
  if (status !== undefined) {
    return { error: { code: code!, status, message: `${name} by the fault proxy` } };
  }
  switch (name) {
    // The function waits for ten seconds.
    case 'no answer': return afterEffect ? { response: { bandwidth_kbps: 0.01 } } : { timeout_ms: 20_000 };
    case 'a reset connection': return afterEffect ? { response: { abort_bytes: 0 } } : { reset: true };
    case 'a truncated answer': return { response: { truncate_frac: 0.5 } };
    default: return { response: { corrupt_bytes: 1_000 } };
  }
}
