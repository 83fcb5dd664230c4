import { Aws, Fn } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * Attaches a policy to a role, in the scope of the construct that needs it. An immutable role stays as it is.
 *
 * The name contains the ID of the stack. If several stacks share the role, policies of the same name would overwrite each other.
 */
export function attachInlinePolicy(scope: Construct, id: string, document: iam.PolicyDocument, role: iam.IRole): iam.Policy {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const policy = new iam.Policy(scope, id, { policyName: `${id}-${stackUuid}`, document });
  // Not through the policy's own `roles`, which would bypass an immutable role.
  role.attachInlinePolicy(policy);
  return policy;
}
