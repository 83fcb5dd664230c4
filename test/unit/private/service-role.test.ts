import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { grantServiceRole, ServiceRoleProps } from '../../../src/private/service-role';
import { allowing, ENV, logicalIdsOf, newRole, newStack, ROLE_ARN, STREAM_ARN } from '../../support/synth';

const SOURCE_ARN = 'arn:aws:sms-voice:eu-west-1:111111111111:configuration-set/messages';

/** Grants a role in a stack of its own. */
function grantIn(stack: Stack, props: Partial<ServiceRoleProps> = {}) {
  return grantServiceRole(stack, {
    description: 'Lets a service write events',
    service: 'sms-voice.amazonaws.com',
    sourceArn: SOURCE_ARN,
    policyStatements: [new iam.PolicyStatement({ actions: ['kinesis:PutRecords'], resources: [STREAM_ARN] })],
    identity: ['messages', STREAM_ARN],
    ...props,
  });
}

describe("a service's role that is created", () => {
  it('trusts that service alone, for the one resource of this account, and may do what is asked and nothing else', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const { role, dependables } = grantIn(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: allowing({
        Principal: { Service: 'sms-voice.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' }, ArnLike: { 'aws:SourceArn': SOURCE_ARN } },
      }),
      Policies: [{ PolicyName: 'Destination', PolicyDocument: allowing({ Action: 'kinesis:PutRecords', Resource: STREAM_ARN }) }],
      ManagedPolicyArns: Match.absent(),
    });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    expect(dependables).toEqual([role]);
  });

  it('has no policy where nothing is asked', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    grantIn(stack, { policyStatements: [] });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
  });

  it.each<[string, Partial<ServiceRoleProps>, boolean]>([
    ['is another one when what it serves changes, so that the old one still works until the events have moved', { identity: ['others', STREAM_ARN] }, false],
    ['is the same one when what it may do changes', { policyStatements: [] }, true],
  ])('%s', (_, change, isSame) => {
    // GIVEN
    const [before, after] = [newStack(), newStack()];

    // WHEN
    const digests = [grantIn(before).digest, grantIn(after, change).digest];

    // THEN
    expect(logicalIdsOf(before, 'AWS::IAM::Role')[0] === logicalIdsOf(after, 'AWS::IAM::Role')[0]).toBe(isSame);
    expect(digests[0] === digests[1]).toBe(isSame);
  });
});

describe("a service's role that is passed in", () => {
  it('gets what is asked by a policy of its own, and is otherwise left alone', () => {
    // GIVEN
    const stack = newStack();
    const given = newRole(stack);

    // WHEN
    const { role, dependables } = grantIn(stack, { role: given });

    // THEN
    const [logicalId] = logicalIdsOf(stack, 'AWS::IAM::Role');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: allowing({ Action: 'kinesis:PutRecords', Resource: STREAM_ARN }),
      Roles: [{ Ref: logicalId }],
    });
    expect(role).toBe(given);
    expect(dependables).toEqual([given, expect.any(iam.Policy)]);
  });

  it('is what its service assumes, whatever stack it is in, and waits for it', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    const given = newRole(newStack(app, 'Owner'));

    // WHEN
    const { role, dependables } = grantIn(stack, { role: given });

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: allowing({ Action: 'kinesis:PutRecords', Resource: STREAM_ARN }) });
    expect(role).toBe(given);
    expect(dependables).toContain(given);
  });

  it('is refused where it is in a stack of another account', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    const role = newRole(new Stack(app, 'Owner', { env: { ...ENV, account: '222222222222' } }));

    // WHEN
    const grant = () => grantIn(stack, { role });

    // THEN
    expect(grant).toThrow('role must be in the account of the stack, 111111111111, got 222222222222: pass one of that account, or use a stack in 222222222222 (at Stack)');
  });

  it('can be in a stack of another region, since roles belong to none', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    const owner = new Stack(app, 'Owner', { env: { ...ENV, region: 'us-east-1' } });

    // WHEN
    grantIn(stack, { role: new iam.Role(owner, 'Role', { roleName: 'streams', assumedBy: new iam.ServicePrincipal('sms-voice.amazonaws.com') }) });

    // THEN
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
  });

  it('cannot be a mere resource, also in languages that do not check it', () => {
    // GIVEN
    const stack = newStack();
    const role = new iam.CfnRole(stack, 'MyRole', { assumeRolePolicyDocument: {} }) as unknown as iam.IRole;

    // WHEN
    const grant = () => grantIn(stack, { role });

    // THEN
    expect(grant).toThrow("role must be an IRole, got 'Stack/MyRole' (at Stack)");
  });

  it.each<[string, string, (stack: Stack) => iam.IRole]>([
    ['takes no permissions, what it must have', 'role-permissions', (stack) => iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN, { mutable: false })],
    ['does not trust the service, what its trust must have', 'role-trust', newRole],
    ['is imported, what its trust must have', 'role-trust-unknown', (stack) => iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN)],
  ])('has a warning that says, where it %s', (_, id, roleIn) => {
    // GIVEN
    const stack = newStack();

    // WHEN
    grantIn(stack, { role: roleIn(stack) });

    // THEN
    Annotations.fromStack(stack).hasWarning('/Stack', Match.stringLikeRegexp(`\\{"Action".*cdk-pinpoint-event-stream:${id}\\]`));
  });

  it.each<[string, (stack: Stack) => Partial<ServiceRoleProps>]>([
    ['what it serves', (stack) => ({ role: newRole(stack), identity: ['others', STREAM_ARN] })],
    ['the role', (stack) => ({ role: iam.Role.fromRoleArn(stack, 'OtherRole', ROLE_ARN) })],
  ])('gets another policy when %s changes, so that the old one still works until the events have moved', (_, change) => {
    // GIVEN
    const [before, after] = [newStack(), newStack()];

    // WHEN
    grantIn(before, { role: newRole(before) });
    grantIn(after, change(after));

    // THEN
    expect(logicalIdsOf(after, 'AWS::IAM::Policy')).not.toEqual(logicalIdsOf(before, 'AWS::IAM::Policy'));
  });
});
