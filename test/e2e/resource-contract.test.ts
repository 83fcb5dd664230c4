import { randomUUID } from 'crypto';
import { NEVER_CREATED } from '../../src/handler/physical-id';
import type { DeleteRequest, UpdateRequest } from '../../src/handler/request';
import type { CustomResourceResponse } from '../../src/handler/response';
import { ContractStack } from '../support/cloudformation/cloudformation';
import { realTime } from '../support/cloudformation/time';
import { Laboratory, properties } from '../support/packaged-function/laboratory';
import type { PackagedFunction } from '../support/packaged-function/packaged-function';

/**
 * The contract tests that CloudFormation runs against resource types of its registry, as far as they make sense for a
 * custom resource, which has neither a schema nor handlers that read or list. "Read" is Amazon Pinpoint's own answer.
 *
 * What is different here, and why, is in docs/decisions/0001-custom-resource.md.
 *
 * @see https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/contract-tests.html
 */

jest.setTimeout(120_000);

let laboratory: Laboratory;
let provider: PackagedFunction;
let applicationId: string;
let stack: ContractStack;

beforeAll(async () => {
  laboratory = await Laboratory.start();
  provider = laboratory.newFunction({ propagationTimeoutSeconds: 0 });
});

beforeEach(async () => {
  applicationId = await laboratory.emulators.createApplication(expect.getState().currentTestName!);
  stack = provider.newStack('Contract');
});

afterAll(async () => {
  await laboratory.stop();
  expect(laboratory.endpoint.violations).toEqual([]);
});

const create = () => stack.deploy({ Events: properties(applicationId, 'former') });
const update = () => stack.deploy({ Events: properties(applicationId, 'ours') });

/**
 * Sends the function a request of this stack's resource, whatever came before, as the contract tests do.
 * CloudFormation itself would not: its stack knows that there is no such resource, or not any more.
 */
async function send(body: Pick<UpdateRequest, 'RequestType' | 'OldResourceProperties'> | Pick<DeleteRequest, 'RequestType'>): Promise<CustomResourceResponse> {
  const request = {
    ...body,
    StackId: stack.id,
    RequestId: randomUUID(),
    LogicalResourceId: 'Events',
    PhysicalResourceId: applicationId,
    ResourceProperties: properties(applicationId, body.RequestType === 'Update' ? 'ours' : 'former'),
  };
  let answer: CustomResourceResponse;
  const ResponseURL = laboratory.endpoint.urlFor(request, new Date(), (taken) => { answer = taken; });
  await provider.invoke({ ...request, ResponseURL });
  return answer!;
}

const sendUpdate = () => send({ RequestType: 'Update', OldResourceProperties: properties(applicationId, 'former') });

const MALFORMED = properties('my-app');
const WHAT_WAS_EXPECTED = 'ApplicationId is "my-app", expected 32 lower-case hexadecimal digits';

/** The answer to the last request of a type. */
function answerTo(type: 'Create' | 'Update' | 'Delete', to: ContractStack = stack): CustomResourceResponse {
  return to.exchanges.filter(({ request }) => request.RequestType === type).at(-1)!.answer!;
}

/** What Amazon Pinpoint reports; the resource's attributes are part of it. */
const read = () => laboratory.emulators.eventStream(applicationId);

test('contract_create_create: a second create of the same resource fails, and says that it exists already', async () => {
  // GIVEN
  await create();
  const before = await read();
  const second = provider.newStack('Second');
  // The date of a request is exact to the second; what was set in that second could be its own.
  await realTime.sleep(1_000);

  // WHEN
  const status = await second.deploy({ Events: properties(applicationId, 'former') });

  // THEN
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(answerTo('Create', second)).toMatchObject({
    Status: 'FAILED', PhysicalResourceId: NEVER_CREATED, Reason: expect.stringContaining('already has an event stream'),
  });
  expect(await read()).toEqual(before);
});

test('contract_create_read: what is read after a create is what was created, and what the create answered', async () => {
  // WHEN
  await create();

  // THEN
  expect(answerTo('Create').PhysicalResourceId).toBe(applicationId);
  expect(await read()).toMatchObject(answerTo('Create').Data!);
  expect(await read()).toMatchObject({ DestinationStreamArn: properties(applicationId, 'former').DestinationStreamArn });
});

test('contract_create_delete, contract_delete_read: what was created can be deleted, and nothing is read after that', async () => {
  // GIVEN
  await create();

  // WHEN
  const status = await stack.delete();

  // THEN
  expect(status).toBe('DELETE_COMPLETE');
  expect(answerTo('Delete')).not.toHaveProperty('Data');
  expect(await read()).toBeUndefined();
});

test('contract_update_read: what is read after an update is what was updated, under the same physical ID', async () => {
  // GIVEN
  await create();

  // WHEN
  await update();

  // THEN
  expect(answerTo('Update').PhysicalResourceId).toBe(answerTo('Create').PhysicalResourceId);
  expect(await read()).toMatchObject(answerTo('Update').Data!);
  expect(await read()).toMatchObject({ RoleArn: properties(applicationId, 'ours').RoleArn });
});

test('contract_update_without_create: an update of what does not exist fails where the application does not exist', async () => {
  // GIVEN
  await laboratory.emulators.deleteApplication(applicationId);

  // WHEN
  const answer = await sendUpdate();

  // THEN
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`Check that application ${applicationId} exists`) });
});

test.each([
  ['contract_update_without_create', 'never created', async () => {}],
  ['contract_delete_update', 'deleted', async () => {
    await create();
    await stack.delete();
  }],
])('%s: an update of what was %s sets it, where a type of the registry would fail', async (_contract, _what, given) => {
  // GIVEN
  await given();

  // WHEN
  const answer = await sendUpdate();

  // THEN
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: applicationId });
  expect(await read()).toMatchObject(answer.Data!);
  expect(await laboratory.holderOf(applicationId)).toBe('ours');
});

test('contract_delete_delete: a second delete succeeds, where a type of the registry would fail, since there is nothing left to do', async () => {
  // GIVEN
  await create();
  await stack.delete();

  // WHEN
  const answer = await send({ RequestType: 'Delete' });

  // THEN
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: applicationId });
  expect(await read()).toBeUndefined();
});

test('contract_delete_create: what was deleted can be created again', async () => {
  // GIVEN
  await create();
  await stack.delete();

  // WHEN
  const status = await create();

  // THEN
  expect(status).toBe('CREATE_COMPLETE');
  expect(await read()).toMatchObject(answerTo('Create').Data!);
});

test('contract_invalid_create: properties that are malformed fail before anything is called, and name what was expected', async () => {
  // GIVEN
  const calls = await laboratory.emulators.callsToPinpoint();

  // WHEN
  const status = await stack.deploy({ Events: MALFORMED });

  // THEN
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(answerTo('Create').Reason).toContain(WHAT_WAS_EXPECTED);
  expect(await laboratory.emulators.callsToPinpoint()).toBe(calls);
});

test('contract_invalid_update: properties that are malformed fail, name what was expected, and change nothing', async () => {
  // GIVEN
  await create();
  const before = await read();

  // WHEN
  const status = await stack.deploy({ Events: MALFORMED });

  // THEN
  const [, failed] = stack.exchanges;
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(failed.answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: applicationId, Reason: expect.stringContaining(WHAT_WAS_EXPECTED) });
  expect(await read()).toEqual(before);
});
