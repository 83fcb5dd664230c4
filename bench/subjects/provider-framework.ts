import { CustomResource } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Subject } from '.';
import { callerStatements, createRole, shared } from './common';

/** The framework's function before a small one, both for all event streams of the stack. */
export const subject: Subject = (scope, id, applicationId, destination) => {
  const role = createRole(scope, `${id}Role`, applicationId, destination);
  const handler = shared(scope, 'Handler', (stack) => new lambda.Function(stack, 'Handler', {
    runtime: lambda.determineLatestNodeRuntime(stack),
    handler: 'index.handler',
    code: lambda.Code.fromAsset('bench/handlers/provider'),
  }));
  const provider = shared(scope, 'Provider', (stack) => new Provider(stack, 'Provider', { onEventHandler: handler }));
  callerStatements(scope, applicationId, role).forEach((statement) => handler.addToRolePolicy(statement));
  const eventStream = new CustomResource(scope, id, {
    serviceToken: provider.serviceToken,
    properties: { ApplicationId: applicationId, DestinationStreamArn: destination.streamArn, RoleArn: role.roleArn },
  });
  eventStream.node.addDependency(role, handler);
};
