import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Whether synthesis knows a value. A value that only a deployment knows is a token, or a dynamic reference written as text. A value that
 * has yet to be looked up is a dummy of the CDK, alone or in an ARN, or a default, which looks like any other value.
 */
export function isKnown(value: string): boolean {
  return !Token.isUnresolved(value) && !value.includes('{{resolve:') && !value.includes('dummy-value-for-');
}

/** What values refer to, wherever in their texts the references are. */
export function referencesIn(scope: IConstruct, values: string[]): Reference[] {
  const references: Reference[] = [];
  class Collector extends DefaultTokenResolver {
    public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
      if (Reference.isReference(token)) {
        references.push(token);
        // Not resolved, because the CDK would first demand a name of a resource in another environment.
        return '';
      }
      return super.resolveToken(token, context, postProcessor);
    }
  }
  Tokenization.resolve(values, { scope, resolver: new Collector(new StringConcat()) });
  return references;
}

/** A value for people to read. What only a deployment knows is written as in Fn::Sub. */
export function printable(scope: IConstruct, value: unknown): string {
  const print = (resolved: any): any => {
    if (Array.isArray(resolved)) {
      return resolved.map(print);
    }
    if (resolved === null || typeof resolved !== 'object') {
      return resolved;
    }
    const { 'Ref': ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resolved;
    if (Array.isArray(join?.[1])) {
      return join[1].map(print).join(join[0]);
    }
    return ref || attribute
      ? `\${${ref ?? [attribute].flat().join('.')}}`
      : Object.fromEntries(Object.entries(resolved).map(([key, inner]) => [key, print(inner)]));
  };
  const printed = print(Stack.of(scope).resolve(value));
  return typeof printed === 'string' ? printed : JSON.stringify(printed);
}
