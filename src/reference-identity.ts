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
  const resolver = new ForeignOwnerResolver(Stack.of(scope));
  const resolved = Tokenization.resolve(values, { scope, resolver, preparing: false });
  return JSON.stringify([resolved, [...resolver.owners].sort()]);
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

/** Resolves tokens, and notes which other stacks own what they refer to. */
class ForeignOwnerResolver extends DefaultTokenResolver {
  public readonly owners = new Set<string>();

  constructor(private readonly stack: Stack) {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token) && Stack.of(token.target) !== this.stack) {
      this.owners.add(Stack.of(token.target).node.path);
    }
    return super.resolveToken(token, context, postProcessor);
  }
}
