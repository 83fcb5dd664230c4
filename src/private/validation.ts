import { ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ArnForm } from './arn';
import { reportError } from './report';
import { isKnown, referencesIn } from './tokens';
import { APPLICATION_ID_FORM, isApplicationId } from '../handler/protocol';

/** Reports an application ID that is known and malformed. */
export function validateApplicationId(scope: IConstruct, applicationId: string): void {
  if (isKnown(applicationId) && !isApplicationId(applicationId)) {
    reportError(scope,
      `applicationId must be ${APPLICATION_ID_FORM}, got '${applicationId}': pass the ID, which the console called the project ID, not the name or the ARN`);
  }
}

/** Reports an ARN that is known, and of none of the kinds that are expected. */
export function validateArn(scope: IConstruct, what: string, arn: string, ...forms: ArnForm[]): void {
  if (isKnown(arn) && !forms.some(({ pattern }) => pattern.test(arn))) {
    reportError(scope, `${what} must be the ARN of ${forms.map(({ description }) => description).join(' or ')}, got '${arn}'`);
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
      reportError(scope, `${what} must be in the ${name} of the stack, ${stack[name]}, got ${other}`);
    }
  }
}
