import { CustomResource } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Subject } from '.';
import { callerStatements, createRole, shared } from './common';

/** One function for all event streams of the stack, with the whole client in it. */
export const subject: Subject = (scope, id, applicationId, destination) => {
  const role = createRole(scope, `${id}Role`, applicationId, destination);
  const handler = shared(scope, 'Handler', (stack) => new NodejsFunction(stack, 'Handler', {
    runtime: lambda.determineLatestNodeRuntime(stack),
    entry: 'bench/handlers/naive.ts',
    depsLockFilePath: 'package-lock.json',
    bundling: { bundleAwsSDK: true, minify: true, logLevel: LogLevel.SILENT },
  }));
  callerStatements(scope, applicationId, role).forEach((statement) => handler.addToRolePolicy(statement));
  const eventStream = new CustomResource(scope, id, {
    serviceToken: handler.functionArn,
    properties: { ApplicationId: applicationId, DestinationStreamArn: destination.streamArn, RoleArn: role.roleArn },
  });
  eventStream.node.addDependency(role, handler);
};
