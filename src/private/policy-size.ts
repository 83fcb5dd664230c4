import * as iam from 'aws-cdk-lib/aws-iam';
import { eventStreamPolicy, EventStreamPolicySubject, loggingPolicy, vpcPolicy } from './handler-policy';
import { isKnown } from './tokens';

/**
 * The limit for all inline policies of a role together, in characters without white space.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MAX_INLINE_POLICY_CHARACTERS = 10_240;

/** The longest values that a deployment can fill in for what synthesis does not know. */
const LONGEST_SUBJECT: EventStreamPolicySubject = {
  partition: 'aws-us-gov',
  region: 'ap-northeast-1',
  account: '0'.repeat(12),
  applicationId: '0'.repeat(32),
  roleArn: `arn:aws-us-gov:iam::${'0'.repeat(12)}:role/${'x'.repeat(64)}`,
};

/** The length of the longest name of a log group. */
const LONGEST_LOG_GROUP_NAME = 512;

/** The length of the longest name that CloudFormation gives a log group: the stack's name, the logical ID and 12 characters. */
const LONGEST_GENERATED_LOG_GROUP_NAME = 128 + 1 + 255 + 1 + 12;

/** The most characters that the function's policy for one event stream can have once it is deployed. */
export function eventStreamPolicySize(roleArn: string): number {
  return charactersOf(eventStreamPolicy({ ...LONGEST_SUBJECT, roleArn: literalOr(LONGEST_SUBJECT.roleArn, roleArn) }));
}

/** The most characters that the function's policy for its log group can have once it is deployed. */
export function loggingPolicySize(logGroupArn: string, isNameGenerated: boolean): number {
  const { partition, region, account } = LONGEST_SUBJECT;
  const name = 'x'.repeat(isNameGenerated ? LONGEST_GENERATED_LOG_GROUP_NAME : LONGEST_LOG_GROUP_NAME);
  return charactersOf(loggingPolicy(literalOr(`arn:${partition}:logs:${region}:${account}:log-group:${name}:*`, logGroupArn)));
}

/** The characters of the policy that a function in a VPC needs. */
export function vpcPolicySize(): number {
  return charactersOf(vpcPolicy());
}

/** The characters that IAM counts. The document must contain no tokens. */
function charactersOf(document: iam.PolicyDocument): number {
  return JSON.stringify(document.toJSON()).length;
}

/** The value if it is known at synthesis, or what to assume instead. */
function literalOr(assumed: string, value: string): string {
  return isKnown(value) ? value : assumed;
}
