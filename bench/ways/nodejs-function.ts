import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { addCustomResource } from './common';
import { Way } from './way';

/** A function as samples have it, bundled with the SDK at each synthesis. */
export const way: Way = (stack, eventStreams) => {
  const handler = new NodejsFunction(stack, 'Handler', {
    runtime: lambda.determineLatestNodeRuntime(stack),
    entry: 'bench/handlers/nodejs-function.js',
    depsLockFilePath: 'package-lock.json',
    bundling: { bundleAwsSDK: true, minify: true, logLevel: LogLevel.SILENT },
  });
  eventStreams.forEach((eventStream) => addCustomResource(stack, eventStream, handler, handler.functionArn));
};
