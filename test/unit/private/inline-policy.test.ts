import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { attachInlinePolicy } from '../../../src/private/inline-policy';
import { allowing, newStack, ROLE_ARN } from '../../support/synth';

const statement = { Action: 'kinesis:PutRecords', Resource: '*' };
const document = iam.PolicyDocument.fromJson({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

describe('a policy that is attached to a role', () => {
  it('has a name that tells its stack from others which share the role, so that neither overwrites that of the other', () => {
    // GIVEN
    const stack = new Stack(new App(), 'Stack');

    // WHEN
    attachInlinePolicy(stack, 'Policy', document, iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN));

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: { 'Fn::Join': ['', ['Policy-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] },
      PolicyDocument: allowing(statement),
      Roles: ['streams'],
    });
  });

  it('is not deployed where the role is immutable', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    attachInlinePolicy(stack, 'Policy', document, iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN, { mutable: false }));

    // THEN
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });
});
