import { LATE_MS } from '../../../src/handler/deadlines';
import { NEVER_CREATED, OUTCOME_UNKNOWN } from '../../../src/handler/physical-id';
import type { CustomResourceResponse } from '../../../src/handler/response';
import type { ContractStack, OtherResources, StackStatus } from '../../support/cloudformation/cloudformation';
import { Reaction, ReceivedRequest, ResponseEndpoint } from '../../support/cloudformation/response-endpoint';
import { realTime } from '../../support/cloudformation/time';
import type { Fault, FaultRule } from '../../support/emulators/emulators';
import { Holder, Laboratory, properties, SETTINGS } from '../../support/packaged-function/laboratory';
import { SECRETS } from '../../support/packaged-function/lambda-process';
import type { Conditions, PackagedFunction, PackagedFunctionOptions } from '../../support/packaged-function/packaged-function';
import { Relay } from '../../support/packaged-function/relay';

/** How the function and CloudFormation get on where answers are lost, functions die, and requests come early, late or twice. */

jest.setTimeout(300_000);

const SECOND = 1_000;

/**
 * Longer than any request takes whose answers fail at once. It tries to answer for 15 s at most, with a wait of at most 1, 2,
 * 4 and 8 s between the attempts. Before that, an Update looks again until it is 25 s old; a Delete that looks again, until
 * it is 33 s old, and that one is answered at once.
 */
const AFTER_LAST_ATTEMPT = 90 * SECOND;

/** Longer than a Create tries to answer a URL that never replies: five times 8 s, and the same waits. */
const AFTER_LAST_HANGING_ATTEMPT = 110 * SECOND;

let laboratory: Laboratory;
const lambdas: PackagedFunction[] = [];

beforeAll(async () => {
  laboratory = await Laboratory.start();
});

afterAll(async () => {
  await laboratory.stop();
  expect(laboratory.endpoint.violations).toEqual([]);
});

/** A stack of one event stream, and the function that serves it. */
class Stage {
  public static async set(name: string, options: Partial<PackagedFunctionOptions> = {}): Promise<Stage> {
    return new Stage(await laboratory.emulators.createApplication(name), options);
  }

  public readonly lambda: PackagedFunction;
  public readonly stack: ContractStack;
  /** What the URL of each request's answer does, by the number of the invocation. */
  public readonly reactions: Record<number, Reaction[]> = {};
  /** What each invocation meets, by its number. */
  public readonly conditions: Record<number, Conditions> = {};

  private constructor(readonly applicationId: string, options: Partial<PackagedFunctionOptions>) {
    this.lambda = laboratory.newFunction({
      propagationTimeoutSeconds: 3,
      before: async ({ ResponseURL }, number) => {
        laboratory.endpoint.react(ResponseURL, ...this.reactions[number] ?? []);
        return this.conditions[number];
      },
      ...options,
    });
    lambdas.push(this.lambda);
    this.stack = this.lambda.newStack('Stack');
  }

  /** The types of the stack's requests so far. */
  public get requestTypes(): string[] {
    return this.stack.exchanges.map(({ request: { RequestType } }) => RequestType);
  }

  public deploy(setting: 'ours' | 'former' = 'ours', others: OtherResources = {}): Promise<StackStatus> {
    return this.stack.deploy({ Events: properties(this.applicationId, setting) }, others);
  }

  public holder(): Promise<Holder> {
    return laboratory.holderOf(this.applicationId);
  }

  /** What came to the URL of a request's answer. */
  public received(exchange: number): ReceivedRequest[] {
    return laboratory.endpoint.received(this.stack.exchanges[exchange].request.ResponseURL);
  }

  /** What became of each answer to a request. */
  public reactionsTo(exchange: number): Reaction[] {
    return this.received(exchange).map(({ reaction }) => reaction);
  }

  public lastAnswerTo(exchange: number): CustomResourceResponse {
    return JSON.parse(this.received(exchange).at(-1)!.body) as CustomResourceResponse;
  }

