import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnApp } from 'aws-cdk-lib/aws-pinpoint';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { PinpointEventStream } from '../../src';

/** Creates an app whose snapshot tells nothing of the machine that made it: stack traces have paths. Nothing is compared with the tree. */
export function createApp(): App {
  return new App({
    stackTraces: false,
    context: { [DISABLE_CREATION_STACK_TRACES]: true },
    treeMetadata: false,
  });
}

/**
 * Creates an Amazon Pinpoint application, so that a case needs nothing that exists beforehand.
 *
 * Amazon Pinpoint reached end of support on 2026-10-30: whether AWS still creates
 * applications, and answers calls about their event streams, is not known.
 *
 * @returns the application's ID
 */
export function createApplication(stack: Stack): string {
  return new CfnApp(stack, 'Application', { name: stack.stackName }).ref;
}

/** Tests, after the deployment of its stack, that Amazon Pinpoint reports the event stream as the construct set it. */
export function testEventStream(app: App, id: string, events: PinpointEventStream): void {
  const test = new IntegTest(app, id, {
    testCases: [Stack.of(events)],
    // Snapshots come without their assets, and so cannot be deployed.
    stackUpdateWorkflow: false,
  });
  const call = test.assertions.awsApiCall('pinpoint', 'GetEventStream', { ApplicationId: events.applicationId });
  call.expect(ExpectedResult.objectLike({
    EventStream: {
      ApplicationId: events.applicationId,
      DestinationStreamArn: events.destinationArn,
      RoleArn: events.role.roleArn,
    },
  }));

  const resources = Stack.of(call).node.findAll().filter((child): child is CfnResource => CfnResource.isCfnResource(child));
  const role = resources.find(({ cfnResourceType }) => cfnResourceType === 'AWS::IAM::Role')!;
  // It would be allowed the call for each application, and to create a log group, which would stay behind.
  role.addPropertyOverride('Policies.0.PolicyDocument.Statement.0.Resource', [events.eventStreamArn]);
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  // The time of synthesis, which would make another snapshot each time.
  const assertion = resources.find(({ cfnResourceType }) => cfnResourceType.startsWith('Custom::'))!;
  assertion.addPropertyDeletionOverride('salt');
}
