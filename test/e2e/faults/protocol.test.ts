import { NEVER_CREATED } from '../../../src/handler/decision';
import type { CustomResourceRequest } from '../../../src/handler/request';
import type { ContractStack } from '../../support/cloudformation/cloudformation';
import { Reaction, ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { Laboratory, properties } from '../../support/packaged-function/laboratory';
import { SECRETS } from '../../support/packaged-function/lambda-process';
import type { Conditions, PackagedFunction, PackagedFunctionOptions } from '../../support/packaged-function/packaged-function';
import { StatusAfterEffect } from '../../support/packaged-function/status-after-effect';

jest.setTimeout(300_000);

const SECOND = 1_000;

/** Longer than the function tries to answer a URL that fails at once (four waits, of 15 s together at most), after it has looked again (33 s). */
const AFTER_LAST_ATTEMPT = 75 * SECOND;

/** Longer than it tries to answer a URL that never replies: five times ten seconds, and four waits. A Create does not look again before that. */
const AFTER_LAST_HANGING_ATTEMPT = 90 * SECOND;

const started = Laboratory.start();
const lambdas: PackagedFunction[] = [];

afterAll(async () => {
  const laboratory = await started;
  await laboratory.stop();
  expect(laboratory.endpoint.violations).toEqual([]);
});

/** A stack of one event stream, and the function that serves it. */
interface Stage {
  readonly laboratory: Laboratory;
  readonly applicationId: string;
  readonly lambda: PackagedFunction;
  readonly stack: ContractStack;
  /** What the URL of each request's answer does, by the number of the invocation. */
  readonly reactions: Record<number, Reaction[]>;
  /** What each invocation meets, by its number. */
  readonly conditions: Record<number, Conditions>;
  /** How often the answer to a request of the stack was sent, and what became of it. */
  received(exchange: number): Reaction[];
}

async function setStage(name: string, options: Partial<PackagedFunctionOptions> = {}): Promise<Stage> {
  const laboratory = await started;
  const reactions: Stage['reactions'] = {};
  const conditions: Stage['conditions'] = {};
  const lambda = laboratory.newFunction({
    propagationTimeoutSeconds: 3,
    before: async ({ ResponseURL }, number) => {
      laboratory.endpoint.react(ResponseURL, ...reactions[number] ?? []);
      return conditions[number];
    },
    ...options,
  });
  lambdas.push(lambda);
  const stack = lambda.newStack('Stack');
  return {
    laboratory,
    applicationId: await laboratory.emulators.createApplication(name),
    lambda,
    stack,
    reactions,
    conditions,
    received: (exchange) => {
      const { pathname } = new URL(stack.exchanges[exchange].request.ResponseURL);
      return laboratory.endpoint.requests.filter(({ path }) => path === pathname).map(({ reaction }) => reaction);
    },
  };
}

const kinds = ({ stack: { exchanges } }: Stage) => exchanges.map(({ request: { RequestType } }) => RequestType);

test.concurrent.each<[string, Reaction[]]>([
  ['403', [403, 403]],
  ['500', [500, 500, 500, 500]],
  ['503', [503]],
  ['a connection that is closed', ['hang up', 'hang up']],
  ['no reply', ['hang']],
  ['a slow reply', [{ replyAfter: 5 * SECOND }]],
])('an answer that reaches CloudFormation at a later attempt is as good as any other, after %s', async (name, reactions) => {
  // GIVEN
  const stage = await setStage(name);
  stage.reactions[0] = reactions;

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) });

  // THEN
  expect(status).toBe('CREATE_COMPLETE');
  const [run] = await Promise.all(stage.lambda.runs);
  expect(run.exitCode).toBe(0);
  expect(stage.received(0)).toEqual(typeof reactions[0] === 'object' ? reactions : [...reactions, 200]);
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('ours');
});

test.concurrent('an answer whose receipt comes when nobody waits for it any more is sent again, and is the same', async () => {
  // GIVEN
  const stage = await setStage('late reply');
  stage.reactions[0] = [{ replyAfter: 15 * SECOND }];

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) });

  // THEN
  expect(status).toBe('CREATE_COMPLETE');
  expect((await stage.lambda.runs[0]).exitCode).toBe(0);
  expect(stage.received(0)).toEqual([{ replyAfter: 15 * SECOND }, 200]);
  const bodies = stage.laboratory.endpoint.requests
    .filter(({ path }) => path === new URL(stage.stack.exchanges[0].request.ResponseURL).pathname).map(({ body }) => body);
  expect(new Set(bodies).size).toBe(1);
});

