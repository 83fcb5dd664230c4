import { CfnResource, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { onceComplete } from './once-complete';
import { warn } from './report';
import { referencesIn } from './tokens';

/** The context key with which an app chooses how its stacks refer to each other. */
const DEFAULT_STRENGTH = '@aws-cdk/core:defaultCrossStackReferences';

/**
 * Warns of what another stack owns and is referred to weakly: without an export, CloudFormation deletes or replaces
 * it while the events still need it.
 */
export function warnOfWeakReferences(scope: IConstruct, valuesByName: Record<string, string>): void {
  onceComplete(scope, () => {
    for (const [name, value] of Object.entries(valuesByName)) {
      const target = referencesIn(scope, [value]).map((reference) => reference.target).find((other) => isWeak(scope, other));
      if (target) {
        const path = target.node.path.replace(/\/(Resource|Default)$/, '');
        warn(scope, 'weak-reference',
          `the ${name} '${path}' of another stack is referenced weakly, so CloudFormation may delete it before the events have moved: ` +
          'pass it to CrossStackReferences.of(), and call produce(ReferenceStrength.STRONG)');
      }
    }
  });
}

/** Whether the CDK will refer to the target without an import, by its own rules, which it does not tell: a test with the newest CDK watches them. */
function isWeak(scope: IConstruct, target: IConstruct): boolean {
  const [consumer, producer] = [scope, target].map(topLevelStackOf);
  if (consumer === producer) {
    return false;
  }
  const strength = (target as CfnResource)._crossStackReferenceStrengthOverride ?? consumer.node.tryGetContext(DEFAULT_STRENGTH);
  return [ReferenceStrength.WEAK, ReferenceStrength.BOTH].includes(strength);
}

function topLevelStackOf(scope: IConstruct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent ? topLevelStackOf(stack.nestedStackParent) : stack;
}
