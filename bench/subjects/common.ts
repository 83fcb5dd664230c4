import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';

/** A role as the construct creates it. */
export function createRole(scope: Construct, id: string, applicationId: string, destination: kinesis.Stream): iam.Role {
  const { partition, region, account } = Stack.of(scope);
  return new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:mobiletargeting:${region}:${account}:apps/${applicationId}` },
      },
    }),
    inlinePolicies: {
      EventStream: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ actions: ['kinesis:PutRecords', 'kinesis:DescribeStream'], resources: [destination.streamArn] })],
      }),
    },
  });
}

/** What the caller of Amazon Pinpoint's API must be allowed. */
export function callerStatements(scope: Construct, applicationId: string, role: iam.IRole): iam.PolicyStatement[] {
  const { partition, region, account } = Stack.of(scope);
  return [
    new iam.PolicyStatement({
      actions: ['mobiletargeting:PutEventStream', 'mobiletargeting:DeleteEventStream'],
      resources: [`arn:${partition}:mobiletargeting:${region}:${account}:apps/${applicationId}/eventstream`],
    }),
    new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [role.roleArn] }),
  ];
}

/** What the event streams of a stack share. */
export function shared<T extends Construct>(scope: Construct, id: string, make: (stack: Stack) => T): T {
  const stack = Stack.of(scope);
  return stack.node.tryFindChild(id) as T | undefined ?? make(stack);
}