test.concurrent('an answer in which the service says a lot is cut to what CloudFormation takes, and still tells what to do', async () => {
  // GIVEN
  const stage = await setStage('at length', { propagationTimeoutSeconds: 0 });
  const error = { code: 'BadRequestException', status: 400, message: '漢'.repeat(10_000) };
  await stage.laboratory.emulators.addFaults({ operation: 'PutEventStream', accessKeyId: 'AT-LENGTH', fault: { error } });
  stage.conditions[0] = { accessKeyId: 'AT-LENGTH' };

  // WHEN
  await stage.stack.deploy({ Events: properties(stage.applicationId) });

  // THEN
  const [{ answer }] = stage.stack.exchanges;
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('漢…. Check that role ') });
  expect(answer!.Reason).toMatch(/exists in this region\.$/);
});

test.concurrent('neither an answer nor the log repeats the session token that the service does', async () => {
  // GIVEN
  const stage = await setStage('token', { propagationTimeoutSeconds: 0 });
  const message = `no such header: x-amz-security-token:${SECRETS.AWS_SESSION_TOKEN}`;
  const error = { code: 'BadRequestException', status: 400, message };
  await stage.laboratory.emulators.addFaults({ operation: 'PutEventStream', accessKeyId: 'TELLS-TOKEN', fault: { error } });
  stage.conditions[0] = { accessKeyId: 'TELLS-TOKEN' };

  // WHEN
  await stage.stack.deploy({ Events: properties(stage.applicationId) });

  // THEN
  const [{ answer }] = stage.stack.exchanges;
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no such header: ') });
  expect(answer!.Reason).not.toContain(SECRETS.AWS_SESSION_TOKEN);
});

test.concurrent.each<[string, Reaction, number]>([
  ['403', 403, AFTER_LAST_ATTEMPT],
  ['500', 500, AFTER_LAST_ATTEMPT],
  ['a connection that is closed', 'hang up', AFTER_LAST_ATTEMPT],
  ['no reply', 'hang', AFTER_LAST_HANGING_ATTEMPT],
])('a Create whose answer never arrives, because of %s, has failed, and the rollback removes what it had set', async (name, reaction, serviceTimeoutMs) => {
  // GIVEN
  const stage = await setStage(`never ${name}`, { serviceTimeoutMs });
  stage.reactions[0] = Array<Reaction>(5).fill(reaction);

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) });

  // THEN
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(kinds(stage)).toEqual(['Create', 'Delete']);
  expect(stage.received(0)).toHaveLength(5);
  const [create, remove] = await Promise.all(stage.lambda.runs);
  expect(create.exitCode).toBe(1);
  expect(create.log).toContain('the answer did not reach CloudFormation in 5 attempts');
  expect(remove.exitCode).toBe(0);
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('none');
});

test.concurrent('an Update whose answer never arrives has failed, and the rollback sets the former event stream again', async () => {
  // GIVEN
  const stage = await setStage('update', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  await stage.stack.deploy({ Events: properties(stage.applicationId, 'former') });
  stage.reactions[1] = [500, 500, 500, 500, 500];

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) });

  // THEN
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(kinds(stage)).toEqual(['Create', 'Update', 'Update']);
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('former');
});

