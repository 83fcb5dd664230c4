import { CallFailure, Operation } from '../../../src/handler/event-stream-api';
import { locationOf } from '../../../src/handler/location';
import type { Step } from '../../../src/handler/plan';
import { callFailed, invalidProperties, recovery, refused, unexpected } from '../../../src/handler/reasons';
import { ANOTHERS, APP, createRequest, deleteRequest, OURS, updateRequest } from '../../support/handler/requests';

const step: Step = { goal: 'keep', applicationId: APP, setting: OURS };
const claim: Step = { goal: 'claim', applicationId: APP, setting: OURS, replaceExisting: false, acceptsOwn: false };
const STACK = { region: 'eu-west-1', account: '111111111111' };
const END_OF_SUPPORT = 'Amazon Pinpoint reached end of support on 2026-10-30.';

describe('the reason why a call failed', () => {
  it.each<[string, CallFailure, string]>([
    ['tells for how long it was tried', new CallFailure('PutEventStream', 'BadRequestException', 'no role', 400),
      `PutEventStream for application ${APP} failed for 120 s, last with BadRequestException (HTTP 400): no role.`],
    ['tells nothing of time where it was not tried again', new CallFailure('GetEventStream', 'BadRequestException', 'no', 400),
      `GetEventStream for application ${APP} failed with BadRequestException (HTTP 400): no.`],
    ['tells no status where there was no answer', new CallFailure('GetEventStream', 'ECONNRESET', 'reset'),
      `GetEventStream for application ${APP} failed for 120 s, last with ECONNRESET: reset.`],
    ['leaves room for the advice where the service says a lot', new CallFailure('GetEventStream', 'Error', 'x'.repeat(1_000), 500),
      `Error (HTTP 500): ${'x'.repeat(597)}….`],
  ])('%s', (_, failure, expected) => {
    // WHEN
    const reason = callFailed(step, failure, 120, {});

    // THEN
    expect(reason).toContain(expected);
  });

  it.each<[Operation, number | undefined, string]>([
    ['PutEventStream', 400,
      `Check that role ${OURS.RoleArn} exists, trusts pinpoint.amazonaws.com for account 111111111111 and application ${APP}, ` +
      `and may write to and describe ${OURS.DestinationStreamArn}. Check that this destination exists in eu-west-1, ` +
      'and that the role may use its key if that is a customer managed one.'],
    ['PutEventStream', 403,
      'Check that no service control policy or permissions boundary denies mobiletargeting:PutEventStream ' +
      `on apps/${APP}/eventstream, or iam:PassRole on ${OURS.RoleArn}, to the role of this function.`],
    ['PutEventStream', 404, `Check that application ${APP} exists in account 111111111111 in eu-west-1.`],
    ['PutEventStream', 500, `Check the state of Amazon Pinpoint in eu-west-1, and deploy again. ${END_OF_SUPPORT}`],
    ['PutEventStream', undefined, `Check that the endpoint of Amazon Pinpoint can be reached in eu-west-1. ${END_OF_SUPPORT}`],
    ['GetEventStream', 403,
      'Check that no service control policy or permissions boundary denies mobiletargeting:GetEventStream ' +
      `on apps/${APP}/eventstream to the role of this function.`],
    ['DeleteEventStream', 405, `Check the state of Amazon Pinpoint in eu-west-1, and deploy again. ${END_OF_SUPPORT}`],
  ])('says what to check after %s with status %s', (operation, status, advice) => {
    // WHEN
    const reason = callFailed(step, new CallFailure(operation, 'Error', 'detail', status), 120, STACK);

    // THEN
    expect(reason.endsWith(`: detail. ${advice}`)).toBe(true);
  });

  it.each<[Operation, number, string]>([
    ['PutEventStream', 404, 'exists in this account in this region.'],
    ['GetEventStream', 500, 'in this region, and deploy again.'],
  ])('names neither account nor region after %s with status %d where it is not known where the stack is', (operation, status, advice) => {
    // WHEN
    const reason = callFailed(step, new CallFailure(operation, 'Error', 'detail', status), 120, locationOf('Stack'));

    // THEN
    expect(reason).toContain(advice);
  });

  it.each<[Operation, number | undefined]>([
    ['GetEventStream', undefined], ['PutEventStream', undefined], ['DeleteEventStream', undefined],
    ['GetEventStream', 403], ['PutEventStream', 400], ['DeleteEventStream', 500],
  ])('says to check who answers where the answer to %s with status %s cannot be read', (operation, status) => {
    // WHEN
    const reason = callFailed(step, new CallFailure(operation, 'UnreadableAnswer', 'detail', status), 120, {});

    // THEN
    expect(reason.endsWith(
      `: detail. Check with aws pinpoint get-event-stream what answers in place of Amazon Pinpoint. ${END_OF_SUPPORT}`,
    )).toBe(true);
  });
});

