import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { addCustomResource } from './common';
import { Way } from './way';

/** The framework's function in front of a small one, which takes the SDK of Lambda's runtime. */
export const way: Way = (stack, eventStreams) => {
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.determineLatestNodeRuntime(stack),
    handler: 'index.handler',
    code: lambda.Code.fromAsset('bench/handlers/provider-framework'),
  });
  const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler: handler });
  eventStreams.forEach((eventStream) => addCustomResource(stack, eventStream, handler, serviceToken));
};
