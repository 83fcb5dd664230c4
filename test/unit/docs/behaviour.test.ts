import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PinpointEventStream } from '../../../src';
import { Guide } from '../../support/guide';
import { APPLICATION_ID, newStack } from '../../support/synth';

// The samples of docs/behaviour.md and docs/provider.md, run as they are there.

test('an alarm goes off in six hours without a record, even where the metric has no data', () => {
  // GIVEN
  const stack = newStack();
  const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

  // WHEN
  new Guide('behaviour.md').runSample('Watch it', { stack, eventStream });

  // THEN
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Kinesis',
    MetricName: 'IncomingRecords',
    Dimensions: [{ Name: 'StreamName', Value: stack.resolve(eventStream.stream!.streamName) }],
    Statistic: 'Sum',
    Period: 6 * 60 * 60,
    EvaluationPeriods: 1,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'breaching',
  });
});

test('an injector gives the provider of each stack a VPC, a key and a timeout', () => {
  // GIVEN
  const app = new App();
  new Guide('provider.md').runSample('For a whole app', { app });

  // WHEN
  const templates = ['One', 'Other'].map((id) => {
    const stack = newStack(app, id);
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
    return stack;
  }).map((stack) => Template.fromStack(stack));

  // THEN
  templates.forEach((template) => template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: Match.anyValue() },
    KmsKeyArn: Match.anyValue(),
    Timeout: 7 * 60,
  }));
});
