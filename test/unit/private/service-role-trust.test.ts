import { Annotations, App, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KinesisStreamDestination, PinpointEventStream } from '../../../src';
import { APPLICATION_ID, importedStream, newRole, newStack, ROLE_ARN, STREAM_ARN, warningsOf } from '../../support/synth';

const SOURCE_ARN = `arn:\${AWS::Partition}:mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}`;
const TRUST = '{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"},'
  + `"ArnLike":{"aws:SourceArn":"${SOURCE_ARN}"}},"Effect":"Allow","Principal":{"Service":"pinpoint.amazonaws.com"}}`;
const PERMISSIONS = `[{"Action":["kinesis:PutRecords","kinesis:DescribeStream"],"Effect":"Allow","Resource":"${STREAM_ARN}"}]`;

function addEventStream(stack: Stack, role: iam.IRole): PinpointEventStream {
  return new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, role, destination: new KinesisStreamDestination(importedStream(stack)) });
}

const roleFor = (stack: Stack, assumedBy: iam.IPrincipal) => new iam.Role(stack, 'MyRole', { assumedBy });
const withConditions = (conditions: iam.Conditions) => new iam.ServicePrincipal('pinpoint.amazonaws.com', { conditions });
const trusting = (principal: iam.IPrincipal, effect?: iam.Effect) => new iam.PolicyStatement({ effect, actions: ['sts:AssumeRole'], principals: [principal] });

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('the trust of a role that is passed in', () => {
  const FOR_US = { StringEquals: { 'aws:SourceAccount': '111111111111' } };

  it.each<[string, () => iam.IRole]>([
    ['the account', () => roleFor(stack, withConditions(FOR_US))],
    ['the application', () => roleFor(stack, withConditions({ ArnLike: { 'AWS:SourceArn': 'arn:aws:mobiletargeting:*' } }))],
    ['the account, beside another service', () => roleFor(stack, new iam.CompositePrincipal(withConditions(FOR_US), new iam.ServicePrincipal('lambda.amazonaws.com')))],
    ['the account, in a role that takes no permissions', () => roleFor(stack, withConditions(FOR_US)).withoutPolicyUpdates()],
    ['the account, in a role of another stack', () => roleFor(newStack(stack.node.root as App, 'Owner'), withConditions(FOR_US))],
  ])('is fine where Amazon Pinpoint may assume it for %s alone', (_, role) => {
    // WHEN
    addEventStream(stack, role());

    // THEN
    expect(warningsOf(stack, 'role-trust')).toEqual([]);
  });

  const TOO_WIDE = "the role 'Stack/MyRole' trusts pinpoint.amazonaws.com for other accounts as well: replace that statement of its trust policy with";
  const MISSING = "the role 'Stack/MyRole' does not trust pinpoint.amazonaws.com: add to its trust policy";
  const UNKNOWN = "the trust policy of the role 'Stack/MyRole' is not known: check that it has";

  it.each<[string, string, () => iam.IRole, string?]>([
    ['it has no condition', TOO_WIDE, () => newRole(stack)],
    ['a condition is about something else', TOO_WIDE,
      () => roleFor(stack, withConditions({ StringEquals: { 'sts:ExternalId': 'x' } }))],
    ['one of two statements has no condition', TOO_WIDE,
      () => roleFor(stack, new iam.CompositePrincipal(withConditions(FOR_US), new iam.ServicePrincipal('pinpoint.amazonaws.com')))],
    ['only another service may assume it', MISSING, () => roleFor(stack, new iam.ServicePrincipal('lambda.amazonaws.com'))],
    ['only an account may assume it', MISSING, () => roleFor(stack, new iam.AccountRootPrincipal())],
    ['it is without policy updates', MISSING.replace('MyRole', 'ImmutableRoleMyRole'),
      () => roleFor(stack, new iam.ServicePrincipal('lambda.amazonaws.com')).withoutPolicyUpdates()],
    ['it is imported', UNKNOWN, () => iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN), 'role-trust-unknown'],
    ['it is imported as immutable', UNKNOWN, () => iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN, { mutable: false }), 'role-trust-unknown'],
  ])('is a warning, with what to add, where %s', (_, message, role, id = 'role-trust') => {
    // WHEN
    addEventStream(stack, role());

    // THEN
    expect(warningsOf(stack, id)).toEqual([['/Stack/Events', `${message} ${TRUST}`]]);
  });

  it('counts a statement that is added later', () => {
    // GIVEN
    const role = roleFor(stack, new iam.ServicePrincipal('lambda.amazonaws.com'));
    addEventStream(stack, role);

    // WHEN
    role.assumeRolePolicy!.addStatements(trusting(withConditions(FOR_US)));

    // THEN
    expect(warningsOf(stack, 'role-trust')).toEqual([]);
  });

  it('is a warning where a statement denies what none allows', () => {
    // GIVEN
    const role = roleFor(stack, new iam.ServicePrincipal('lambda.amazonaws.com'));
    addEventStream(stack, role);

    // WHEN
    role.assumeRolePolicy!.addStatements(trusting(withConditions(FOR_US), iam.Effect.DENY));

    // THEN
    expect(warningsOf(stack, 'role-trust')).toEqual([['/Stack/Events', expect.stringContaining('does not trust pinpoint.amazonaws.com: ')]]);
  });

  it('is a warning where the policy of the role has become a function that only a deployment knows', () => {
    // GIVEN
    const role = newRole(stack);
    (role.node.defaultChild as iam.CfnRole).assumeRolePolicyDocument = Token.asAny({ 'Fn::FindInMap': ['Trust', 'Of', 'Role'] });

    // WHEN
    addEventStream(stack, role);

    // THEN
    expect(warningsOf(stack, 'role-trust')).toEqual([['/Stack/Events', expect.stringContaining('does not trust pinpoint.amazonaws.com: ')]]);
  });

  it.each<[string, (eventStream: PinpointEventStream) => PinpointEventStream | Stack]>([
    ['the event stream', (eventStream) => eventStream],
    ['its stack', (eventStream) => Stack.of(eventStream)],
  ])('is no warning once that is acknowledged for %s', (_, scopeOf) => {
    // GIVEN
    const eventStream = addEventStream(stack, newRole(stack));

    // WHEN
    Annotations.of(scopeOf(eventStream)).acknowledgeWarning('cdk-pinpoint-event-stream:role-trust');

    // THEN
    expect(warningsOf(stack, 'role-trust')).toEqual([]);
  });
});

