import { App, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { Construct } from 'constructs';

export const APPLICATION_ID = '0123456789abcdef0123456789abcdef';
export const OTHER_APPLICATION_ID = 'fedcba9876543210fedcba9876543210';

export const ENV = { account: '111111111111', region: 'eu-west-1' };
export const STREAM_ARN = 'arn:aws:kinesis:eu-west-1:111111111111:stream/events';
export const OTHER_STREAM_ARN = 'arn:aws:kinesis:eu-west-1:111111111111:stream/others';
export const DELIVERY_STREAM_ARN = 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/events';
export const OTHER_DELIVERY_STREAM_ARN = 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/others';
export const ROLE_ARN = 'arn:aws:iam::111111111111:role/streams';
export const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000';

export function newStack(scope: Construct = new App(), id: string = 'Stack'): Stack {
  return new Stack(scope, id, { env: ENV });
}

export function importedStream(scope: Construct, arn: string = STREAM_ARN): kinesis.IStream {
  return kinesis.Stream.fromStreamArn(scope, 'ImportedStream', arn);
}

export function importedDeliveryStream(scope: Construct, arn: string = DELIVERY_STREAM_ARN): firehose.IDeliveryStream {
  return firehose.DeliveryStream.fromDeliveryStreamArn(scope, 'ImportedDeliveryStream', arn);
}

export function newRole(scope: Construct): iam.Role {
  return new iam.Role(scope, 'MyRole', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });
}

/** Has a property injector of the app give the constructs of a class what an organisation wants of them. */
export function inject(scope: Construct, constructUniqueId: string, wanted: object): void {
  PropertyInjectors.of(scope).add({ constructUniqueId, inject: (props) => ({ ...props, ...wanted }) });
}

/** The logical IDs of the resources of a type. */
export function logicalIdsOf(stack: Stack, type: string): string[] {
  return Object.keys(Template.fromStack(stack).findResources(type));
}

/** Matches a reference to the ARN of a resource whose logical ID begins so. */
export function arnOf(logicalIdPrefix: string): unknown {
  return { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${logicalIdPrefix}`), 'Arn'] };
}

/** An ARN in the environment of the stacks. */
export function arnInStack(rest: string): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${rest}`]] };
}

/** Matches a policy that allows just this, and nothing else. */
export function allowing(...statements: Record<string, unknown>[]): Match {
  return Match.objectEquals({ Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })) });
}

/** What the statements of a destination are in the template of a stack. */
export function resolved(stack: Stack, statements: iam.PolicyStatement[] = []): unknown {
  return stack.resolve(statements.map((statement) => statement.toJSON()));
}

/** The errors of a stack and its nested stacks, each with the path of the construct that has it. */
export function errorsOf(stack: Stack): [path: string, message: string][] {
  return Annotations.fromStack(stack).findError('*', Match.anyValue()).map(({ id, entry }) => [id, String(entry.data)]);
}

/** The warnings of this library that have an ID, in a stack and its nested stacks, each with the path of the construct that has it. */
export function warningsOf(stack: Stack, id: string): [path: string, message: string][] {
  const suffix = ` [ack: cdk-pinpoint-event-stream:${id}]`;
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .filter(({ entry }) => String(entry.data).endsWith(suffix))
    .map((message) => [message.id, String(message.entry.data).slice(0, -suffix.length)]);
}
