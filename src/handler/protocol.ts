/**
 * What the construct and the handler share: the names in the template, and the times that both derive from the propagation timeout.
 * Both import them from here, so they cannot drift apart.
 */

/** The CloudFormation type of the custom resource. */
export const RESOURCE_TYPE = 'Custom::PinpointEventStream';

/** The environment variable with the handler's propagation timeout, in whole seconds. */
export const PROPAGATION_TIMEOUT_VARIABLE = 'PROPAGATION_TIMEOUT_SECONDS';

/** The properties of the custom resource; CloudFormation delivers each of them as a string. */
export interface EventStreamProperties {
  readonly ApplicationId: string;
  readonly DestinationStreamArn: string;
  readonly RoleArn: string;
  /** `true` or `false`. */
  readonly ReplaceExisting: string;
}

/** The attributes that `Fn::GetAtt` reads from the custom resource. */
export interface EventStreamAttributes {
  readonly ApplicationId: string;
  readonly DestinationStreamArn: string;
  readonly RoleArn: string;
}

/** Application IDs are 32 lower-case hexadecimal digits. */
const APPLICATION_ID = /^[0-9a-f]{32}$/;

export function isApplicationId(value: unknown): value is string {
  return typeof value === 'string' && APPLICATION_ID.test(value);
}

export const APPLICATION_ID_FORM = '32 lower-case hexadecimal digits';

/** How long the function retries failures that may pass: the default and the longest `propagationTimeout`. */
export const DEFAULT_PROPAGATION_TIMEOUT_SECONDS = 120;
export const MAX_PROPAGATION_TIMEOUT_SECONDS = 600;

/** The longest that one call to Amazon Pinpoint may take, from connecting to the last byte. */
export const CALL_TIMEOUT_SECONDS = 10;

/** For the calls under way when the retries end: a look, a Delete, and a Put that restores what it deleted. Later requests also wait for these. */
export const LAST_CALLS_SECONDS = 3 * CALL_TIMEOUT_SECONDS;

/** Time reserved at the end: 30 s for the calls of a look that begins just before, and 55 s for the answer (5 attempts of 8 s, and the waits between them). */
export const ANSWER_SECONDS = 90;

/** How long an invocation may wait in Lambda's queue: if it started later, it could not answer in time. */
export const MAX_EVENT_AGE_SECONDS = 180;

/** The Lambda function's timeout. */
export function functionTimeoutSeconds(propagationTimeoutSeconds: number): number {
  return propagationTimeoutSeconds + LAST_CALLS_SECONDS + ANSWER_SECONDS;
}

/** How long CloudFormation waits for an answer before it fails the resource. */
export function serviceTimeoutSeconds(propagationTimeoutSeconds: number): number {
  return functionTimeoutSeconds(propagationTimeoutSeconds) + MAX_EVENT_AGE_SECONDS;
}
