import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CloudWatchLogsDestination } from '../../../src';
import { newStack, resolved } from '../../support/synth';

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
});
