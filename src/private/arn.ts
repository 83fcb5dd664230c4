import { Fn, ResourceProps, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isKnown } from './tokens';
import { errorAt, reportError } from './validation';

/** A kind of resource, by its ARN. */
export interface ArnForm {
  readonly pattern: RegExp;
  readonly description: string;
}

export const STREAM: ArnForm = { pattern: /^arn:[^:]+:kinesis:[^:]+:[^:]+:stream\/[^/:]+$/, description: 'a Kinesis data stream' };
export const DELIVERY_STREAM: ArnForm = { pattern: /^arn:[^:]+:firehose:[^:]+:[^:]+:deliverystream\/[^/:]+$/, description: 'a Firehose delivery stream' };
export const LOG_GROUP: ArnForm = { pattern: /^arn:[^:]+:logs:[^:]+:[^:]+:log-group:[^:]+(:\*)?$/, description: 'a CloudWatch log group' };
export const TOPIC: ArnForm = { pattern: /^arn:[^:]+:sns:[^:]+:[^:]+:[^:]+$/, description: 'an SNS topic' };
export const EVENT_STREAM: ArnForm = {
  pattern: /^arn:[^:]+:mobiletargeting:[^:]+:[^:]+:apps\/[0-9a-f]{32}\/eventstream$/, description: 'an event stream, arn:…:apps/APPLICATION-ID/eventstream',
};
export const CONFIGURATION_SET: ArnForm = {
  pattern: /^arn:[^:]+:sms-voice:[^:]+:[^:]+:configuration-set\/[A-Za-z0-9_-]+$/, description: 'a configuration set, arn:…:configuration-set/NAME',
};

/**
 * Reports an ARN that is known, and of none of the kinds that are expected.
 *
 * @throws if there is none, since something else was passed in: only TypeScript looks before
 */
export function validateArn(scope: IConstruct, what: string, arn: string | undefined, forms: ArnForm[], advice: string): void {
  const expected = forms.map(({ description }) => description).join(' or ');
  if (arn === undefined) {
    throw errorAt(scope, `${what} must be ${expected}, got something else: ${advice}`);
  }
  if (isKnown(arn) && !forms.some(({ pattern }) => pattern.test(arn))) {
    reportError(scope, `${what} must be ${expected}, got '${arn}': ${advice}`);
  }
}

/** The second of the parts of an ARN between slashes; whatever can be had of an ARN that is malformed. */
export function secondPartOf(arn: string): string {
  return Token.isUnresolved(arn) ? Fn.select(1, Fn.split('/', arn)) : arn.split('/')[1] ?? arn;
}

/** What tells a resource where it is; nothing of an ARN that is malformed, for which the CDK would throw. */
export function environmentOf(arn: string, { pattern }: ArnForm): ResourceProps {
  return Token.isUnresolved(arn) || pattern.test(arn) ? { environmentFromArn: arn } : {};
}
