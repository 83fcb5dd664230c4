import { Cell, isPermanent, seemsAbsent } from './fault-matrix';
import { NEVER_CREATED, OUTCOME_UNKNOWN } from '../../../src/handler/physical-id';
import type { CustomResourceResponse } from '../../../src/handler/response';
import type { StackStatus } from '../../support/cloudformation/cloudformation';
import { ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { Holder, SETTINGS } from '../../support/packaged-function/laboratory';
import { LambdaRun, SECRETS } from '../../support/packaged-function/lambda-process';

/** What was observed in one cell of the fault matrix. */
export interface Observation {
  readonly cell: Cell;
  readonly applicationId: string;
  readonly answer: CustomResourceResponse;
  readonly timesAnswered: number;
  readonly timesStruck: number;
  /** What Pinpoint held after the answer. */
  readonly held: Holder;
  /** After CloudFormation's next request, or a person's next attempt to delete the stack, without the fault. */
  readonly next: {
    readonly status: StackStatus;
    readonly held: Holder;
    /** What the former application held, where the request changed the application. */
    readonly heldByFormer?: Holder;
  };
  readonly runs: readonly LambdaRun[];
}

type Invariant = (observation: Observation) => boolean;

/** What must hold in every cell of the fault matrix. */
const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'the fault struck': ({ cell: { duration }, timesStruck }) =>
    (duration === 'once' ? timesStruck === 1 : timesStruck > 0),

  "there is one answer, and no invocation reaches the function's timeout": ({ timesAnswered, runs }) =>
    timesAnswered === 1 && runs.every(({ exitCode }) => exitCode === 0),

  'SUCCESS means that Pinpoint holds what was wanted': ({ cell, answer, held }) =>
    answer.Status === 'FAILED' || held === wanted(cell),

  'FAILED means that Pinpoint holds what it held before': ({ cell, answer, held }) =>
    answer.Status === 'SUCCESS' || held === cell.scenario.found,

  "another's event stream is left alone": ({ cell, held, next }) =>
    !mustBeLeftAlone(cell) || (held === "another's" && next.held === "another's"),

  'a fault that may pass does not fail the request': ({ cell, answer }) =>
    isPermanent(cell) || cell.duration === 'always' || isRefused(cell) || answer.Status === 'SUCCESS',

  'a fault that cannot pass fails the request at once': ({ cell, answer }) =>
    !isPermanent(cell) || (answer.Status === 'FAILED' && answer.Reason!.includes(' failed with ')),

  'what seems to be gone for good fails no request': ({ cell, answer }) =>
    !(seemsAbsent(cell) || seemsShutDown(cell)) || answer.Status === 'SUCCESS',

  'a Create that fails tells its Delete whether there may be something to delete': ({ cell, answer }) =>
    cell.scenario.request !== 'Create' || answer.Status === 'SUCCESS'
    || answer.PhysicalResourceId === (putMayHaveLanded(cell) ? OUTCOME_UNKNOWN : NEVER_CREATED),

  'the next request, without the fault, succeeds and leaves what its stack stands for': isMended,

  'the reason of a failure names the application, the call that failed, and what to check': ({ cell, applicationId, answer: { Status, Reason } }) =>
    Status === 'SUCCESS' || Reason!.includes(`${lastCall(cell)} for application ${applicationId} failed `) && Reason!.includes(' Check ')
    || isRefused(cell) && namesAnothers(Reason!, applicationId),

  'each line of the log is a JSON object with its level and its request': ({ runs }) =>
    runs.flatMap(({ log }) => log.trimEnd().split('\n')).every(isLogLine),

  'no log has the URL of an answer, a credential or a token': ({ runs }) =>
    !runs.some(({ log }) => [ResponseEndpoint.SECRET, 'X-Amz-', 'Credential=', 'Signature=', ...Object.values(SECRETS)].some((secret) => log.includes(secret))),
};

/** The invariants that do not hold. */
export function violatedInvariants(observation: Observation): string[] {
  return Object.entries(INVARIANTS).filter(([, holds]) => !holds(observation)).map(([invariant]) => invariant);
}

/** An endpoint that is never found is what a Delete meets after the end of Amazon Pinpoint. */
function seemsShutDown({ scenario: { request }, place: { operation }, kind: { name }, duration }: Cell): boolean {
  return request === 'Delete' && operation === 'GetEventStream' && name === 'no DNS' && duration === 'always';
}

/** Whether the request may not change another's event stream. An Update may, at its own application, where somebody has changed it by hand. */
function mustBeLeftAlone(cell: Cell): boolean {
  const { request, found, fromOtherApplication, replaceExisting } = cell.scenario;
  const owns = replaceExisting || (request === 'Update' && !fromOtherApplication);
  return found === "another's" && !owns && !(seemsAbsent(cell) && request !== 'Delete');
}

/** A request that wants to set what it must leave alone can only fail. */
function isRefused(cell: Cell): boolean {
  return mustBeLeftAlone(cell) && cell.scenario.request !== 'Delete';
}

function wanted(cell: Cell): Holder {
  const { scenario: { request, found, underMadeUpId }, duration } = cell;
  if (request !== 'Delete') {
    return 'ours';
  }
  // Under a made-up ID, it looks again, and sees through what it was told once.
  const isDeceived = seemsShutDown(cell) || (seemsAbsent(cell) && !(underMadeUpId && duration === 'once'));
  return found === 'ours' && !isDeceived ? 'none' : found;
}

/** Whether a Put was sent whose outcome the function does not know: nothing came back that says that it was refused. */
function putMayHaveLanded({ place: { operation }, kind: { status = 500 } }: Cell): boolean {
  return operation === 'PutEventStream' && (status < 300 || status >= 500);
}

function isMended({ cell, answer, held, next }: Observation): boolean {
  const { request, found, fromOtherApplication, underMadeUpId } = cell.scenario;
  const ends = (status: StackStatus, expected: Holder) => next.status === status && next.held === expected;
  switch (`${request} ${answer.Status}` as const) {
    case 'Create SUCCESS': return ends('CREATE_COMPLETE', held);
    case 'Create FAILED': return ends('ROLLBACK_COMPLETE', found);
    case 'Update SUCCESS': return ends('UPDATE_COMPLETE', held) && (!fromOtherApplication || next.heldByFormer === 'none');
    case 'Update FAILED': return fromOtherApplication
      ? ends('UPDATE_ROLLBACK_COMPLETE', found) && next.heldByFormer === 'former'
      : ends('UPDATE_ROLLBACK_COMPLETE', 'former');
    case 'Delete SUCCESS': return ends(underMadeUpId ? 'ROLLBACK_COMPLETE' : 'DELETE_COMPLETE', held);
    case 'Delete FAILED': return ends('DELETE_COMPLETE', found === 'ours' ? 'none' : found);
  }
}

/** Each attempt begins with a look, so an outage of the resolver that lasts ends there. */
function lastCall({ place: { operation }, kind: { name } }: Cell): string {
  return name === 'no DNS' ? 'GetEventStream' : operation;
}

function namesAnothers(reason: string, applicationId: string): boolean {
  return [applicationId, SETTINGS["another's"].RoleArn, 'set replaceExisting to true', 'removalPolicy RETAIN'].every((part) => reason.includes(part));
}

function isLogLine(line: string): boolean {
  try {
    const { level, requestId } = JSON.parse(line);
    return ['INFO', 'WARN', 'ERROR'].includes(level) && Boolean(requestId);
  } catch {
    return false;
  }
}
