import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ADVICE, Cell, CELLS, expectedOutcome, faultOf, needsRetry, Outcome } from './fault-matrix';
import { renderMatrix } from './fault-matrix-table';
import { Holder, Laboratory, properties, SETTINGS } from './laboratory';
import { LambdaRun, SECRETS } from './lambda-process';
import type { Conditions } from './packaged-function';
import { StatusAfterEffect } from './status-after-effect';
import { NEVER_CREATED } from '../../src/provider/handler/decision';
import type { CustomResourceRequest } from '../../src/provider/handler/request';
import type { Answer } from '../../src/provider/handler/response';
import { ResponseEndpoint } from '../cloudformation/response-endpoint';

const TABLE = join(__dirname, '..', '..', 'docs', 'fault-matrix.md');

/** Most of the time they wait. */
const CELLS_AT_A_TIME = 24;

/** Short, where a fault must last longer; long, where the function must have the time for another attempt. */
const propagationTimeout = (cell: Cell) => (needsRetry(cell) ? 60 : 3);

/** What came of a cell. */
interface Result {
  readonly applicationId: string;
  readonly answer: Answer;
  /** How often the answer was sent. */
  readonly timesAnswered: number;
  readonly pinpoint: Holder;
  /** After CloudFormation's next request, or a person's next attempt, without the fault. */
  readonly goesOn: { readonly status: string; readonly pinpoint: Holder };
  readonly runs: readonly LambdaRun[];
}

jest.setTimeout(1_200_000);

let laboratory: Laboratory;
const results = new Map<Cell, Result>();

beforeAll(async () => {
  laboratory = await Laboratory.start();
  const cells = [...CELLS];
  await Promise.all(Array.from({ length: CELLS_AT_A_TIME }, async () => {
    for (let cell = cells.pop(); cell; cell = cells.pop()) {
      results.set(cell, await run(cell, CELLS.indexOf(cell)));
    }
  }));
}, 1_200_000);

afterAll(() => laboratory.stop());

describe.each(CELLS.map((cell) => [nameOf(cell), cell] as const))('%s', (_, cell) => {
  it('is answered once, in time, leaves Pinpoint as designed, tells a person what to do, and lets them go on', () => {
    const { applicationId, answer, timesAnswered, pinpoint, goesOn, runs } = results.get(cell)!;
    const expected = expectedOutcome(cell);

    expect(outcomeOf(answer, pinpoint, applicationId)).toEqual(expected);
    expect(timesAnswered).toBe(1);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
    if (expected.status === 'FAILED') {
      expect(answer.Reason).toContain(applicationId);
      expect(answer.Reason).toContain(expected.advice === 'ways to take over' ? SETTINGS["another's"].RoleArn : `${lastCallOf(cell)} for application`);
    }
    expect(goesOn).toEqual(howItGoesOn(cell, expected));
  });

  it('writes one JSON object per line to the log, and no URL of an answer, credential or token', () => {
    for (const { log } of results.get(cell)!.runs) {
      for (const line of log.trimEnd().split('\n')) {
        expect(JSON.parse(line)).toEqual(expect.objectContaining({ level: expect.stringMatching(/^(INFO|WARN|ERROR)$/), requestId: expect.anything() }));
      }
      for (const secret of [ResponseEndpoint.SECRET, 'X-Amz-', ...Object.values(SECRETS), 'Credential=', 'Signature=']) {
        expect(log).not.toContain(secret);
      }
    }
  });
});

test('no answer was against the contract of CloudFormation', () => {
  expect(laboratory.endpoint.violations).toEqual([]);
});

test('the table in the documentation is what this run found', () => {
  const table = renderMatrix(CELLS.map((cell) => {
    const { answer, pinpoint, applicationId } = results.get(cell)!;
    return { cell, outcome: outcomeOf(answer, pinpoint, applicationId) };
  }));
  process.stdout.write(`${table}\n`);
  if (process.env.UPDATE_DOCS) {
    writeFileSync(TABLE, table);
  }

  expect(table).toBe(readFileSync(TABLE, 'utf8'));
});

function nameOf({ scenario, place, kind, duration }: Cell): string {
  return `${scenario.name}: ${kind.name} on ${place}, ${duration}`;
}

function operationOf({ place }: Cell): 'GetEventStream' | 'PutEventStream' | 'DeleteEventStream' {
  return `${place.split(',')[0] as 'Get' | 'Put' | 'Delete'}EventStream`;
}

