import { AwsCustomResource, AwsCustomResourcePolicy, AwsSdkCall, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Subject } from '.';
import { callerStatements, createRole } from './common';

/** Puts and deletes without a look, at once and only once. */
export const subject: Subject = (scope, id, applicationId, destination) => {
  const role = createRole(scope, `${id}Role`, applicationId, destination);
  const put: AwsSdkCall = {
    service: 'Pinpoint',
    action: 'PutEventStream',
    parameters: { ApplicationId: applicationId, WriteEventStream: { DestinationStreamArn: destination.streamArn, RoleArn: role.roleArn } },
    physicalResourceId: PhysicalResourceId.of(applicationId),
    outputPaths: ['EventStream.ApplicationId'],
  };
  const eventStream = new AwsCustomResource(scope, id, {
    onCreate: put,
    onUpdate: put,
    onDelete: { service: 'Pinpoint', action: 'DeleteEventStream', parameters: { ApplicationId: applicationId }, ignoreErrorCodesMatching: 'NotFound' },
    policy: AwsCustomResourcePolicy.fromStatements(callerStatements(scope, applicationId, role)),
    installLatestAwsSdk: false,
  });
  eventStream.node.addDependency(role);
};
