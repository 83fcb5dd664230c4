import { AwsCustomResource, AwsCustomResourcePolicy, AwsSdkCall, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { callerStatements, createRole } from './common';
import { Way } from './way';

/** Puts and deletes without a look. */
export const way: Way = (stack, eventStreams) => eventStreams.forEach((eventStream) => {
  const { id, applicationId, destination } = eventStream;
  const role = createRole(stack, eventStream);
  const put: AwsSdkCall = {
    service: 'Pinpoint',
    action: 'PutEventStream',
    parameters: { ApplicationId: applicationId, WriteEventStream: { DestinationStreamArn: destination.streamArn, RoleArn: role.roleArn } },
    physicalResourceId: PhysicalResourceId.of(applicationId),
    outputPaths: ['EventStream.ApplicationId'],
  };
  new AwsCustomResource(stack, id, {
    onCreate: put,
    onUpdate: put,
    onDelete: { service: 'Pinpoint', action: 'DeleteEventStream', parameters: { ApplicationId: applicationId }, ignoreErrorCodesMatching: 'NotFound' },
    policy: AwsCustomResourcePolicy.fromStatements(callerStatements(stack, applicationId, role)),
    installLatestAwsSdk: false,
  }).node.addDependency(role);
});
