import { Aws, Fn } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * Attaches a policy to a role, from the scope of the construct that needs it. An immutable role stays as it is.
 *
 * The name tells stacks apart: a policy of the same name in another stack that shares the role would overwrite this one.
 */
export function attachInlinePolicy(scope: Construct, id: string, document: iam.PolicyDocument, role: iam.IRole): iam.Policy {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const policy = new iam.Policy(scope, id, { policyName: `${id}-${stackUuid}`, document });
  // Not by the policy's own `roles`, which would not ask the role.
  role.attachInlinePolicy(policy);
  return policy;
}
