import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { warnOfPermissions, warnOfTrust } from './given-role';
import { attachInlinePolicy } from './inline-policy';
import { sourceConditions } from './source-conditions';
import { digestOf, identityOf } from './stable-id';
import { validateEnvironment } from './validation';
import { warnOfWeakReferences } from './weak-references';

/** What a service needs a role for. */
export interface ServiceRoleProps {
  readonly description: string;
  /** The service that assumes the role. */
  readonly service: string;
  /** The ARN of the one resource that the service may act for. */
  readonly sourceArn: string;
  readonly policyStatements: iam.PolicyStatement[];
  /** What the role serves; no other role in the scope serves the same. */
  readonly identity: string[];
  /** The role that was passed in, if one was. */
  readonly role?: iam.IRole;
}

/** A role that has its permissions once all of the dependables exist. */
export interface GrantedServiceRole {
  readonly role: iam.IRole;
  readonly dependables: IDependable[];
  /** Follows what the role serves, for the IDs of what must change with it. */
  readonly digest: string;
}

/**
 * Grants a service's role what it needs: the role that was passed in, by a policy of its own, or a new one.
 *
 * A change of what it serves gives the role and the policy new logical IDs. CloudFormation then creates new ones,
 * moves the events, and deletes the old ones last: changed in place, they would be gone before the events have moved.
 */
export function grantServiceRole(scope: Construct, props: ServiceRoleProps): GrantedServiceRole {
  const { role: given, description, service, sourceArn } = props;
  const digest = digestOf(identityOf(scope, ...props.identity, ...given ? [given.roleArn] : []));
  const document = new iam.PolicyDocument({ statements: props.policyStatements });
  if (given) {
    const policy = attachInlinePolicy(scope, `RolePolicy${digest}`, document, given);
    // Roles belong to no region.
    validateEnvironment(scope, 'role', given.roleArn, given.env, ['account']);
    warnOfTrust(scope, given, service, sourceArn);
    warnOfPermissions(scope, given, policy);
    warnOfWeakReferences(scope, { role: given.roleArn });
    return { role: given, dependables: [given, policy], digest };
  }
  const role = new iam.Role(scope, `Role${digest}`, {
    description,
    assumedBy: new iam.ServicePrincipal(service, { conditions: sourceConditions(scope, sourceArn) }),
    // Inline, so that they exist as soon as the role does.
    inlinePolicies: document.isEmpty ? undefined : { EventStream: document },
  });
  return { role, dependables: [role], digest };
}
