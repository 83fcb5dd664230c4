import { PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CloudWatchLogsDestination } from '../../../src';
import { importedStream, KEY_ARN, newStack, resolved, STREAM_ARN } from '../../support/synth';

const LOG_GROUP_ARN = 'arn:aws:logs:eu-west-1:111111111111:log-group:messages:*';

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('a CloudWatch Logs destination', () => {
  it('without a log group creates one that keeps the events for two years, and outlives its stack', () => {
    // WHEN
    const { logGroup } = new CloudWatchLogsDestination().bindAsSmsVoiceEventDestination(stack);

    // THEN
    Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 731 },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(logGroup).toBe(stack.node.findChild('LogGroup'));
  });

  it('without a log group takes the key that a property injector of the app gives to it, which its policy opens to CloudWatch Logs, not to the role', () => {
    // GIVEN
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
    PropertyInjectors.of(stack).add({ constructUniqueId: logs.LogGroup.PROPERTY_INJECTION_ID, inject: (props) => ({ ...props, encryptionKey }) });

    // WHEN
    const { policyStatements } = new CloudWatchLogsDestination().bindAsSmsVoiceEventDestination(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: KEY_ARN });
    expect(resolved(stack, policyStatements)).toEqual([expect.objectContaining({ Action: expect.not.arrayContaining([expect.stringMatching(/^kms:/)]) })]);
  });

  it('with a log group lets the role write to that one, and nothing else, as often as it is used, and creates nothing', () => {
    // GIVEN
    const logGroup = logs.LogGroup.fromLogGroupArn(stack, 'LogGroup', LOG_GROUP_ARN);
    const destination = new CloudWatchLogsDestination(logGroup);

    for (let use = 0; use < 2; use++) {
      // WHEN
      const config = destination.bindAsSmsVoiceEventDestination(stack);

      // THEN
      expect(config.logGroup).toBe(logGroup);
      expect(resolved(stack, config.policyStatements)).toEqual([
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], Resource: LOG_GROUP_ARN },
      ]);
    }
    Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  it('cannot have the ARN of something else', () => {
    // GIVEN
    const logGroup = logs.LogGroup.fromLogGroupArn(stack, 'LogGroup', STREAM_ARN);

    // WHEN
    new CloudWatchLogsDestination(logGroup).bindAsSmsVoiceEventDestination(stack);

    // THEN
    Annotations.fromStack(stack).hasError('/Stack', Match.stringLikeRegexp(
      `^destination must be the ARN of a CloudWatch log group \\(arn:…:log-group:NAME\\), got '${STREAM_ARN}(:\\*)?'$`));
  });

  it('cannot have something else in place of a log group, also in languages that do not check it', () => {
    // GIVEN
    const stream = importedStream(stack) as unknown as logs.ILogGroup;

    // WHEN
    const bind = () => new CloudWatchLogsDestination(stream).bindAsSmsVoiceEventDestination(stack);

    // THEN
    expect(bind).toThrow("CloudWatchLogsDestination takes a log group, got 'Stack/ImportedStream' (at Stack)");
  });
});
