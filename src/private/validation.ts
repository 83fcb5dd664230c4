import { CfnResource, IResource, ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ArnForm } from './arn';
import { described, errorAt, reportError } from './report';
import { isKnown, referencesIn } from './tokens';
import { APPLICATION_ID_FORM, isApplicationId } from '../handler/protocol';

/**
 * Reports an application ID that is known and malformed.
 *
 * @throws if it is not text: not every language checks types
 */
export function validateApplicationId(scope: IConstruct, applicationId: string): void {
  const expected = `applicationId must be ${APPLICATION_ID_FORM}`;
  const advice = 'pass the ID, which the console called the project ID, not the name or the ARN';
  if (typeof applicationId !== 'string') {
    throw errorAt(scope, `${expected}, got ${applicationId}: ${advice}`);
  }
  if (isKnown(applicationId) && !isApplicationId(applicationId)) {
    reportError(scope, `${expected}, got '${applicationId}': ${advice}`);
  }
}

/**
 * Reports an ARN that is known and is of none of the expected kinds.
 *
 * @throws if it is not text: not every language checks types
 */
export function validateArn(scope: IConstruct, what: string, arn: string, ...forms: ArnForm[]): void {
  const expected = `${what} must be the ARN of ${forms.map(({ description }) => description).join(' or ')}`;
  if (typeof arn !== 'string') {
    throw errorAt(scope, `${expected}, got ${arn}`);
  }
  if (isKnown(arn) && !forms.some(({ pattern }) => pattern.test(arn))) {
    reportError(scope, `${expected}, got '${arn}'`);
  }
}

/**
 * Reports a resource that was passed in and is of another kind, according to its ARN.
 *
 * @param what what is expected where, such as `SnsTopicDestination takes a topic`
 * @param name the property in which it was passed
 * @throws if it has no such ARN at all: not every language checks types
 */
export function validatePassedIn(scope: IConstruct, what: string, resource: IConstruct, arn: string | undefined, form: ArnForm, name = 'destination'): void {
  if (!arn) {
    throw errorAt(scope, `${what}, got ${described(resource)}`);
  }
  validateArn(scope, name, arn, form);
}

/** Resources that are where their own stack is. Attributes of other resources may name something that is elsewhere. */
const PLACED = /^AWS::(IAM::Role|KMS::Key|Kinesis::Stream|KinesisFirehose::DeliveryStream|Lambda::Function|Logs::LogGroup|Pinpoint::App|SNS::Topic)$/;

/**
 * Reports what is known to be in another region or account than the stack.
 *
 * @param value the ARN or the ID. Its text, or what it refers to, tells where it is
 * @throws if it refers to a resource of the app there: the CDK's own error would explain how to refer to it from here, which does not help
 */
export function validateEnvironment(scope: IConstruct, what: string, value: string, names: readonly ('region' | 'account')[] = ['region', 'account']): void {
  const faultsOf = (place: Partial<ResourceEnvironment>) => environmentFaults(scope, what, place, names);

  if (value.startsWith('arn:')) {
    const [, , , region, account] = value.split(':');
    faultsOf({ region, account }).forEach((fault) => reportError(scope, fault));
    return;
  }
  const [fault] = referencesIn(scope, [value])
    .filter(({ target }) => CfnResource.isCfnResource(target) && PLACED.test(target.cfnResourceType))
    .flatMap(({ target }) => faultsOf(Stack.of(target)));
  if (fault) {
    throw errorAt(scope, fault);
  }
}

/**
 * Reports a resource that is in another region or account than the stack, according to its `env`.
 *
 * @throws if it is a resource of the app, as `validateEnvironment()` does
 */
export function validateEnvironmentOf(scope: IConstruct, what: string, resource: IResource, names: readonly ('region' | 'account')[]): void {
  for (const fault of environmentFaults(scope, what, resource.env, names)) {
    if (CfnResource.isCfnResource(resource.node.defaultChild)) {
      throw errorAt(scope, fault);
    }
    reportError(scope, fault);
  }
}

function environmentFaults(scope: IConstruct, what: string, place: Partial<ResourceEnvironment>, names: readonly ('region' | 'account')[]): string[] {
  const stack = Stack.of(scope);
  return names
    .filter((name) => place[name] && isKnown(place[name]) && isKnown(stack[name]) && place[name] !== stack[name])
    .map((name) => `${what} must be in the ${name} of the stack, ${stack[name]}, got ${place[name]}: pass one of that ${name}, or use a stack in ${place[name]}`);
}