describe('the permissions of a role that is passed in', () => {
  it.each<[string, string, () => iam.IRole]>([
    ['it is imported as immutable', 'MyRole', () => iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN, { mutable: false })],
    ['it is without policy updates', 'ImmutableRoleMyRole', () => newRole(stack).withoutPolicyUpdates()],
    ['it is of another account', 'MyRole', () => iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN.replace('111111111111', '222222222222'))],
  ])('are a warning, with what it must have, where %s', (_, path, role) => {
    // WHEN
    addEventStream(stack, role());

    // THEN
    expect(warningsOf(stack, 'role-permissions')).toEqual([
      ['/Stack/Events', `the role 'Stack/${path}' cannot be given permissions here: add to its policies ${PERMISSIONS}`],
    ]);
  });

  it.each<[string, () => iam.IRole]>([
    ['is created in the app', () => newRole(stack)],
    ['is imported', () => iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN)],
    ['is imported by its name', () => iam.Role.fromRoleName(stack, 'MyRole', 'streams')],
  ])('are added where it %s', (_, role) => {
    // WHEN
    addEventStream(stack, role());

    // THEN
    expect(warningsOf(stack, 'role-permissions')).toEqual([]);
  });

  it('are no warning where a destination asks for none', () => {
    // GIVEN
    const role = iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN, { mutable: false });
    const { streamArn } = new kinesis.Stream(stack, 'Stream');

    // WHEN
    new PinpointEventStream(stack, 'Events', {
      applicationId: APPLICATION_ID, role, destination: { bind: () => ({ destinationArn: streamArn, policyStatements: [] }) },
    });

    // THEN
    expect(warningsOf(stack, 'role-permissions')).toEqual([]);
  });
});
