import { Fn, ResourceProps, Token } from 'aws-cdk-lib';

/** A kind of resource, by its ARN. */
export interface ArnForm {
  readonly pattern: RegExp;
  readonly description: string;
}

export const STREAM: ArnForm = { pattern: /^arn:[^:]+:kinesis:[^:]+:[^:]+:stream\/[^/:]+$/, description: 'a Kinesis data stream (arn:…:stream/NAME)' };
export const DELIVERY_STREAM: ArnForm = { pattern: /^arn:[^:]+:firehose:[^:]+:[^:]+:deliverystream\/[^/:]+$/, description: 'a Firehose delivery stream (arn:…:deliverystream/NAME)' };
export const LOG_GROUP: ArnForm = { pattern: /^arn:[^:]+:logs:[^:]+:[^:]+:log-group:[^:]+(:\*)?$/, description: 'a CloudWatch log group (arn:…:log-group:NAME)' };
export const TOPIC: ArnForm = { pattern: /^arn:[^:]+:sns:[^:]+:[^:]+:[^:]+$/, description: 'an SNS topic (arn:…:sns:REGION:ACCOUNT:NAME)' };
export const BUCKET: ArnForm = { pattern: /^arn:[^:]+:s3:::[^/:]+$/, description: 'an S3 bucket (arn:…:s3:::NAME)' };
export const DATABASE: ArnForm = { pattern: /^arn:[^:]+:glue:[^:]+:[^:]+:database\/[^/:]+$/, description: 'a Glue database (arn:…:database/NAME)' };
export const EVENT_STREAM: ArnForm = {
  pattern: /^arn:[^:]+:mobiletargeting:[^:]+:[^:]+:apps\/[0-9a-f]{32}\/eventstream$/, description: 'an event stream (arn:…:apps/APPLICATION-ID/eventstream)',
};
export const CONFIGURATION_SET: ArnForm = {
  pattern: /^arn:[^:]+:sms-voice:[^:]+:[^:]+:configuration-set\/[A-Za-z0-9_-]+$/, description: 'a configuration set (arn:…:configuration-set/NAME)',
};

/** The name after the first slash of an ARN. Unlike the CDK's functions, it does not throw on a malformed ARN, which is reported instead. */
export function resourceNameIn(arn: string): string {
  return Token.isUnresolved(arn) ? Fn.select(1, Fn.split('/', arn)) : /^arn:(?:[^:]*:){4}[^/]+\/(.*?)(?:\/eventstream)?$/.exec(arn)?.[1] ?? arn;
}

/** Tells an imported resource where it is. Empty for a malformed ARN, for which the CDK would throw. */
export function importProps(arn: string, { pattern }: ArnForm): ResourceProps {
  return Token.isUnresolved(arn) || pattern.test(arn) ? { environmentFromArn: arn } : {};
}