test.concurrent('a Delete whose answer never arrives has failed, and the next attempt finds that it is done', async () => {
  // GIVEN
  const stage = await setStage('delete', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  await stage.stack.deploy({ Events: properties(stage.applicationId) });
  stage.reactions[1] = [500, 500, 500, 500, 500];

  // WHEN
  const first = await stage.stack.delete();
  const second = await stage.stack.delete();

  // THEN
  expect([first, second]).toEqual(['DELETE_FAILED', 'DELETE_COMPLETE']);
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('none');
});

/** Prepares that an invocation sets the event stream and gets no answer, and is killed then. */
async function killWhenSet(stage: Stage, number: number): Promise<{ killed: () => Promise<void> }> {
  const killer = new AbortController();
  const accessKeyId = `DIES-${stage.applicationId}`;
  await stage.laboratory.emulators.addFaults({ operation: 'PutEventStream', accessKeyId, fault: { response: { bandwidth_kbps: 0.001 } } });
  stage.conditions[number] = { accessKeyId, signal: killer.signal };
  return {
    killed: async () => {
      while (await stage.laboratory.holderOf(stage.applicationId) !== 'ours') {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      killer.abort();
    },
  };
}

test.concurrent('a Create that dies after it has set the event stream leaves nothing: the Delete under a made-up ID finds it', async () => {
  // GIVEN
  const stage = await setStage('dies in create', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  const { killed } = await killWhenSet(stage, 0);

  // WHEN
  const [status] = await Promise.all([stage.stack.deploy({ Events: properties(stage.applicationId) }), killed()]);

  // THEN
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect((await stage.lambda.runs[0]).exitCode).toBeNull();
  expect(stage.received(0)).toEqual([]);
  expect(stage.stack.exchanges[1].request).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: expect.stringMatching(/^Stack-Events-/) });
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('none');
});

test.concurrent('an Update that dies after it has set the event stream is rolled back by the reversed one', async () => {
  // GIVEN
  const stage = await setStage('dies in update', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  await stage.stack.deploy({ Events: properties(stage.applicationId, 'former') });
  const { killed } = await killWhenSet(stage, 1);

  // WHEN
  const [status] = await Promise.all([stage.stack.deploy({ Events: properties(stage.applicationId) }), killed()]);

  // THEN
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  const [, failed, rollback] = stage.stack.exchanges;
  expect(rollback.request).toMatchObject({
    ResourceProperties: (failed.request as { OldResourceProperties?: unknown }).OldResourceProperties,
    OldResourceProperties: failed.request.ResourceProperties,
  });
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('former');
});

/** Puts fail so often, and then take effect. */
async function slowRole({ laboratory }: Stage, accessKeyId: string, times: number): Promise<Conditions> {
  const error = { code: 'BadRequestException', status: 400, message: 'make sure the IAM Role is configured correctly' };
  await laboratory.emulators.addFaults({ operation: 'PutEventStream', accessKeyId, times, fault: { error } });
  return { accessKeyId };
}

test.concurrent('a Delete that comes while its Create still waits removes what that sets in the end', async () => {
  // GIVEN
  const stage = await setStage('delete during create', { propagationTimeoutSeconds: 20 });
  stage.conditions[0] = await slowRole(stage, 'CREATE-WAITS', 3);

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) }, { cancelledAfter: 2 * SECOND });

  // THEN
  const [create, remove] = await Promise.all(stage.lambda.runs);
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(create.log).toContain('"status":"SUCCESS"');
  expect(remove.log).toContain('"action":"delete"');
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('none');
});

test.concurrent('a rollback that comes while its Update still waits sets the former event stream again after that', async () => {
  // GIVEN
  const stage = await setStage('rollback during update', { propagationTimeoutSeconds: 40 });
  await stage.stack.deploy({ Events: properties(stage.applicationId, 'former') });
  // It takes effect after 15 to 31 seconds, when the rollback has looked for long.
  stage.conditions[1] = await slowRole(stage, 'UPDATE-WAITS', 5);

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) }, { cancelledAfter: 2 * SECOND });

  // THEN
  const [, update, rollback] = await Promise.all(stage.lambda.runs);
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(update.log).toContain('"status":"SUCCESS"');
  expect(rollback.log).toMatch(/"goal":"guard".*"action":"put"/);
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('former');
});

test.concurrent('an Update whose Put took effect without an answer does not undo the rollback that came meanwhile', async () => {
  // GIVEN
  const stage = await setStage('update against rollback', { propagationTimeoutSeconds: 40 });
  await stage.stack.deploy({ Events: properties(stage.applicationId, 'former') });
  // Set, and answered as if it had failed; what it would see next, it sees after 15 to 31 seconds, when the rollback is done.
  const relay = await StatusAfterEffect.start(stage.laboratory.emulators.faultsUrl, { method: 'POST', status: 500, times: 1, thenUnavailableFor: 4 });
  stage.conditions[1] = { pinpointUrl: relay.url };

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) }, { cancelledAfter: 1.5 * SECOND });

  // THEN
  const [, update] = await Promise.all(stage.lambda.runs);
  await relay.stop();
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(update.log).toContain('"action":"refuse"');
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('former');
});

