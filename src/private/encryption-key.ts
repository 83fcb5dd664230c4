import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { warn } from './report';

/**
 * Allows the use of a key.
 *
 * Policies cannot name a key by its alias. If the key of an imported alias is not known, the policy allows all keys of the account, on
 * the condition that the key has this alias. Keys of AWS need no permission.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function keyStatements(scope: IConstruct, key: kms.IKey, actions: string[], conditions: iam.Conditions): iam.PolicyStatement[] {
  // The ARN may also be the ARN of an alias.
  const aliasName = (key as Partial<kms.IAlias>).aliasName ?? /:(alias\/[^:]+)$/.exec(key.keyArn)?.[1];
  if (aliasName?.startsWith('alias/aws/')) {
    return [];
  }
  const keyArn = aliasName === undefined ? key.keyArn : targetArnOf(key as kms.IAlias);
  return [keyArn === undefined
    ? new iam.PolicyStatement({
      actions,
      resources: [Stack.of(scope).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
      conditions: { ...conditions, 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliasName } },
    })
    : new iam.PolicyStatement({ actions, resources: [keyArn], conditions })];
}

function targetArnOf(alias: kms.IAlias): string | undefined {
  try {
    return alias.aliasTargetKey.keyArn;
  } catch {
    return undefined;
  }
}

/** Warns that nobody could be allowed to use a key, because synthesis does not know which key it is. */
export function warnOfUnknownKey(scope: Construct, resource: string, advice: string): void {
  warn(scope, 'encryption-key', `the key of the ${resource} is not known: if it is a customer managed one, ${advice}, or events are lost`);
}