  /** Lets calls of an invocation fail. */
  public async fail(invocation: number, fault: Fault, operation: FaultRule['operation'] = 'PutEventStream', times?: number): Promise<void> {
    const accessKeyId = `FAULTY-${this.applicationId}`;
    await laboratory.emulators.addFault({ operation, accessKeyId, times, fault });
    this.conditions[invocation] = { ...this.conditions[invocation], accessKeyId };
  }

  /** Lets an invocation get no answer to its Put, and kills it once that has taken effect. */
  public async killWhenSet(invocation: number): Promise<{ killed: () => Promise<void> }> {
    const killer = new AbortController();
    await this.fail(invocation, { response: { bandwidth_kbps: 0.001 } });
    this.conditions[invocation] = { ...this.conditions[invocation], signal: killer.signal };
    return {
      killed: async () => {
        while (await this.holder() !== 'ours') {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        killer.abort();
      },
    };
  }

  /** Delivers a request once more, to another execution environment. */
  public async deliverAgain(exchange: number): Promise<void> {
    expect((await this.lambda.invoke(this.stack.exchanges[exchange].request)).exitCode).toBe(0);
  }
}

const badRequest = (message: string): Fault => ({ error: { code: 'BadRequestException', status: 400, message } });
const ROLE_NOT_READY = badRequest('make sure the IAM Role is configured correctly');

test.concurrent.each<[string, Reaction[], Reaction[]]>([
  ['403 twice', [403, 403], [403, 403, 200]],
  ['500 four times', [500, 500, 500, 500], [500, 500, 500, 500, 200]],
  ['503', [503], [503, 200]],
  ['a connection that is closed twice', ['hang up', 'hang up'], ['hang up', 'hang up', 200]],
  ['no reply', ['hang'], ['hang', 200]],
  ['a reply that takes 5 s', [{ replyAfter: 5 * SECOND }], [{ replyAfter: 5 * SECOND }]],
  ['a reply that takes longer than anybody waits', [{ replyAfter: 15 * SECOND }], [{ replyAfter: 15 * SECOND }, 200]],
])('an answer that meets %s is repeated as it is until it has arrived', async (name, reactions, expected) => {
  // GIVEN
  const stage = await Stage.set(name);
  stage.reactions[0] = reactions;

  // WHEN
  const status = await stage.deploy();

  // THEN
  expect(status).toBe('CREATE_COMPLETE');
  expect((await stage.lambda.runs[0]).exitCode).toBe(0);
  expect(stage.reactionsTo(0)).toEqual(expected);
  expect(new Set(stage.received(0).map(({ body }) => body)).size).toBe(1);
  expect(await stage.holder()).toBe('ours');
});

test.concurrent('an answer in which the service says a lot is cut to what CloudFormation takes, and still tells what to do', async () => {
  // GIVEN
  const stage = await Stage.set('at length', { propagationTimeoutSeconds: 0 });
  await stage.fail(0, badRequest('漢'.repeat(10_000)));

  // WHEN
  await stage.deploy();

  // THEN
  const { Status, Reason } = stage.lastAnswerTo(0);
  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(/漢…\. Check that role .* exists in us-east-1, and that the role may use its key if that is a customer managed one\.$/);
});

test.concurrent('an Update to a destination in another region fails, and its rollback leaves the former event stream', async () => {
  // GIVEN
  const stage = await Stage.set('other region');
  await stage.deploy('former');

  // WHEN
  const status = await stage.stack.deploy({
    Events: { ...properties(stage.applicationId), DestinationStreamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/ours' },
  });

  // THEN
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stage.stack.exchanges[1].answer).toMatchObject({
    Status: 'FAILED', PhysicalResourceId: stage.applicationId, Reason: expect.stringContaining('DestinationStreamArn is in eu-west-1, expected us-east-1'),
  });
  expect(await stage.holder()).toBe('former');
});

test.concurrent('neither an answer nor the log repeats a session token that the service repeats', async () => {
  // GIVEN
  const stage = await Stage.set('token', { propagationTimeoutSeconds: 0 });
  await stage.fail(0, badRequest(`no such header: x-amz-security-token:${SECRETS.AWS_SESSION_TOKEN}`));

  // WHEN
  await stage.deploy();

  // THEN
  const { Reason } = stage.lastAnswerTo(0);
  const { log } = await stage.lambda.runs[0];
  for (const text of [Reason, log]) {
    expect(text).toContain('no such header: ');
    expect(text).not.toContain(SECRETS.AWS_SESSION_TOKEN);
  }
});

test.concurrent.each<[string, Reaction, number]>([
  ['403', 403, AFTER_LAST_ATTEMPT],
  ['500', 500, AFTER_LAST_ATTEMPT],
  ['a connection that is closed', 'hang up', AFTER_LAST_ATTEMPT],
  ['no reply', 'hang', AFTER_LAST_HANGING_ATTEMPT],
])('the rollback of a Create whose answer never arrives, because of %s, removes what that had set', async (name, reaction, serviceTimeoutMs) => {
  // GIVEN
  const stage = await Stage.set(`never ${name}`, { serviceTimeoutMs });
  stage.reactions[0] = Array<Reaction>(5).fill(reaction);

  // WHEN
  const status = await stage.deploy();

  // THEN
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(stage.requestTypes).toEqual(['Create', 'Delete']);
  expect(stage.received(0)).toHaveLength(5);
  const [create, remove] = await Promise.all(stage.lambda.runs);
  expect(create.exitCode).toBe(1);
  expect(create.log).toContain('the answer did not reach CloudFormation in 5 attempts');
  expect(remove.exitCode).toBe(0);
  expect(await stage.holder()).toBe('none');
});

test.concurrent('the rollback of an Update whose answer never arrives sets the former event stream again', async () => {
  // GIVEN
  const stage = await Stage.set('update', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  await stage.deploy('former');
  stage.reactions[1] = [500, 500, 500, 500, 500];

  // WHEN
  const status = await stage.deploy();

  // THEN
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stage.requestTypes).toEqual(['Create', 'Update', 'Update']);
  expect(await stage.holder()).toBe('former');
});

test.concurrent('the next attempt after a Delete whose answer never arrives finds that it is done', async () => {
  // GIVEN
  const stage = await Stage.set('delete', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  await stage.deploy();
  stage.reactions[1] = [500, 500, 500, 500, 500];

  // WHEN
  const first = await stage.stack.delete();
  const second = await stage.stack.delete();

  // THEN
  expect([first, second]).toEqual(['DELETE_FAILED', 'DELETE_COMPLETE']);
  expect(await stage.holder()).toBe('none');
});

test.concurrent('a Create that dies after it has set the event stream leaves nothing: the Delete under a made-up ID finds it', async () => {
  // GIVEN
  const stage = await Stage.set('dies in create', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  const { killed } = await stage.killWhenSet(0);

  // WHEN
  const [status] = await Promise.all([stage.deploy(), killed()]);

  // THEN
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect((await stage.lambda.runs[0]).exitCode).toBeNull();
  expect(stage.received(0)).toEqual([]);
  expect(stage.stack.exchanges[1].request).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: expect.stringMatching(/^Stack-Events-/) });
  expect(await stage.holder()).toBe('none');
});

test.concurrent('an Update that dies after it has set the event stream is rolled back by the reversed one', async () => {
  // GIVEN
  const stage = await Stage.set('dies in update', { serviceTimeoutMs: AFTER_LAST_ATTEMPT });
  await stage.deploy('former');
  const { killed } = await stage.killWhenSet(1);

  // WHEN
  const [status] = await Promise.all([stage.deploy(), killed()]);

  // THEN
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await stage.lambda.runs[1]).exitCode).toBeNull();
  expect(stage.requestTypes).toEqual(['Create', 'Update', 'Update']);
  expect(await stage.holder()).toBe('former');
});

