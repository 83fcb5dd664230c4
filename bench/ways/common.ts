import { CustomResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { EventStream } from './way';

/** The data stream that `PinpointEventStream` would create. */
export function createDestination(stack: Stack, id: string): kinesis.Stream {
  return new kinesis.Stream(stack, id, { streamMode: kinesis.StreamMode.ON_DEMAND, encryption: kinesis.StreamEncryption.MANAGED });
}

/** The role that `PinpointEventStream` would create. */
export function createRole(stack: Stack, { id, applicationId, destination }: EventStream): iam.Role {
  return new iam.Role(stack, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'mobiletargeting', resource: 'apps', resourceName: applicationId }) },
      },
    }),
    inlinePolicies: {
      EventStream: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ actions: ['kinesis:PutRecords', 'kinesis:DescribeStream'], resources: [destination.streamArn] })],
      }),
    },
  });
}

/** What the caller of Amazon Pinpoint's API must be allowed. */
export function callerStatements(stack: Stack, applicationId: string, role: iam.IRole): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['mobiletargeting:PutEventStream', 'mobiletargeting:DeleteEventStream'],
      resources: [stack.formatArn({ service: 'mobiletargeting', resource: 'apps', resourceName: `${applicationId}/eventstream` })],
    }),
    new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [role.roleArn] }),
  ];
}

/** A custom resource for one event stream, with a function that all event streams of the stack share. */
export function addCustomResource(stack: Stack, eventStream: EventStream, handler: lambda.Function, serviceToken: string): void {
  const { id, applicationId, destination } = eventStream;
  const role = createRole(stack, eventStream);
  callerStatements(stack, applicationId, role).forEach((statement) => handler.addToRolePolicy(statement));
  new CustomResource(stack, id, {
    serviceToken,
    properties: { ApplicationId: applicationId, DestinationStreamArn: destination.streamArn, RoleArn: role.roleArn },
  }).node.addDependency(role, handler);
}
