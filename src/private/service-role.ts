import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct, IDependable } from 'constructs';
import { attachInlinePolicy } from './inline-policy';
import { onceComplete } from './once-complete';
import { described, errorAt, warn } from './report';
import { digestOf, identityOf } from './stable-id';
import { printable } from './tokens';
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
  if (given) {
    if (typeof given.attachInlinePolicy !== 'function') {
      throw errorAt(scope, `role must be an IRole, got ${described(given)}`);
    }
    // Roles belong to no region.
    validateEnvironment(scope, 'role', given.roleArn, ['account']);
  }
  const digest = digestOf(identityOf(scope, ...props.identity, ...given ? [given.roleArn] : []));
  const document = new iam.PolicyDocument({ statements: props.policyStatements });
  if (given) {
    const policy = attachInlinePolicy(scope, `RolePolicy${digest}`, document, given);
    warnOfTrust(scope, given, service, sourceArn);
    warnOfPermissions(scope, given, policy);
    warnOfWeakReferences(scope, { role: given.roleArn });
    return { role: given, dependables: [given, policy], digest };
  }
  const role = new iam.Role(scope, `Role${digest}`, {
    description,
    assumedBy: new iam.ServicePrincipal(service, { conditions: sourceConditions(scope, sourceArn) }),
    // Inline, so that they exist as soon as the role does.
    inlinePolicies: document.isEmpty ? undefined : { Destination: document },
  });
  return { role, dependables: [role], digest };
}

/** Conditions under which a service acts for one resource of the scope's account, and not for a stranger's. */
export function sourceConditions(scope: IConstruct, sourceArn: string): Record<string, Record<string, string>> {
  return {
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    ArnLike: { 'aws:SourceArn': sourceArn },
  };
}

/** Warns where a role that was passed in is not known to trust the service, for the one resource that it may act for. */
function warnOfTrust(scope: Construct, role: iam.IRole, service: string, sourceArn: string): void {
  onceComplete(scope, () => {
    const statement = printable(scope, new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(service)], actions: ['sts:AssumeRole'], conditions: sourceConditions(scope, sourceArn),
    }).toJSON());
    const resource = role.node.defaultChild;
    if (!iam.CfnRole.isCfnRole(resource)) {
      warn(scope, 'role-trust-unknown', `the trust policy of the role '${role.node.path}' is not known: check that it has ${statement}`);
      return;
    }
    const { Statement: statements = [] } = Stack.of(resource).resolve(resource.assumeRolePolicyDocument);
    const trusting = ([statements].flat() as any[]).filter(({ Effect, Principal }) => Effect === 'Allow' && [Principal?.Service].flat().includes(service));
    if (trusting.length === 0) {
      warn(scope, 'role-trust', `the role '${role.node.path}' does not trust ${service}: add to its trust policy ${statement}`);
    } else if (trusting.some(({ Condition }) => !/"aws:Source(Arn|Account)"/i.test(JSON.stringify(Condition ?? {})))) {
      warn(scope, 'role-trust', `the role '${role.node.path}' trusts ${service} for other accounts as well: replace that statement of its trust policy with ${statement}`);
    }
  });
}

/** Warns where a role that was passed in takes no permissions, as one that is imported as immutable. */
function warnOfPermissions(scope: Construct, role: iam.IRole, policy: iam.Policy): void {
  const attachedTo = Stack.of(scope).resolve((policy.node.defaultChild as iam.CfnPolicy).roles) as unknown[] | undefined;
  if (!attachedTo?.length && !policy.document.isEmpty) {
    warn(scope, 'role-permissions', `the role '${role.node.path}' cannot be given permissions here: add to its policies ${printable(scope, policy.document.toJSON().Statement)}`);
  }
}