test.concurrent('a Delete that comes while its Create still waits removes what that sets in the end', async () => {
  // GIVEN
  const stage = await Stage.set('delete during create', { propagationTimeoutSeconds: 20 });
  await stage.fail(0, ROLE_NOT_READY, 'PutEventStream', 3);

  // WHEN
  const status = await stage.deploy('ours', { cancelledAfter: 2 * SECOND });

  // THEN
  const [create, remove] = await Promise.all(stage.lambda.runs);
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(create.log).toContain('"status":"SUCCESS"');
  expect(remove.log).toContain('"action":"delete"');
  expect(await stage.holder()).toBe('none');
});

test.concurrent('a rollback that comes while its Update still waits puts the former event stream once more, which stops the Update', async () => {
  // GIVEN
  // The rollback looks until it is 25 s old, and is answered before the Update, without it, would have tried for the last time.
  const stage = await Stage.set('rollback during update', { propagationTimeoutSeconds: 40, serviceTimeoutMs: 60 * SECOND });
  await stage.deploy('former');
  await stage.fail(1, ROLE_NOT_READY);

  // WHEN
  const status = await stage.deploy('ours', { cancelledAfter: 2 * SECOND });

  // THEN
  const [, update, rollback] = await Promise.all(stage.lambda.runs);
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(rollback.log).toContain('"action":"put"');
  expect(update.log).toContain('"action":"refuse"');
  expect(await stage.holder()).toBe('former');
});

