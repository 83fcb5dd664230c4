import * as iam from 'aws-cdk-lib/aws-iam';

/** What the policy for one event stream must name. */
export interface EventStreamPolicySubject {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly applicationId: string;
  /** The role that Amazon Pinpoint is to assume. */
  readonly roleArn: string;
}

/**
 * What the function may do for one event stream.
 *
 * PassRole names both principals, because AWS does not document which of them Pinpoint's API checks, or whether it checks any.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_pinpoint.html
 */
export function eventStreamPolicy({ partition, region, account, applicationId, roleArn }: EventStreamPolicySubject): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        actions: ['mobiletargeting:GetEventStream', 'mobiletargeting:PutEventStream', 'mobiletargeting:DeleteEventStream'],
        resources: [`arn:${partition}:mobiletargeting:${region}:${account}:apps/${applicationId}/eventstream`],
      }),
      new iam.PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': ['pinpoint.amazonaws.com', 'mobiletargeting.amazonaws.com'] } },
      }),
    ],
  });
}

/** What the function may do with its log group. It may not create one, which could outlive the stack. */
export function loggingPolicy(logGroupArn: string): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    })],
  });
}

/**
 * What Lambda needs to connect the function to a VPC. The function itself must not use it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function vpcPolicy(): iam.PolicyDocument {
  const actions = [
    'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
  ];
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({ actions, resources: ['*'] }),
      // Only requests from the function's own code have this context key.
      new iam.PolicyStatement({ effect: iam.Effect.DENY, actions, resources: ['*'], conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } } }),
    ],
  });
}
