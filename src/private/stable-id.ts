import { createHash } from 'crypto';
import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * A text that is the same for the same values, and another for others, across
 * syntheses: what the values resolve to in the scope's template, and the owning
 * stack of what they refer to in other stacks, where the same logical ID may
 * stand for something else.
 */
export function identityOf(scope: IConstruct, ...values: string[]): string {
  const stack = Stack.of(scope);
  return JSON.stringify([stack.resolve(values), foreignOwners(stack, values)]);
}

/**
 * Eight hexadecimal digits that stand for an identity in a construct ID.
 *
 * Logical IDs of deployed roles contain them: the same values must give the
 * same digits in every version of this library.
 */
export function digestOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 8);
}

/** The paths of the other stacks that own what the values refer to. */
function foreignOwners(stack: Stack, values: string[]): string[] {
  const owners = new Set<string>();
  class Collector extends DefaultTokenResolver {
    public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
      const owner = Reference.isReference(token) ? Stack.of(token.target) : stack;
      if (owner !== stack) {
        owners.add(owner.node.path);
      }
      return super.resolveToken(token, context, postProcessor);
    }
  }
  Tokenization.resolve(values, { scope: stack, resolver: new Collector(new StringConcat()) });
  return [...owners].sort();
}