describe("the reason why another's event stream was not taken over", () => {
  it.each([
    ['when and by whom it was set', { LastModifiedDate: '2026-01-02T03:04:05Z', LastUpdatedBy: 'someone' }, 'modified 2026-01-02T03:04:05Z by someone.'],
    ['when it was set, where the user is not known', { LastModifiedDate: '2026-01-02T03:04:05Z' }, 'modified 2026-01-02T03:04:05Z.'],
    ['that it has no date, where it has none', {}, 'with no date of modification.'],
  ])('tells %s, and the ways on', (_, dates, expected) => {
    // WHEN
    const reason = refused(claim, { ApplicationId: APP, ...ANOTHERS, ...dates });

    // THEN
    expect(reason).toBe(
      `Application ${APP} already has an event stream, to ${ANOTHERS.DestinationStreamArn} with role ${ANOTHERS.RoleArn}, ${expected} ` +
      'It was left as it is. Before you take it over, take it from its owner, who may delete it later. ' +
      'If another stack of yours holds it, or this construct under its former ID, set removalPolicy RETAIN there and deploy. ' +
      'If Terraform holds it, delete the resource from its files and run terraform state rm, not terraform destroy. ' +
      'Then set replaceExisting to true.',
    );
  });
});

describe('the reason why an update did not overwrite what came in between', () => {
  it.each([
    ['what was found', { ApplicationId: APP, ...ANOTHERS, LastModifiedDate: '2026-01-02T03:04:05Z' },
      `an event stream, to ${ANOTHERS.DestinationStreamArn} with role ${ANOTHERS.RoleArn}, modified 2026-01-02T03:04:05Z`],
    ['that there is none any more', undefined, 'none'],
  ])('tells %s, and what to do', (_, found, expected) => {
    // WHEN
    const reason = refused(step, found);

    // THEN
    expect(reason).toBe(
      `While this update waited to try again, the event stream of application ${APP} was changed: the application now has ${expected}. ` +
      'It was left as it is, because the change may come from the rollback of this update, or from the update that this one rolls back. ' +
      'If it comes from neither, find out who made it, and deploy again.',
    );
  });
});

