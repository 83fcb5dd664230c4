import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { PinpointEventStream, PinpointEventStreamProps } from '../../src';

export const APPLICATION_ID = '0123456789abcdef0123456789abcdef';
export const OTHER_APPLICATION_ID = 'fedcba9876543210fedcba9876543210';

export const ENV = { account: '111111111111', region: 'eu-west-1' };
export const STREAM_ARN = 'arn:aws:kinesis:eu-west-1:111111111111:stream/events';
export const OTHER_STREAM_ARN = 'arn:aws:kinesis:eu-west-1:111111111111:stream/others';
export const DELIVERY_STREAM_ARN = 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/events';
export const ROLE_ARN = 'arn:aws:iam::111111111111:role/streams';

export function newStack(scope: Construct = new App(), id: string = 'Stack'): Stack {
  return new Stack(scope, id, { env: ENV });
}

export function importedStream(scope: Construct, arn: string = STREAM_ARN): kinesis.IStream {
  return kinesis.Stream.fromStreamArn(scope, 'ImportedStream', arn);
}

/** As many event streams as there is a count, each of an application of its own. */
export function addEventStreams(stack: Stack, count: number, props: Omit<PinpointEventStreamProps, 'applicationId'>): void {
  for (let i = 0; i < count; i++) {
    new PinpointEventStream(stack, `Events${stack.node.children.length}`, {
      applicationId: stack.node.children.length.toString(16).padStart(32, '0'),
      ...props,
    });
  }
}

/** A resource of a synthesised template. */
export interface TemplateResource {
  readonly logicalId: string;
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The resources of a type whose logical ID begins so. */
export function resourcesOf(stack: Stack, type: string, idPrefix: string = ''): TemplateResource[] {
  return Object.entries(Template.fromStack(stack).findResources(type))
    .filter(([logicalId]) => logicalId.startsWith(idPrefix))
    .map(([logicalId, resource]) => ({ logicalId, ...resource } as TemplateResource));
}

/** The one resource of a type whose logical ID begins so; fails unless there is exactly one. */
export function resourceOf(stack: Stack, type: string, idPrefix: string = ''): TemplateResource {
  const found = resourcesOf(stack, type, idPrefix);
  expect(found).toHaveLength(1);
  return found[0];
}

/** The role of the event stream `Events` that was created for it. */
export function createdRole(stack: Stack): TemplateResource {
  return resourceOf(stack, 'AWS::IAM::Role', 'EventsRole');
}

/** What the created role of the event stream `Events` may do. */
export function createdRoleStatements(stack: Stack): unknown[] {
  const policies: { PolicyDocument: { Statement: unknown[] } }[] = createdRole(stack).Properties.Policies;
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

export function customResource(stack: Stack): TemplateResource {
  return resourceOf(stack, 'Custom::PinpointEventStream');
}
