import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ADVICE, Cell, CELLS, expectedOutcome, faultOf, needsRetry, Outcome } from './fault-matrix';
import { renderMatrix } from './fault-matrix-table';
import { NEVER_CREATED } from '../../../src/handler/decision';
import type { CustomResourceRequest, DeleteRequest } from '../../../src/handler/request';
import type { Answer } from '../../../src/handler/response';
import type { StackStatus } from '../../support/cloudformation/cloudformation';
import { ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { Holder, Laboratory, properties, SETTINGS } from '../../support/packaged-function/laboratory';
import { LambdaRun, SECRETS } from '../../support/packaged-function/lambda-process';
import type { Conditions } from '../../support/packaged-function/packaged-function';
import { StatusAfterEffect } from '../../support/packaged-function/status-after-effect';

const TABLE = join(__dirname, '..', '..', 'docs', 'fault-matrix.md');

/** Most of the time they wait. */
const CELLS_AT_A_TIME = 40;

/** Short, where a fault must last longer; long, where the function must have the time for another attempt or look. */
const propagationTimeout = (cell: Cell) => (needsRetry(cell) || cell.kind.status === 404 ? 60 : 3);

/** Longer than a Create takes to set its event stream, also on a busy machine. */
const UNTIL_FOUND_MS = 60_000;

/** What came of a cell. */
interface Result {
  readonly applicationId: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** How often the answer was sent. */
  readonly timesAnswered: number;
  /** How often the fault struck. */
  readonly timesStruck: number;
  /** After CloudFormation's next request, or a person's next attempt, without the fault. */
  readonly goesOn: GoesOn;
  readonly runs: readonly LambdaRun[];
}

interface GoesOn {
  readonly status: StackStatus;
  readonly pinpoint: Holder;
  /** What the other application holds, where the former event stream is of another one. */
  readonly formerApplication?: Holder;
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
    const { applicationId, outcome, reason, timesAnswered, timesStruck, goesOn, runs } = results.get(cell)!;
    const expected = expectedOutcome(cell);

    expect(outcome).toEqual(expected);
    expect(timesAnswered).toBe(1);
    expect(timesStruck)[cell.duration === 'once' ? 'toBe' : 'toBeGreaterThanOrEqual'](1);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
    if (expected.status === 'FAILED') {
      expect(reason).toContain(applicationId);
      expect(reason).toContain(expected.advice === 'ways to take over' ? SETTINGS["another's"].RoleArn : `${lastCallOf(cell)} for application`);
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
  const table = renderMatrix(CELLS.map((cell) => ({ cell, outcome: results.get(cell)!.outcome })));
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

function outcomeOf({ Status, PhysicalResourceId, Reason }: Answer, pinpoint: Holder, ids: Readonly<Record<string, Outcome['physicalId']>>): Outcome {
  const advice = (Object.keys(ADVICE) as (keyof typeof ADVICE)[]).find((name) => ADVICE[name].test(Reason ?? ''));
  return { status: Status, pinpoint, physicalId: ids[PhysicalResourceId], ...advice && { advice } };
}

/** What must come of a cell when CloudFormation goes on, or a person tries again, without the fault. */
function howItGoesOn({ scenario }: Cell, { status, pinpoint }: Outcome): GoesOn {
  const { request, found, fromOtherApplication, underMadeUpId } = scenario;
  const formerApplication = (holder: Holder) => (fromOtherApplication ? { formerApplication: holder } : {});
  switch (`${request} ${status}` as const) {
    case 'Create SUCCESS': return { status: 'CREATE_COMPLETE', pinpoint };
    case 'Create FAILED': return { status: 'ROLLBACK_COMPLETE', pinpoint: found };
    case 'Update SUCCESS': return { status: 'UPDATE_COMPLETE', pinpoint, ...formerApplication('none') };
    case 'Update FAILED': return { status: 'UPDATE_ROLLBACK_COMPLETE', pinpoint: fromOtherApplication ? found : 'former', ...formerApplication('former') };
    case 'Delete SUCCESS': return { status: underMadeUpId ? 'ROLLBACK_COMPLETE' : 'DELETE_COMPLETE', pinpoint };
    case 'Delete FAILED': return { status: 'DELETE_COMPLETE', pinpoint: found === 'ours' ? 'none' : found };
  }
}

/** The call that failed at last; every attempt begins with a look, so an outage that began later ends there. */
function lastCallOf(cell: Cell): string {
  return cell.kind.name === 'no DNS' ? 'GetEventStream' : operationOf(cell);
}

/** Lets CloudFormation send the request of a cell with its fault, and what follows without. */
async function run(cell: Cell, index: number): Promise<Result> {
  const { scenario: { request, found, replaceExisting, fromOtherApplication, underMadeUpId } } = cell;
  const { emulators, endpoint } = laboratory;
  const applicationId = await emulators.createApplication(nameOf(cell));
  const formerApplicationId = fromOtherApplication ? await emulators.createApplication(`former ${nameOf(cell)}`) : applicationId;
  const { conditions, timesStruck, stop } = await inject(cell, `FAULTY${index}`);
  /** The request under test is the next one of its type. */
  let armed = false;
  let underTest: CustomResourceRequest | undefined;
  let runUnderTest: number | undefined;
  let pinpoint: Holder | undefined;
  const lambda = laboratory.newFunction({
    propagationTimeoutSeconds: propagationTimeout(cell),
    before: async (sent, number) => {
      if (armed && sent.RequestType === request) {
        armed = false;
        underTest = sent;
        runUnderTest = number;
        await isFound(applicationId, found);
        return conditions;
      }
      if (underTest) {
        pinpoint ??= await laboratory.holderOf(applicationId);
      }
      return undefined;
    },
  });
  const stack = lambda.newStack(`Cell${index}`);
  const wanted = { Events: properties(applicationId, 'ours', replaceExisting) };

  // GIVEN
  if (request === 'Update') {
    await stack.deploy({ Events: properties(formerApplicationId, 'former', replaceExisting) });
  } else if (request === 'Delete' && !underMadeUpId) {
    await stack.deploy(wanted);
  }
  if (found === "another's") {
    await laboratory.setEventStream(applicationId, found);
  }

  // WHEN
  armed = true;
  let status: StackStatus;
  if (underMadeUpId) {
    status = await stack.deploy(wanted, { cancelledAfter: 0 });
  } else {
    status = await (request === 'Delete' ? stack.delete() : stack.deploy(wanted));
  }
  pinpoint ??= await laboratory.holderOf(applicationId);
  if (status === 'DELETE_FAILED' || status === 'ROLLBACK_FAILED') {
    status = await stack.delete();
  }
  const runs = await Promise.all(lambda.runs);
  await stop();

  const { answer } = stack.exchanges.find((exchange) => exchange.request === underTest)!;
  return {
    applicationId,
    outcome: outcomeOf(answer!, pinpoint, {
      ...underMadeUpId && { [(underTest! as DeleteRequest).PhysicalResourceId]: 'made up' },
      [formerApplicationId]: 'the former application',
      [applicationId]: 'the application',
      [NEVER_CREATED]: 'never created',
    }),
    reason: answer!.Reason,
    timesAnswered: endpoint.requests.filter(({ path }) => path === new URL(underTest!.ResponseURL).pathname).length,
    timesStruck: await timesStruck(runs[runUnderTest!].log),
    goesOn: {
      status,
      pinpoint: await laboratory.holderOf(applicationId),
      ...fromOtherApplication && { formerApplication: await laboratory.holderOf(formerApplicationId) },
    },
    runs,
  };
}

/** Waits until Pinpoint holds what the request under test is to find; only a Create that was given up takes a while to set it. */
async function isFound(applicationId: string, found: Holder): Promise<void> {
  const until = Date.now() + UNTIL_FOUND_MS;
  while (await laboratory.holderOf(applicationId) !== found) {
    if (Date.now() > until) {
      throw new Error(`application ${applicationId} has ${await laboratory.holderOf(applicationId)} after ${UNTIL_FOUND_MS} ms, expected ${found}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface Injected {
  /** The fault strikes an invocation under these. */
  readonly conditions: Conditions;
  /** How often it struck, by those who inject it, or by what the invocation logged. */
  timesStruck(log: string): Promise<number>;
  stop(): Promise<void>;
}

/** Prepares the fault of a cell. */
async function inject(cell: Cell, accessKeyId: string): Promise<Injected> {
  const { place, kind: { name, status }, duration } = cell;
  const { emulators } = laboratory;
  const operation = operationOf(cell);
  const times = duration === 'once' ? 1 : 1_000;
  if (name === 'no DNS') {
    return {
      conditions: {
        pinpointUrl: emulators.faultsUrl.replace('127.0.0.1', 'localhost'),
        dnsOutage: { from: place === 'Get' ? 0 : 1, times },
      },
      timesStruck: async (log) => log.split('"error":"ENOTFOUND"').length - 1,
      stop: async () => {},
    };
  }
  if (status !== undefined && place.endsWith('after its effect')) {
    const method = operation === 'PutEventStream' ? 'POST' : 'DELETE';
    const proxy = await StatusAfterEffect.start(emulators.faultsUrl, { method, status, times });
    return { conditions: { pinpointUrl: proxy.url }, timesStruck: async () => proxy.timesStruck, stop: () => proxy.stop() };
  }
  await emulators.addFaults({ operation, accessKeyId, times, fault: faultOf(cell) });
  return { conditions: { accessKeyId }, timesStruck: () => emulators.timesStruck(accessKeyId), stop: async () => {} };
}