describe('the reason why properties are invalid', () => {
  const idExpected = '32 lower-case hexadecimal digits: check what applicationId resolves to when the stack is deployed.';
  const destinationExpected = 'an ARN: check what the destination resolves to when the stack is deployed.';
  const roleExpected = 'an ARN: check what the role resolves to when the stack is deployed.';

  it.each<[object, string]>([
    [{ ApplicationId: 'my-app' }, `ApplicationId is "my-app", expected ${idExpected}`],
    [{ ApplicationId: undefined }, `ApplicationId is undefined, expected ${idExpected}`],
    [{ ApplicationId: [APP] }, `ApplicationId is ["${APP}"], expected ${idExpected}`],
    [{ DestinationStreamArn: '' }, `DestinationStreamArn is "", expected ${destinationExpected}`],
    [{ DestinationStreamArn: ['arn'] }, `DestinationStreamArn is ["arn"], expected ${destinationExpected}`],
    [{ RoleArn: undefined }, `RoleArn is undefined, expected ${roleExpected}`],
    [{ RoleArn: { Ref: 'Role' } }, `RoleArn is {"Ref":"Role"}, expected ${roleExpected}`],
  ])('tells of %j what was expected, and what to check', (malformed, expected) => {
    // WHEN
    const reason = invalidProperties({ ...createRequest().ResourceProperties, ...malformed }, STACK);

    // THEN
    expect(reason).toBe(expected);
  });

  it.each<[string, object, string]>([
    ['a destination of another region', { DestinationStreamArn: 'arn:aws:kinesis:us-east-1:111111111111:stream/s' },
      'DestinationStreamArn is in us-east-1, expected eu-west-1, the region of the stack: use a destination in that region.'],
    ['a destination of another account', { DestinationStreamArn: 'arn:aws:firehose:eu-west-1:222222222222:deliverystream/s' },
      'DestinationStreamArn is in 222222222222, expected 111111111111, the account of the stack: use a destination in that account.'],
    ['a role of another account', { RoleArn: 'arn:aws:iam::222222222222:role/r' },
      'RoleArn is in 222222222222, expected 111111111111, the account of the stack: use a role in that account.'],
  ])('tells of %s what was expected, and what to use', (_, elsewhere, expected) => {
    // WHEN
    const reason = invalidProperties({ ...createRequest().ResourceProperties, ...elsewhere }, STACK);

    // THEN
    expect(reason).toBe(expected);
  });

  it.each<[string, object, object]>([
    ['they are valid', {}, STACK],
    ['the destination is no ARN', { DestinationStreamArn: 'events' }, STACK],
    ['the ARN of the destination names neither region nor account', { DestinationStreamArn: 'arn:aws:s3:::events' }, STACK],
    ['the role is no ARN', { RoleArn: 'role' }, STACK],
    ['it is not known where the stack is', {}, {}],
  ])('is none where %s', (_, overrides, stack) => {
    // THEN
    expect(invalidProperties({ ...createRequest().ResourceProperties, ...overrides }, stack)).toBeUndefined();
  });

  it('tells that there are none', () => {
    // THEN
    expect(invalidProperties(undefined, STACK)).toBe(`ApplicationId is undefined, expected ${idExpected}`);
  });
});

describe('the reason of a fault of its own', () => {
  it.each<[string, Error, string]>([
    ['names the error, and asks for a report', new TypeError('not a function'), 'not a function'],
    ['is cut where the error says a lot', new TypeError('x'.repeat(1_000)), `${'x'.repeat(597)}…`],
    ['tells that what was thrown has no message', { name: 'TypeError' } as Error, 'undefined'],
  ])('%s', (_, error, expected) => {
    // WHEN
    const reason = unexpected(error);

    // THEN
    expect(reason).toBe(
      `The function failed unexpectedly with TypeError (${expected}). ` +
      'Report this to the maintainers of cdk-pinpoint-event-stream, with the log of the function.',
    );
  });
});

describe('the recovery', () => {
  it.each([
    ['Create needs nothing', createRequest(), ''],
    ['Update is repair, or skipping the resource, and then to set the event stream again', updateRequest({}),
      ' If the rollback fails too, fix the cause and continue the rollback, or skip this resource: cdk rollback --orphan EventsD32975C2. ' +
      'A skipped event stream stays in the stack, but Amazon Pinpoint may keep a setting with a deleted role: ' +
      'once the cause is fixed, change replaceExisting and deploy, which sets the event stream again.'],
    ['Delete is to retain the resource, or to look what an update has left', deleteRequest(),
      ' If the stack is now in DELETE_FAILED, delete it without this resource: ' +
      `aws cloudformation delete-stack --stack-name ${deleteRequest().StackId} --retain-resources EventsD32975C2. ` +
      'If this was an update of the stack, it goes on: see what is left with aws pinpoint get-event-stream.'],
  ])('after a failed %s', (_, request, expected) => {
    // WHEN
    const advice = recovery(request);

    // THEN
    expect(advice).toBe(expected);
  });
});
