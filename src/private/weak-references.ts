import { CfnResource, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { onceComplete } from './once-complete';
import { warn } from './report';
import { referencesIn } from './tokens';

/** The context key that decides how the stacks of an app refer to each other. */
const DEFAULT_STRENGTH = '@aws-cdk/core:defaultCrossStackReferences';

/**
 * Warns of weak references to resources of another stack. Without an export, CloudFormation may delete or replace such a resource while
 * the events still need it.
 */
export function warnOfWeakReferences(scope: Construct, valuesByName: Record<string, string>): void {
  onceComplete(scope, () => {
    for (const [name, value] of Object.entries(valuesByName)) {
      const target = referencesIn(scope, [value]).map((reference) => reference.target).find((other) => isWeak(scope, other));
      if (target) {
        const carrier = pathOf(carrierOf(target));
        warn(scope, 'weak-reference',
          `the ${name} '${pathOf(target)}' of another stack is referenced weakly, so CloudFormation may delete it before the events have moved: ` +
          `call CrossStackReferences.of(x).produce(ReferenceStrength.STRONG), where x is '${carrier}'`);
      }
    }
  });
}

/** Whether the CDK will refer to the target without an import. The CDK does not expose its rules, so a test with the newest CDK watches them. */
function isWeak(scope: IConstruct, target: IConstruct): boolean {
  if (topLevelStackOf(scope) === topLevelStackOf(target)) {
    return false;
  }
  const strength = (carrierOf(target) as CfnResource)._crossStackReferenceStrengthOverride ?? Stack.of(scope).node.tryGetContext(DEFAULT_STRENGTH);
  return [ReferenceStrength.WEAK, ReferenceStrength.BOTH].includes(strength);
}

/** What other stacks refer to. For a resource in a nested stack, that is an output of the nested stack. */
function carrierOf(target: IConstruct): IConstruct {
  const { nestedStackResource } = Stack.of(target);
  return nestedStackResource ? carrierOf(nestedStackResource) : target;
}

function pathOf({ node: { path } }: IConstruct): string {
  return path.replace(/\/(Resource|Default)$/, '');
}

function topLevelStackOf(scope: IConstruct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent ? topLevelStackOf(stack.nestedStackParent) : stack;
}