test.concurrent('a rollback puts the former event stream again after a Put of its Update that was under way when it came', async () => {
  // GIVEN
  const stage = await Stage.set('put under way');
  await stage.deploy('former');
  // So long ago that the Update has done its part once it has set its own.
  await realTime.sleep(LATE_MS + SECOND);
  const relay = await Relay.start(laboratory.emulators.faultsUrl, {
    method: 'POST',
    // Shorter than the Update waits for an answer, longer than the rollback takes to begin.
    before: () => realTime.sleep(6 * SECOND),
  });
  stage.conditions[1] = { pinpointUrl: relay.url };

  // WHEN
  const status = await stage.deploy('ours', { cancelledAfter: 2 * SECOND });

  // THEN
  const [, update, rollback] = await Promise.all(stage.lambda.runs);
  await relay.stop();
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(update.log).toContain('"status":"SUCCESS"');
  expect(rollback.log).toMatch(new RegExp(`"found":{[^}]*"RoleArn":"${SETTINGS.ours.RoleArn}".*"action":"put"`));
  expect(await stage.holder()).toBe('former');
});

test.concurrent('an Update whose Put took effect without an answer does not undo the rollback that came meanwhile', async () => {
  // GIVEN
  const stage = await Stage.set('update against rollback', { propagationTimeoutSeconds: 40 });
  await stage.deploy('former');
  // Set, and answered as if it had failed; what it would see next, it sees after 15 to 31 seconds, when the rollback has put the former one.
  const relay = await Relay.start(laboratory.emulators.faultsUrl, { method: 'POST', loses: { status: 500, times: 1, thenUnavailableFor: 4 } });
  stage.conditions[1] = { pinpointUrl: relay.url };

  // WHEN
  const status = await stage.deploy('ours', { cancelledAfter: 1.5 * SECOND });

  // THEN
  const [, update] = await Promise.all(stage.lambda.runs);
  await relay.stop();
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(update.log).toContain('"action":"refuse"');
  expect(await stage.holder()).toBe('former');
});

test.concurrent('the rollback of a Create whose Put took effect, and that could not see it, removes what that had set', async () => {
  // GIVEN
  const stage = await Stage.set('outcome unknown');
  const relay = await Relay.start(laboratory.emulators.faultsUrl, { method: 'POST', loses: { status: 500, times: 1, thenUnavailableFor: Infinity } });
  stage.conditions[0] = { pinpointUrl: relay.url };

  // WHEN
  const status = await stage.deploy();

  // THEN
  await relay.stop();
  expect(relay.timesStruck).toBe(1);
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(stage.stack.exchanges[0].answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: OUTCOME_UNKNOWN });
  expect(stage.stack.exchanges[1].request).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: OUTCOME_UNKNOWN });
  expect(await stage.holder()).toBe('none');
});

