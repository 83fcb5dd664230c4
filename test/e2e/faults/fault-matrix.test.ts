import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Cell, CELLS, describePlace, faultOf, isPermanent, seemsAbsent } from './fault-matrix';
import { Observation, violatedInvariants } from './invariants';
import type { StackStatus } from '../../support/cloudformation/cloudformation';
import { Holder, Laboratory, properties } from '../../support/packaged-function/laboratory';
import type { Conditions } from '../../support/packaged-function/packaged-function';
import { Relay } from '../../support/packaged-function/relay';

const REPORTS = join(__dirname, '..', '..', '..', 'test-reports');

/** Long where the function needs the time for another attempt, or another look; short where a fault that may pass does not. */
function propagationTimeoutSeconds(cell: Cell): number {
  const { duration, place: { afterEffect } } = cell;
  return seemsAbsent(cell) || (!isPermanent(cell) && (duration === 'once' || afterEffect)) ? 30 : 3;
}

/** Longer than a Create takes to set its event stream, also on a busy machine. */
const UNTIL_FOUND_MS = 60_000;

jest.setTimeout(600_000);

let laboratory: Laboratory;
const observations = new Map<Cell, Observation>();

beforeAll(async () => {
  laboratory = await Laboratory.start();
});

afterAll(async () => {
  await laboratory.stop();
  mkdirSync(REPORTS, { recursive: true });
  writeFileSync(join(REPORTS, 'fault-matrix.md'), report());
});

test.concurrent.each(CELLS)('every invariant holds where $name', async (cell) => {
  const observation = await observe(cell);
  observations.set(cell, observation);

  const violated = violatedInvariants(observation);
  expect({ violated, ...violated.length > 0 && { observation } }).toEqual({ violated: [] });
});

test("no answer is against CloudFormation's contract for custom resources", () => {
  expect(laboratory.endpoint.violations).toEqual([]);
});

/** Lets CloudFormation send the request of a cell with its fault, and what follows without. */
async function observe(cell: Cell): Promise<Observation> {
  const { name, scenario: { request, found, replaceExisting, fromOtherApplication, underMadeUpId } } = cell;
  const { emulators, endpoint } = laboratory;
  const applicationId = await emulators.createApplication(name);
  const formerApplicationId = fromOtherApplication ? await emulators.createApplication(`former: ${name}`) : applicationId;
  const { conditions, timesStruck, stop } = await inject(cell, `FAULTY${CELLS.indexOf(cell)}`);
  /** A Create comes before each other request. */
  const underTest = request === 'Create' ? 0 : 1;
  let held: Holder | undefined;
  const lambda = laboratory.newFunction({
    propagationTimeoutSeconds: propagationTimeoutSeconds(cell),
    before: async (_, number) => {
      if (number === underTest) {
        await isFound(applicationId, found);
        return conditions;
      }
      if (number === underTest + 1) {
        held = await laboratory.holderOf(applicationId);
      }
      return undefined;
    },
  });
  const stack = lambda.newStack('Cell');
  const template = { Events: properties(applicationId, 'ours', replaceExisting) };

  // GIVEN
  if (request === 'Update') {
    await stack.deploy({ Events: properties(formerApplicationId, 'former', replaceExisting) });
  } else if (request === 'Delete' && !underMadeUpId) {
    await stack.deploy(template);
  }
  if (found === "another's") {
    await laboratory.setEventStream(applicationId, found);
  }

  // WHEN
  let status: StackStatus;
  if (underMadeUpId) {
    status = await stack.deploy(template, { cancelledAfter: 0 });
  } else {
    status = await (request === 'Delete' ? stack.delete() : stack.deploy(template));
  }
  held ??= await laboratory.holderOf(applicationId);
  if (status === 'DELETE_FAILED' || status === 'ROLLBACK_FAILED') {
    status = await stack.delete();
  }
  const runs = await Promise.all(lambda.runs);
  await stop();

  const { request: { ResponseURL }, answer } = stack.exchanges[underTest];
  if (!answer) {
    throw new Error(`the ${request} of application ${applicationId} was not answered in time; the function logged:\n${runs[underTest].log}`);
  }
  return {
    cell,
    applicationId,
    answer,
    timesAnswered: endpoint.received(ResponseURL).length,
    timesStruck: await timesStruck(runs[underTest].log),
    held,
    next: {
      status,
      held: await laboratory.holderOf(applicationId),
      ...fromOtherApplication && { heldByFormer: await laboratory.holderOf(formerApplicationId) },
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
  const { place: { operation, afterEffect }, kind: { name, status }, duration } = cell;
  const { emulators } = laboratory;
  const times = duration === 'once' ? 1 : 1_000;
  if (name === 'no DNS') {
    return {
      conditions: {
        pinpointUrl: emulators.faultsUrl.replace('127.0.0.1', 'localhost'),
        dnsOutage: { from: operation === 'GetEventStream' ? 0 : 1, times },
      },
      timesStruck: async (log) => log.split('"error":"ENOTFOUND"').length - 1,
      stop: async () => {},
    };
  }
  if (status !== undefined && afterEffect) {
    const method = operation === 'PutEventStream' ? 'POST' : 'DELETE';
    const relay = await Relay.start(emulators.faultsUrl, { method, loses: { status, times } });
    return { conditions: { pinpointUrl: relay.url }, timesStruck: async () => relay.timesStruck, stop: () => relay.stop() };
  }
  const timesStruck = await emulators.addFault({ operation, accessKeyId, times, fault: faultOf(cell) });
  return { conditions: { accessKeyId }, timesStruck, stop: async () => {} };
}

/** What came of the faults, for a person to read; those of the same outcome are in one row. */
function report(): string {
  const rows = new Map<string, string[]>();
  for (const cell of CELLS.filter((candidate) => observations.has(candidate))) {
    const { answer, held } = observations.get(cell)!;
    const row = [cell.scenario.name, describePlace(cell.place), answer.Status, held].join(' | ');
    rows.set(row, [...rows.get(row) ?? [], `${cell.kind.name} ${cell.duration}`]);
  }
  const lines = [...rows].map(([row, faults]) => `| ${row} | ${faults.join(', ')} |\n`);
  return `| request | failing call | answer | Pinpoint then holds | faults |\n|---|---|---|---|---|\n${lines.join('')}`;
}
