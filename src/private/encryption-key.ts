import * as kms from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { errorAt } from './report';

/**
 * The ARN by which policies can name a key: an alias gives its own as that of the key, which allows nothing.
 *
 * @throws if the key is an alias that is imported by its name, and does not tell its key
 */
export function keyArnOf(scope: IConstruct, key: kms.IKey): string {
  if (!('aliasTargetKey' in key)) {
    return key.keyArn;
  }
  try {
    return (key as kms.IAlias).aliasTargetKey.keyArn;
  } catch {
    throw errorAt(scope, `cannot tell the key of the alias '${key.node.path}': import the key by Key.fromKeyArn()`);
  }
}
