import { ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ArnForm } from './arn';
import { errorAt, reportError } from './report';
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
 * @param env where a resource of the app is, whose ARN does not tell
 * @throws if that is somewhere else: the CDK would tell how to refer to it from here, to no avail
 */
export function validateEnvironment(
  scope: IConstruct,
  what: string,
  value: string,
  env?: ResourceEnvironment,
  names: readonly ('region' | 'account')[] = ['region', 'account'],
): void {
  const stack = Stack.of(scope);
  const faultsOf = (...places: Partial<ResourceEnvironment>[]) => names.flatMap((name) => {
    const other = places.map((place) => place[name]).find((got) => got && isKnown(got) && isKnown(stack[name]) && got !== stack[name]);
    return other ? [`${what} must be in the ${name} of the stack, ${stack[name]}, got ${other}`] : [];
  });
  if (isKnown(value)) {
    const [arn, , , region, account] = value.split(':');
    faultsOf(...arn === 'arn' ? [{ region, account }] : []).forEach((fault) => reportError(scope, fault));
    return;
  }
  const [fault] = faultsOf(...env ? [env] : []);
  if (fault) {
    throw errorAt(scope, fault);
  }
  faultsOf(...referencesIn(scope, [value]).map(({ target }) => Stack.of(target))).forEach((other) => reportError(scope, other));
}
