import { Annotations } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';

/** An error that tells which construct it is about. */
export function errorAt(scope: IConstruct, message: string): Error {
  return new Error(`${message} (at ${scope.node.path})`);
}

/**
 * Reports what is wrong with a value, so that the CDK CLI deploys nothing.
 *
 * The error is not thrown, because the value may stand in for one that has yet to be looked up. The CLI looks values up only after a
 * synthesis that has run to its end.
 */
export function reportError(scope: IConstruct, message: string): void {
  Annotations.of(scope).addError(message);
}

/** The IDs by which users acknowledge warnings. Never change an ID, or give it a second meaning. */
export type WarningId =
  'bucket-policy' | 'encryption-key' | 'end-of-support' | 'role-permissions' | 'role-trust' | 'role-trust-unknown' | 'second-configuration-set' |
  'second-event-stream' | 'shared-prefix' | 'topic-key-policy' | 'topic-key-shared' | 'topic-policy' | 'weak-reference';

/** Warns of what synthesis cannot know or change, unless the warning is acknowledged at the construct or above it. */
export function warn(scope: Construct, id: WarningId, message: string): void {
  const qualifiedId = `cdk-pinpoint-event-stream:${id}`;
  // If the acknowledgement comes before the warning, aws-cdk-lib applies it only to constructs below. So a construct below asks first.
  const below = new Construct(scope, qualifiedId);
  Annotations.of(below).addWarningV2(qualifiedId, message);
  const isAcknowledged = below.node.metadata.length === 0;
  scope.node.tryRemoveChild(qualifiedId);
  if (!isAcknowledged) {
    Annotations.of(scope).addWarningV2(qualifiedId, message);
  }
}

/** Describes a value that was passed in instead of what was expected: not every language checks types. */
export function described(value: unknown): string {
  return Construct.isConstruct(value) ? `'${value.node.path}'` : `a value of type ${value?.constructor.name ?? typeof value}`;
}
