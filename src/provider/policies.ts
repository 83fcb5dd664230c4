import { Aws, Fn } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What the policy for one event stream is about. */
export interface EventStreamPolicySubject {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly applicationId: string;
  /** The role that Amazon Pinpoint is to assume. */
  readonly roleArn: string;
}

/** The longest values that a deployment can put in place of what is unknown at synthesis. */
export const LONGEST_SUBJECT: EventStreamPolicySubject = {
  partition: 'aws-us-gov',
  region: 'ap-northeast-1',
  account: '0'.repeat(12),
  applicationId: '0'.repeat(32),
  roleArn: `arn:aws-us-gov:iam::${'0'.repeat(12)}:role/${'x'.repeat(64)}`,
};

/** The longest name of a log group. */
export const LONGEST_LOG_GROUP_NAME = 512;

/** The longest name that CloudFormation gives a log group: the stack's name, the logical ID and 12 characters. */
export const LONGEST_GENERATED_LOG_GROUP_NAME = 128 + 1 + 255 + 1 + 12;

export function longestLogGroupArn(nameLength: number): string {
  const { partition, region, account } = LONGEST_SUBJECT;
  return `arn:${partition}:logs:${region}:${account}:log-group:${'x'.repeat(nameLength)}:*`;
}

/**
 * What the handler may do for one event stream.
 *
 * PassRole names both principals, since AWS does not document which one Pinpoint's API checks, if it does.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonpinpoint.html
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

/** What the handler may do with its log group; creating it is not part of that, or it could outlive the stack. */
export function loggingPolicy(logGroupArn: string): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    })],
  });
}

/**
 * Attaches a policy to a role, from the scope of the event stream that needs it. An immutable role stays as it is.
 *
 * The name tells stacks apart: a policy of the same name in another stack that shares the role would overwrite this one.
 */
export function attachPolicy(eventStream: Construct, id: string, document: iam.PolicyDocument, role: iam.IRole): iam.Policy {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const policy = new iam.Policy(eventStream, id, { policyName: `${id}-${stackUuid}`, document });
  // Not by the policy's own `roles`, which would not ask the role.
  role.attachInlinePolicy(policy);
  return policy;
}

/**
 * What all inline policies of a role may hold together, in characters without white space.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MAX_INLINE_POLICY_CHARACTERS = 10_240;

/** The characters that IAM counts; the document must hold no tokens. */
export function policyCharacters(document: iam.PolicyDocument): number {
  return JSON.stringify(document.toJSON()).length;
}
