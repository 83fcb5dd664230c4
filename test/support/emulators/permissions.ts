import { GetRoleCommand, GetRolePolicyCommand, ListRolePoliciesCommand, NoSuchEntityException } from '@aws-sdk/client-iam';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import type { EventStream } from '@aws-sdk/client-pinpoint';
import { ACCOUNT, Emulators, REGION } from './emulators';
import * as policyEvaluator from '../policy-evaluator';

export const EVENT_STREAM_CALLS = ['mobiletargeting:GetEventStream', 'mobiletargeting:PutEventStream', 'mobiletargeting:DeleteEventStream'];

/**
 * Whether a deployed role may do this in this context, by an evaluator that knows conditions; one that does not exist may do nothing.
 *
 * @param resourcePolicy the policy of the resource, where its service asks that too
 */
export async function isAllowed(
  emulators: Emulators,
  roleArn: string,
  action: string,
  resource: string,
  context?: policyEvaluator.Context,
  resourcePolicy?: unknown,
): Promise<boolean> {
  try {
    const identityPolicies = await inlinePolicies(emulators, nameOf(roleArn));
    return await policyEvaluator.isAllowedAsIs({ principal: roleArn, action, resource, account: ACCOUNT, context, identityPolicies, resourcePolicy });
  } catch (error) {
    if (error instanceof NoSuchEntityException) {
      return false;
    }
    throw error;
  }
}

/** The inline policies of a deployed role, as IAM holds them. */
async function inlinePolicies(emulators: Emulators, roleName: string): Promise<{ name: string; policy: unknown }[]> {
  const { PolicyNames } = await emulators.iam.send(new ListRolePoliciesCommand({ RoleName: roleName }));
  return Promise.all(PolicyNames!.map(async (name) => {
    const { PolicyDocument } = await emulators.iam.send(new GetRolePolicyCommand({ RoleName: roleName, PolicyName: name }));
    return { name, policy: JSON.parse(decodeURIComponent(PolicyDocument!)) };
  }));
}

/** How many characters the inline policies of a deployed role have together, without white space, as IAM counts them for its quota. */
export async function inlinePolicyCharacters(emulators: Emulators, roleName: string): Promise<number> {
  return (await inlinePolicies(emulators, roleName)).reduce((total, { policy }) => total + JSON.stringify(policy).length, 0);
}

export async function keyPolicy(emulators: Emulators, keyId: string): Promise<unknown> {
  const { Policy } = await emulators.kms.send(new GetKeyPolicyCommand({ KeyId: keyId, PolicyName: 'default' }));
  return JSON.parse(Policy!);
}

/** Whether a service may assume a deployed role in this context. */
export async function isTrusted(emulators: Emulators, roleArn: string, service: string, context: policyEvaluator.Context): Promise<boolean> {
  const { Role } = await emulators.iam.send(new GetRoleCommand({ RoleName: nameOf(roleArn) }));
  return policyEvaluator.isAllowed({
    principal: service,
    action: 'sts:AssumeRole',
    resource: roleArn,
    account: ACCOUNT,
    context,
    resourcePolicy: JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)),
  });
}

function nameOf(roleArn: string): string {
  return roleArn.split('/').pop()!;
}

/** Which of the three calls a deployed role may send for the event stream of an application. */
export async function permittedCalls(emulators: Emulators, roleArn: string, applicationId: string): Promise<string[]> {
  const eventStreamArn = `arn:aws:mobiletargeting:${REGION}:${ACCOUNT}:apps/${applicationId}/eventstream`;
  const decisions = await Promise.all(EVENT_STREAM_CALLS.map((action) => isAllowed(emulators, roleArn, action, eventStreamArn)));
  return EVENT_STREAM_CALLS.filter((_, index) => decisions[index]);
}

/** What Amazon Pinpoint must be allowed to do at a destination, by the AWS developer guide. */
export function documentedActions(destinationArn: string): string[] {
  return destinationArn.includes(':kinesis:')
    ? ['kinesis:PutRecords', 'kinesis:DescribeStream']
    : ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'];
}

/**
 * Watches the event stream of an application while something is done.
 *
 * @returns the settings that Pinpoint held with a role that could not write to the destination
 */
export async function findGaps(emulators: Emulators, applicationId: string, doing: () => Promise<void>): Promise<EventStream[]> {
  const gaps: EventStream[] = [];
  let done = false;
  const finished = doing().finally(() => { done = true; });
  while (!done) {
    const before = await emulators.eventStream(applicationId);
    const permitted = before === undefined || await isPermitted(emulators, before);
    const after = await emulators.eventStream(applicationId);
    if (!permitted && after?.RoleArn === before?.RoleArn) {
      gaps.push(before!);
    }
  }
  await finished;
  return gaps;
}

/** Whether the role of an event stream can write to its destination. */
export async function isPermitted(emulators: Emulators, { RoleArn, DestinationStreamArn }: EventStream): Promise<boolean> {
  const decisions = await Promise.all(documentedActions(DestinationStreamArn!)
    .map((action) => isAllowed(emulators, RoleArn!, action, DestinationStreamArn!)));
  return decisions.every(Boolean);
}
