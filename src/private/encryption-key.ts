import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { warn } from './report';

/**
 * Allows the use of a key.
 *
 * Policies cannot name a key by its alias. Where an alias that is imported does not tell its key, they allow that of
 * the keys of the account which has the alias. Keys of AWS need no permission.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function keyStatements(scope: IConstruct, key: kms.IKey, actions: string[], conditions: iam.Conditions): iam.PolicyStatement[] {
  // An ARN may be that of an alias as well.
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

/** Warns of a key that cannot be opened to those who need it, since synthesis does not know which one it is. */
export function warnOfUnknownKey(scope: Construct, resource: string, advice: string): void {
  warn(scope, 'encryption-key', `the key of the ${resource} is not known: if it is a customer managed one, ${advice}, or events are lost`);
}