test.concurrent('a Delete between whose look and call another resource takes the event stream over puts that one back', async () => {
  // GIVEN
  const stage = await Stage.set('taken over during delete');
  await stage.deploy();
  const other = stage.lambda.newStack('Other');
  const relay = await Relay.start(laboratory.emulators.faultsUrl, {
    method: 'DELETE',
    before: () => other.deploy({ Events: properties(stage.applicationId, "another's", true) }),
  });
  stage.conditions[1] = { pinpointUrl: relay.url };

  // WHEN
  const status = await stage.stack.delete();

  // THEN
  const [, remove] = await Promise.all(stage.lambda.runs);
  await relay.stop();
  expect([status, other.status]).toEqual(['DELETE_COMPLETE', 'CREATE_COMPLETE']);
  expect(remove.log).toContain('putting it back');
  expect(await stage.holder()).toBe("another's");
});

test.concurrent('a request that is delivered twice at once is answered alike, and has the same effect', async () => {
  // GIVEN
  const stage: Stage = await Stage.set('twice at once', {
    before: async (request, number) => {
      if (number === 0) {
        void stage.lambda.invoke(request);
      }
      return undefined;
    },
  });

  // WHEN
  const status = await stage.deploy();

  // THEN
  await Promise.all(stage.lambda.runs);
  expect(status).toBe('CREATE_COMPLETE');
  expect(stage.lambda.runs).toHaveLength(2);
  expect(stage.reactionsTo(0)).toEqual([200, 200]);
  expect(stage.received(0).map(({ body }) => JSON.parse(body).Status)).toEqual(['SUCCESS', 'SUCCESS']);
  expect(await stage.holder()).toBe('ours');
});

test.concurrent('a Create that is delivered again finds its own event stream, and leaves it as it is', async () => {
  // GIVEN
  const stage = await Stage.set('create again');
  await stage.deploy();
  const before = await laboratory.emulators.eventStream(stage.applicationId);

  // WHEN
  await stage.deliverAgain(0);

  // THEN
  expect(stage.reactionsTo(0)).toEqual([200, 200]);
  expect(await laboratory.emulators.eventStream(stage.applicationId)).toEqual(before);
});

test.concurrent('a Delete that is delivered again leaves the event stream alone that another has set since', async () => {
  // GIVEN
  const stage = await Stage.set('delete again');
  await stage.deploy();
  await stage.stack.delete();

  // WHEN
  await stage.deliverAgain(1);
  await laboratory.setEventStream(stage.applicationId, "another's");
  await stage.deliverAgain(1);

  // THEN
  expect(stage.reactionsTo(1)).toEqual([200, 200, 200]);
  expect(await stage.holder()).toBe("another's");
});

test.concurrent('a Create that is delivered again after its Delete may do nothing any more, and sets nothing', async () => {
  // GIVEN
  const stage = await Stage.set('create after delete');
  await stage.deploy();
  await stage.stack.delete();
  // The policy of an event stream goes when its resource is deleted.
  for (const operation of ['GetEventStream', 'PutEventStream', 'DeleteEventStream'] as const) {
    await stage.fail(2, { error: { code: 'ForbiddenException', status: 403, message: 'not authorized' } }, operation);
  }

  // WHEN
  await stage.deliverAgain(0);

  // THEN
  expect(stage.lastAnswerTo(0)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NEVER_CREATED });
  expect(await stage.holder()).toBe('none');
});

test('no log has the URL of an answer, a credential or a token, whatever became of the answer', async () => {
  const runs = await Promise.all(lambdas.flatMap(({ runs: ended }) => ended));

  expect(runs).not.toEqual([]);
  for (const { log } of runs) {
    for (const secret of [ResponseEndpoint.SECRET, 'X-Amz-', ...Object.values(SECRETS)]) {
      expect(log).not.toContain(secret);
    }
  }
});
