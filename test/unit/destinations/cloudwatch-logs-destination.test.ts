import { App, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CloudWatchLogsDestination, SmsVoiceEventStream } from '../../../src';
import { newStack, resourceOf, resourcesOf } from '../../support/synth';

/** What the event destination that an event stream has from its props sends to. */
function sink(stack: Stack): unknown {
  return resourceOf(stack, 'AWS::SMSVOICE::ConfigurationSet').Properties.EventDestinations[0].CloudWatchLogsDestination;
}

function statements(stack: Stack): unknown {
  return resourceOf(stack, 'AWS::IAM::Role').Properties.Policies[0].PolicyDocument.Statement;
}

const actions = ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'];

describe('a CloudWatch Logs destination without a log group', () => {
  it('creates one that outlives its stack, and lets the role write to it', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const events = new SmsVoiceEventStream(stack, 'Events', { destination: new CloudWatchLogsDestination() });

    // THEN
    const logGroup = resourceOf(stack, 'AWS::Logs::LogGroup');
    expect(logGroup).toMatchObject({ Properties: { RetentionInDays: 731 }, DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    expect(sink(stack)).toEqual({
      IamRoleArn: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::IAM::Role').logicalId, 'Arn'] },
      LogGroupArn: {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:111111111111:log-group:', { Ref: logGroup.logicalId }]],
      },
    });
    expect(statements(stack)).toEqual([{ Effect: 'Allow', Action: actions, Resource: { 'Fn::GetAtt': [logGroup.logicalId, 'Arn'] } }]);
    expect(events.logGroup).toBeInstanceOf(logs.LogGroup);
    expect(events).toMatchObject({ deliveryStream: undefined, bucket: undefined, topic: undefined });
  });

  it('is refused to a second event destination', () => {
    // GIVEN
    const destination = new CloudWatchLogsDestination();
    const events = new SmsVoiceEventStream(newStack(), 'Events', { destination });

    // WHEN
    const again = () => events.addEventDestination('Again', { destination });

    // THEN
    expect(again).toThrow(
      'a CloudWatchLogsDestination without a log group creates one for a single event stream, and Stack/Events/DestinationEvents uses this one already: ' +
      'create the log group yourself and pass it to CloudWatchLogsDestination, which can then serve both (at Stack/Events/DestinationAgain)');
  });
});

describe('a CloudWatch Logs destination with a log group', () => {
  it.each<[string, (stack: Stack) => logs.ILogGroup]>([
    ['ARN', (stack) => logs.LogGroup.fromLogGroupArn(stack, 'LogGroup', 'arn:aws:logs:eu-west-1:111111111111:log-group:open:*')],
    ['name', (stack) => logs.LogGroup.fromLogGroupName(stack, 'LogGroup', 'open')],
  ])('names it without a wildcard, imported by its %s, and creates nothing', (_, logGroup) => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination: new CloudWatchLogsDestination(logGroup(stack)) });

    // THEN
    expect(sink(stack)).toMatchObject({
      LogGroupArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:111111111111:log-group:open']] },
    });
    expect(resourcesOf(stack, 'AWS::Logs::LogGroup')).toEqual([]);
  });

  it('serves any number of event streams, in other stacks as well', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    const other = newStack(app, 'Other');
    const destination = new CloudWatchLogsDestination(new logs.LogGroup(stack, 'LogGroup', { logGroupName: 'messages' }));

    // WHEN
    const events = [new SmsVoiceEventStream(stack, 'Events', { destination }), new SmsVoiceEventStream(other, 'Events', { destination })];

    // THEN
    expect(events[0].logGroup).toBe(events[1].logGroup);
    expect(statements(stack)).toMatchObject([{ Action: actions }]);
    expect(statements(other)).toMatchObject([{ Action: actions }]);
  });
});
