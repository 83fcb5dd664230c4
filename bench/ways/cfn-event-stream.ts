import { CfnEventStream } from 'aws-cdk-lib/aws-pinpoint';
import { createRole } from './common';
import { Way } from './way';

/** The resource of CloudFormation itself. */
export const way: Way = (stack, eventStreams) => eventStreams.forEach((eventStream) => {
  const { id, applicationId, destination } = eventStream;
  const role = createRole(stack, eventStream);
  new CfnEventStream(stack, id, { applicationId, destinationStreamArn: destination.streamArn, roleArn: role.roleArn }).node.addDependency(role);
});