function outcomeOf({ Status, PhysicalResourceId, Reason }: Answer, pinpoint: Holder, applicationId: string): Outcome {
  const physicalId = { [applicationId]: 'the application', [NEVER_CREATED]: 'never created' }[PhysicalResourceId] as Outcome['physicalId'];
  const advice = (Object.keys(ADVICE) as (keyof typeof ADVICE)[]).find((name) => ADVICE[name].test(Reason ?? ''));
  return { status: Status, pinpoint, physicalId, ...advice && { advice } };
}

/** What must come of a cell when CloudFormation goes on, or a person tries again, without the fault. */
function howItGoesOn({ scenario: { request, found } }: Cell, { status, pinpoint }: Outcome): Result['goesOn'] {
  switch (`${request} ${status}` as const) {
    case 'Create SUCCESS': return { status: 'CREATE_COMPLETE', pinpoint };
    case 'Create FAILED': return { status: 'ROLLBACK_COMPLETE', pinpoint: found };
    case 'Update SUCCESS': return { status: 'UPDATE_COMPLETE', pinpoint };
    case 'Update FAILED': return { status: 'UPDATE_ROLLBACK_COMPLETE', pinpoint: 'former' };
    case 'Delete SUCCESS': return { status: 'DELETE_COMPLETE', pinpoint };
    case 'Delete FAILED': return { status: 'DELETE_COMPLETE', pinpoint: found === 'ours' ? 'none' : found };
  }
}

/** The call that failed at last; every attempt begins with a look, so an outage that began later ends there. */
function lastCallOf(cell: Cell): string {
  return cell.kind.name === 'no DNS' ? 'GetEventStream' : operationOf(cell);
}

/** Lets CloudFormation send the request of a cell with its fault, and what follows without. */
async function run(cell: Cell, index: number): Promise<Result> {
  const { scenario: { request, found, replaceExisting } } = cell;
  const applicationId = await laboratory.emulators.createApplication(nameOf(cell));
  const { conditions, stop } = await inject(cell, `FAULTY${index}`);
  /** The request under test is the next one. */
  let armed = false;
  let underTest: CustomResourceRequest | undefined;
  let pinpoint: Holder | undefined;
  const lambda = laboratory.newFunction({
    propagationTimeoutSeconds: propagationTimeout(cell),
    before: async (sent) => {
      if (armed) {
        armed = false;
        underTest = sent;
        return conditions;
      }
      if (underTest) {
        pinpoint ??= await laboratory.holderOf(applicationId);
      }
      return undefined;
    },
  });
  const stack = lambda.newStack(`Cell${index}`);
  const template = (holder: 'ours' | 'former') => ({ Events: properties(applicationId, holder, replaceExisting) });

  // GIVEN
  if (request !== 'Create') {
    await stack.deploy(template(request === 'Update' ? 'former' : 'ours'));
  }
  if (found === "another's") {
    await laboratory.setEventStream(applicationId, found);
  }

  // WHEN
  const send = () => (request === 'Delete' ? stack.delete() : stack.deploy(template('ours')));
  armed = true;
  let status = await send();
  pinpoint ??= await laboratory.holderOf(applicationId);
  if (status === 'DELETE_FAILED') {
    status = await send();
  }
  const runs = await Promise.all(lambda.runs);
  await stop();

  return {
    applicationId,
    answer: stack.exchanges.find((exchange) => exchange.request === underTest)!.answer!,
    timesAnswered: laboratory.endpoint.requests.filter(({ path }) => path === new URL(underTest!.ResponseURL).pathname).length,
    pinpoint,
    goesOn: { status, pinpoint: await laboratory.holderOf(applicationId) },
    runs,
  };
}

/** Prepares the fault of a cell; it strikes an invocation under these conditions. */
async function inject(cell: Cell, accessKeyId: string): Promise<{ conditions: Conditions; stop(): Promise<void> }> {
  const { place, kind: { name, status }, duration } = cell;
  const { emulators } = laboratory;
  const operation = operationOf(cell);
  const times = duration === 'once' ? 1 : 1_000;
  if (name === 'no DNS') {
    const pinpointUrl = emulators.faultsUrl.replace('127.0.0.1', 'localhost');
    return { conditions: { pinpointUrl, dnsOutage: { from: place === 'Get' ? 0 : 1, times } }, stop: async () => {} };
  }
  if (status !== undefined && place.endsWith('after its effect')) {
    const method = operation === 'PutEventStream' ? 'POST' : 'DELETE';
    const proxy = await StatusAfterEffect.start(emulators.faultsUrl, { method, status, times });
    return { conditions: { pinpointUrl: proxy.url }, stop: () => proxy.stop() };
  }
  await emulators.addFaults({ operation, accessKeyId, times, fault: faultOf(cell) });
  return { conditions: { accessKeyId }, stop: async () => {} };
}
