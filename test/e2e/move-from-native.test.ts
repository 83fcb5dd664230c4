import type { CustomResourceRequest } from '../../src/handler/request';
import { ContractStack, Template } from '../support/cloudformation/cloudformation';
import { realTime } from '../support/cloudformation/time';
import { newNaiveHandler } from '../support/handler/naive-handler';
import { Holder, Laboratory, properties } from '../support/packaged-function/laboratory';
import type { PackagedFunction } from '../support/packaged-function/packaged-function';

/**
 * The steps of docs/move-from-native.md and of docs/adopt.md, and the traps beside them, in the order in which CloudFormation is documented to work.
 *
 * For the construct answers the packaged function. No emulator has `AWS::Pinpoint::EventStream`; the naive handler stands for it:
 *
 * - Creation and update set the event stream, whatever there is. That is documented: it "creates … or updates the settings of an existing" one.
 * - The deletion deletes whatever event stream the application has. That is assumed: it is what `DeleteEventStream` does, and no look before it
 *   is documented. Terraform's provider does the same, by its source.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pinpoint-eventstream.html
 */

jest.setTimeout(120_000);

/** The logical ID of the native resource, in each stack that has one. */
const NATIVE = 'Native';

let laboratory: Laboratory;
let provider: PackagedFunction;
let applicationId: string;
let holders: Holder[];
/** All requests so far, answered one after the other. */
let answered: Promise<void>;

beforeAll(async () => {
  laboratory = await Laboratory.start();
  provider = laboratory.newFunction({ propagationTimeoutSeconds: 0 });
  Object.assign(process.env, laboratory.emulators.environment, { AWS_ENDPOINT_URL_PINPOINT: laboratory.emulators.pinpointUrl });
});

beforeEach(async () => {
  applicationId = await laboratory.emulators.createApplication(expect.getState().currentTestName!);
  holders = [];
  answered = Promise.resolve();
});

afterEach(() => answered);

afterAll(async () => {
  await laboratory.stop();
  expect(laboratory.endpoint.violations).toEqual([]);
});

/** Whose event stream Pinpoint held after each request; none makes more than one change, so there was no other state in between. */
async function held(): Promise<Holder[]> {
  await answered;
  return holders;
}

function newStack(): ContractStack {
  const native = newNaiveHandler(realTime);
  const answer = async (request: CustomResourceRequest) => {
    await (request.LogicalResourceId === NATIVE ? native(request, { getRemainingTimeInMillis: () => 60_000 }) : provider.invoke(request));
    holders.push(await laboratory.holderOf(applicationId));
  };
  return new ContractStack({
    endpoint: laboratory.endpoint,
    time: realTime,
    serviceTimeout: 60_000,
    invoke: (request) => { answered = answered.then(() => answer(request)); },
  }, 'Stack');
}

/** A stack with a native resource that has this setting. */
async function stackWithNative(setting: 'ours' | 'former'): Promise<{ stack: ContractStack; native: Template }> {
  const stack = newStack();
  const native = { [NATIVE]: properties(applicationId, setting) };
  expect(await stack.deploy(native)).toBe('CREATE_COMPLETE');
  expect(await held()).toEqual([setting]);
  return { stack, native };
}

const construct = (replaceExisting: boolean): Template => ({ Events: properties(applicationId, 'ours', replaceExisting) });

/** The construct gets the role and the destination of the native resource, or others. */
const SETTINGS = [
  ['with the same role and destination', 'ours'],
  ['with another role and destination', 'former'],
] as const;

describe('the traps', () => {
  test.each(SETTINGS)('the construct in place of the native resource in one deployment, %s, succeeds and leaves no event stream', async (_, setting) => {
    // GIVEN
    const { stack } = await stackWithNative(setting);

    // WHEN
    const status = await stack.deploy(construct(true));

    // THEN
    expect(status).toBe('UPDATE_COMPLETE');
    expect(await held()).toEqual([setting, 'ours', 'none']);
  });

  test.each(SETTINGS)('a construct in another stack, %s, has no event stream any more once the native resource is removed', async (_, setting) => {
    // GIVEN
    const { stack } = await stackWithNative(setting);

    // WHEN
    await newStack().deploy(construct(true));
    const status = await stack.delete();

    // THEN
    expect(status).toBe('DELETE_COMPLETE');
    expect(await held()).toEqual([setting, 'ours', 'none']);
  });

  test('without replaceExisting, the construct in place of the native resource fails, says to retain first, and changes nothing', async () => {
    // GIVEN
    const { stack } = await stackWithNative('former');

    // WHEN
    const status = await stack.deploy(construct(false));

    // THEN
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.exchanges[1].answer?.Reason).toContain('set removalPolicy RETAIN there and deploy');
    expect(new Set(await held())).toEqual(new Set(['former']));
    expect(stack.template).toHaveProperty(NATIVE);
  });

  test('an event stream that went with its native resource is set again by any change of the construct', async () => {
    // GIVEN
    const { stack } = await stackWithNative('former');
    await stack.deploy(construct(true));

    // WHEN
    const status = await stack.deploy(construct(false));

    // THEN
    expect(status).toBe('UPDATE_COMPLETE');
    expect(await held()).toEqual(['former', 'ours', 'none', 'ours']);
  });
});

describe('the guide', () => {
  test.each(SETTINGS)('the steps within one stack, %s, keep an event stream all the time, and leave it to the construct', async (_, setting) => {
    // GIVEN
    const { stack, native } = await stackWithNative(setting);

    // WHEN
    const statuses = [
      await stack.deploy(native, {}, [NATIVE]),
      await stack.deploy(construct(true), {}, ['Events']),
      await stack.deploy(construct(false)),
    ];

    // THEN
    expect(statuses).toEqual(['UPDATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_COMPLETE']);
    expect(await held()).toEqual([setting, 'ours', 'ours']);
    expect(Object.keys(stack.template)).toEqual(['Events']);

    // WHEN
    await stack.delete();

    // THEN
    expect((await held()).at(-1)).toBe('none');
  });

  test.each(SETTINGS)('the steps between two stacks, %s, keep an event stream all the time, also when the former stack is deleted', async (_, setting) => {
    // GIVEN
    const { stack, native } = await stackWithNative(setting);
    const next = newStack();

    // WHEN
    const statuses = [
      await stack.deploy(native, {}, [NATIVE]),
      await next.deploy(construct(true), {}, ['Events']),
      await stack.delete(),
      await next.deploy(construct(false)),
    ];

    // THEN
    expect(statuses).toEqual(['UPDATE_COMPLETE', 'CREATE_COMPLETE', 'DELETE_COMPLETE', 'UPDATE_COMPLETE']);
    expect(await held()).toEqual([setting, 'ours', 'ours']);
  });

  test.each<[string, readonly string[], Holder]>([
    ['leaves no event stream', [], 'none'],
    ['leaves the event stream, where the construct has RETAIN in that deployment', ['Events'], 'ours'],
  ])('a later failure in the deployment that adopts %s, and a repetition adopts it', async (_, retain, holder) => {
    // GIVEN
    const { stack, native } = await stackWithNative('ours');
    await stack.deploy(native, {}, [NATIVE]);

    // WHEN
    const status = await stack.deploy(construct(true), { laterFails: true }, retain);

    // THEN
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await laboratory.holderOf(applicationId)).toBe(holder);

    // WHEN
    const repeated = await stack.deploy(construct(true), {}, ['Events']);

    // THEN
    expect(repeated).toBe('UPDATE_COMPLETE');
    expect(await laboratory.holderOf(applicationId)).toBe('ours');
  });
});