/** The request of an exchange, once more, to another execution environment. */
async function deliverAgain({ stack, lambda }: Stage, exchange: number): Promise<CustomResourceRequest> {
  const { request } = stack.exchanges[exchange];
  expect((await lambda.invoke(request)).exitCode).toBe(0);
  return request;
}

test.concurrent('a request that is delivered twice at once is answered alike, and has the same effect', async () => {
  // GIVEN
  const laboratory = await started;
  const stage: Stage = await setStage('twice at once', {
    before: async (request, number) => {
      if (number === 0) {
        void stage.lambda.invoke(request);
      }
      return undefined;
    },
  });

  // WHEN
  const status = await stage.stack.deploy({ Events: properties(stage.applicationId) });

  // THEN
  await Promise.all(stage.lambda.runs);
  expect(status).toBe('CREATE_COMPLETE');
  expect(stage.lambda.runs).toHaveLength(2);
  expect(stage.received(0)).toEqual([200, 200]);
  const { RequestId } = stage.stack.exchanges[0].request;
  expect(laboratory.endpoint.answers.filter((answer) => answer.RequestId === RequestId).map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
  expect(await laboratory.holderOf(stage.applicationId)).toBe('ours');
});

test.concurrent('a Create that is delivered again finds its own event stream, and leaves it as it is', async () => {
  // GIVEN
  const stage = await setStage('create again');
  await stage.stack.deploy({ Events: properties(stage.applicationId) });
  const before = await stage.laboratory.emulators.eventStream(stage.applicationId);

  // WHEN
  await deliverAgain(stage, 0);

  // THEN
  expect(stage.received(0)).toEqual([200, 200]);
  expect(await stage.laboratory.emulators.eventStream(stage.applicationId)).toEqual(before);
});

test.concurrent('a Delete that is delivered again finds none', async () => {
  // GIVEN
  const stage = await setStage('delete again');
  await stage.stack.deploy({ Events: properties(stage.applicationId) });
  await stage.stack.delete();

  // WHEN
  await deliverAgain(stage, 1);

  // THEN
  expect(stage.received(1)).toEqual([200, 200]);
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('none');
});

test.concurrent('a Delete that is delivered again leaves the event stream of another alone', async () => {
  // GIVEN
  const stage = await setStage("delete again, another's");
  await stage.stack.deploy({ Events: properties(stage.applicationId) });
  await stage.stack.delete();
  await stage.laboratory.setEventStream(stage.applicationId, "another's");

  // WHEN
  await deliverAgain(stage, 1);

  // THEN
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe("another's");
});

test.concurrent('a Create that is delivered again after its Delete may do nothing any more, and sets nothing', async () => {
  // GIVEN
  const stage = await setStage('create after delete');
  await stage.stack.deploy({ Events: properties(stage.applicationId) });
  await stage.stack.delete();
  // The policy of an event stream goes when its resource is deleted.
  const error = { code: 'ForbiddenException', status: 403, message: 'not authorized' };
  for (const operation of ['GetEventStream', 'PutEventStream', 'DeleteEventStream'] as const) {
    await stage.laboratory.emulators.addFaults({ operation, accessKeyId: 'WITHOUT-POLICY', fault: { error } });
  }
  stage.conditions[2] = { accessKeyId: 'WITHOUT-POLICY' };

  // WHEN
  const { RequestId } = await deliverAgain(stage, 0);

  // THEN
  expect(stage.laboratory.endpoint.answers.filter((answer) => answer.RequestId === RequestId).at(-1)).toMatchObject({
    Status: 'FAILED', PhysicalResourceId: NEVER_CREATED,
  });
  expect(await stage.laboratory.holderOf(stage.applicationId)).toBe('none');
});

test('no log has the URL of an answer, a credential or a token, whatever became of the answer', async () => {
  const runs = await Promise.all(lambdas.flatMap(({ runs: ended }) => ended));

  expect(runs.length).toBeGreaterThan(40);
  for (const { log } of runs) {
    for (const secret of [ResponseEndpoint.SECRET, 'X-Amz-', ...Object.values(SECRETS)]) {
      expect(log).not.toContain(secret);
    }
  }
});
