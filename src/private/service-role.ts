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

/** What a role for a service needs. */
export interface ServiceRoleProps {
  readonly description: string;
  /** The service that assumes the role. */
  readonly service: string;
  /** The ARN of the one resource that the service may act for. */
  readonly sourceArn: string;
  readonly policyStatements: iam.PolicyStatement[];
  /** What the role serves. No other role in the scope serves the same. */
  readonly identity: string[];
  /** The role that was passed in, if any. */
  readonly role?: iam.IRole;
}

/** A role, which has its permissions once all dependables exist. */
export interface GrantedServiceRole {
  readonly role: iam.IRole;
  readonly dependables: IDependable[];
  /** Changes with what the role serves, for the IDs of constructs that must be replaced with it. */
  readonly digest: string;
}

/**
 * Grants a service's role what it needs: a role that was passed in gets a separate policy, or a new role is created.
 *
 * When what it serves changes, the role and the policy get new logical IDs. CloudFormation then creates new ones, moves the events, and
 * deletes the old ones last. If it changed them in place, the old permissions would be gone before the events have moved.
 */
export function grantServiceRole(scope: Construct, props: ServiceRoleProps): GrantedServiceRole {
  const { role: given, description, service, sourceArn } = props;
  if (given) {
    if (typeof given.attachInlinePolicy !== 'function') {
      throw errorAt(scope, `role must be an IRole, got ${described(given)}`);
    }
    // Roles have no region.
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
    // Inline, so that the permissions exist as soon as the role does.
    inlinePolicies: document.isEmpty ? undefined : { Destination: document },
  });
  return { role, dependables: [role], digest };
}

/** Conditions that let a service act for one resource of the scope's account only, and not for other accounts. */
export function sourceConditions(scope: IConstruct, sourceArn: string): Record<string, Record<string, string>> {
  return {
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    ArnLike: { 'aws:SourceArn': sourceArn },
  };
}

/** Warns if a role that was passed in is not known to trust the service, for the one resource that the service may act for. */
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

/** Warns if a role that was passed in takes no permissions, for example because it is imported as immutable. */
function warnOfPermissions(scope: Construct, role: iam.IRole, policy: iam.Policy): void {
  const attachedTo = Stack.of(scope).resolve((policy.node.defaultChild as iam.CfnPolicy).roles) as unknown[] | undefined;
  if (!attachedTo?.length && !policy.document.isEmpty) {
    warn(scope, 'role-permissions', `the role '${role.node.path}' cannot be given permissions here: add to its policies ${printable(scope, policy.document.toJSON().Statement)}`);
  }
}
