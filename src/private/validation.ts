import { Annotations, ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isKnown, referencesIn } from './tokens';
import { APPLICATION_ID_FORM, isApplicationId } from '../handler/protocol';

/** An error that tells which construct it is about. */
export function errorAt(scope: IConstruct, message: string): Error {
  return new Error(`${message} (at ${scope.node.path})`);
}

/**
 * Reports what is wrong with a value, so that the CDK CLI deploys nothing.
 *
 * It is not thrown: the value may stand in for one that has yet to be looked up, and the CLI looks up
 * only what a synthesis that has come to its end asks for.
 */
export function reportError(scope: IConstruct, message: string): void {
  Annotations.of(scope).addError(message);
}

/** Reports an application ID that is known and malformed. */
export function validateApplicationId(scope: IConstruct, applicationId: string): void {
  if (isKnown(applicationId) && !isApplicationId(applicationId)) {
    reportError(scope,
      `applicationId must be ${APPLICATION_ID_FORM}, got '${applicationId}': pass the ID, which the console called the project ID, not the name or the ARN`);
  }
}

/**
 * Reports what is known to be in another region or account than the stack.
 *
 * @param value the ARN or the ID, which tells where it belongs by its text, or by what it refers to
 * @param env where it belongs as well, for values that do not tell
 */
export function validateEnvironment(
  scope: IConstruct,
  what: string,
  value: string,
  env?: ResourceEnvironment,
  names: readonly ('region' | 'account')[] = ['region', 'account'],
): void {
  const stack = Stack.of(scope);
  const [arn, , , region, account] = value.split(':');
  const places = isKnown(value)
    ? arn === 'arn' ? [{ region, account }] : []
    : [...env ? [env] : [], ...referencesIn(scope, [value]).map(({ target }) => Stack.of(target))];
  for (const name of names) {
    const other = places.map((place) => place[name]).find((got) => got && isKnown(got) && isKnown(stack[name]) && got !== stack[name]);
    if (other) {
      reportError(scope, `${what} must be in ${stack[name]}, the ${name} of the stack, got one in ${other}: put both into the same ${name}`);
    }
  }
}
