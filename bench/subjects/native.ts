import { CfnEventStream } from 'aws-cdk-lib/aws-pinpoint';
import { Subject } from '.';
import { createRole } from './common';

/** The resource of CloudFormation itself: nothing can be lighter. */
export const subject: Subject = (scope, id, applicationId, destination) => {
  const role = createRole(scope, `${id}Role`, applicationId, destination);
  const eventStream = new CfnEventStream(scope, id, { applicationId, destinationStreamArn: destination.streamArn, roleArn: role.roleArn });
  eventStream.node.addDependency(role);
};
