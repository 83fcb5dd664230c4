import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { onceComplete } from './once-complete';
import { sourceConditions } from './source-conditions';
import { printable } from './tokens';

/** Warns where a role that was passed in is not known to trust the service, for the one resource that it may act for. */
export function warnOfTrust(scope: IConstruct, role: iam.IRole, service: string, sourceArn: string): void {
  onceComplete(scope, () => {
    const resource = role.node.defaultChild;
    const fault = iam.CfnRole.isCfnRole(resource)
      ? faultOf(Stack.of(resource).resolve(resource.assumeRolePolicyDocument).Statement, service)
      : `may not trust ${service} (its trust policy is not known here)`;
    if (fault) {
      const statement = new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal(service)], actions: ['sts:AssumeRole'], conditions: sourceConditions(scope, sourceArn),
      });
      Annotations.of(scope).addWarningV2('cdk-pinpoint-event-stream:role-trust',
        `the role '${role.node.path}' ${fault}: see that its trust policy has ${printable(scope, statement.toJSON())}`);
    }
  });
}

/** Warns where a role that was passed in takes no permissions, as one that is imported as immutable. */
export function warnOfPermissions(scope: IConstruct, role: iam.IRole, policy: iam.Policy): void {
  const stack = Stack.of(scope);
  const attachedTo = stack.resolve((policy.node.defaultChild as iam.CfnPolicy).roles) as unknown[] | undefined;
  if (!attachedTo?.length && !policy.document.isEmpty) {
    Annotations.of(scope).addWarningV2('cdk-pinpoint-event-stream:role-permissions',
      `the role '${role.node.path}' takes no permissions from this app: see that it has ${printable(scope, policy.document.toJSON().Statement)}`);
  }
}

function faultOf(statements: any[] | undefined, service: string): string | undefined {
  const trusting = (statements ?? []).filter(({ Effect, Principal }) => Effect === 'Allow' && [Principal?.Service].flat().includes(service));
  if (trusting.length === 0) {
    return `does not trust ${service}`;
  }
  return trusting.some(({ Condition }) => !/"aws:Source(Arn|Account)"/i.test(JSON.stringify(Condition ?? {})))
    ? `trusts ${service} for other accounts as well`
    : undefined;
}
