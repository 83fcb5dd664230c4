import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { attachPolicy } from './provider/policies';
import { digestOf, identityOf } from './reference-identity';

/** What a service needs a role for. */
export interface RolePurpose {
  readonly description: string;
  /** The service that assumes the role. */
  readonly service: string;
  /** The ARN of the one resource that the service may act for. */
  readonly sourceArn: string;
  readonly permissions: iam.PolicyStatement[];
  /** What the role serves, of which no other role in the scope serves the same. */
  readonly identity: string[];
  /** The role that was passed in, if one was. */
  readonly role?: iam.IRole;
}

/** A role that may do what it is for, once all of the dependables exist. */
export interface PermittedRole {
  readonly role: iam.IRole;
  readonly dependables: IDependable[];
  /** Follows what the role serves, for the IDs of what must change with it. */
  readonly digest: string;
}

/**
 * Permits a role to be used for a purpose: the one that was passed in, by a policy of its own, or a new one.
 *
 * A change of what it serves gives the role and the policy new logical IDs. CloudFormation then creates new ones,
 * moves the events, and deletes the old ones last: changed in place, they would be gone before the events have moved.
 */
export function permitRole(scope: Construct, purpose: RolePurpose): PermittedRole {
  const { role: given, description, service, sourceArn } = purpose;
  const digest = digestOf(identityOf(scope, ...purpose.identity, ...given ? [given.roleArn] : []));
  const permissions = new iam.PolicyDocument({ statements: purpose.permissions });
  if (given) {
    const policy = attachPolicy(scope, `RolePolicy${digest}`, permissions, given);
    return { role: given, dependables: [given, policy], digest };
  }
  const role = new iam.Role(scope, `Role${digest}`, {
    description,
    assumedBy: new iam.ServicePrincipal(service, { conditions: onlyFor(scope, sourceArn) }),
    // Inline, so that they exist as soon as the role does.
    inlinePolicies: permissions.isEmpty ? undefined : { EventStream: permissions },
  });
  return { role, dependables: [role], digest };
}

/** Conditions under which a service acts for one resource of the scope's account, and not for a stranger's. */
export function onlyFor(scope: Construct, sourceArn: string): Record<string, Record<string, string>> {
  return {
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    ArnLike: { 'aws:SourceArn': sourceArn },
  };
}
