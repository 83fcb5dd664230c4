import { statSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CloudWatchLogsDestination, FirehoseDestination, ISmsVoiceEventDestination, PinpointEventStream, SmsVoiceConfigurationSet, SnsTopicDestination,
} from '../../src';
import type { Setting } from '../../src/handler/event-stream';
import { NEVER_CREATED } from '../../src/handler/physical-id';
import type { CustomResourceRequest } from '../../src/handler/request';
import { HandlerUnderTest } from '../support/handler/handler-under-test';
import { APP, createRequest, deleteRequest, OLD, OTHER_APP, OURS, updateRequest } from '../support/handler/requests';
import { newStack } from '../support/synth';

/** What users feel, in exact numbers. Times and sizes that only compare are in docs/benchmarks.md. */

const BUNDLE = join(__dirname, '..', '..', 'assets', 'handler', 'index', 'index.js');
const BUNDLE_BUDGET = 260_000;

/** The types of a stack's resources, sorted. */
function resourceTypes(stack: Stack): string[] {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
  return Object.values(Resources).map(({ Type }) => Type).sort();
}

test('the bundle of the function keeps its budget', () => {
  // WHEN
  const { size } = statSync(BUNDLE);

  // THEN
  if (size > BUNDLE_BUDGET) {
    throw new Error(`${BUNDLE} has ${size} bytes, expected at most ${BUNDLE_BUDGET}: `
      + 'look in .cache/handler-bundle.json, which lists what is inside, for what is new, and for credential providers, which the alias in .projenrc.ts leaves out');
  }
});

test('the first event stream of a stack adds a destination, a role and six other resources', () => {
  // GIVEN
  const stack = newStack();

  // WHEN
  new PinpointEventStream(stack, 'Events', { applicationId: APP });

  // THEN
  expect(resourceTypes(stack)).toEqual([
    'AWS::IAM::Policy',
    'AWS::IAM::Role', // of Amazon Pinpoint
    'AWS::IAM::Role', // of the function
    'AWS::Kinesis::Stream',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::Function',
    'AWS::Logs::LogGroup',
    'Custom::PinpointEventStream',
  ]);
});

test('each further event stream of a stack adds a destination, a role and two other resources', () => {
  // WHEN
  const [one, two] = [[APP], [APP, OTHER_APP]].map((applicationIds) => {
    const stack = newStack();
    applicationIds.forEach((applicationId) => new PinpointEventStream(stack, applicationId, { applicationId }));
    return resourceTypes(stack);
  });

  // THEN
  expect(two).toEqual([...one, 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Kinesis::Stream', 'Custom::PinpointEventStream'].sort());
});

test.each<[string, ISmsVoiceEventDestination]>([
  ['Firehose', new FirehoseDestination()],
  ['CloudWatch Logs', new CloudWatchLogsDestination()],
  ['SNS', new SnsTopicDestination()],
])('a configuration set of AWS End User Messaging that sends events to %s adds no function', (_, destination) => {
  // GIVEN
  const stack = newStack();

  // WHEN
  new SmsVoiceConfigurationSet(stack, 'Messages').addEventDestination('Events', { destination });

  // THEN
  expect(resourceTypes(stack)).toContain('AWS::SMSVOICE::ConfigurationSet');
  expect(resourceTypes(stack)).not.toContain('AWS::Lambda::Function');
});

test('an app that does not change has the same template again, so that CloudFormation does not call the function', () => {
  // GIVEN
  const synthesize = () => {
    const stack = newStack(new App());
    new PinpointEventStream(stack, 'Events', { applicationId: APP });
    return Template.fromStack(stack).toJSON();
  };

  // THEN
  expect(synthesize()).toEqual(synthesize());
});

describe('of the calls that a person waits for,', () => {
  const handler = new HandlerUnderTest();

  it.each<[string, CustomResourceRequest, Setting | undefined, string[]]>([
    ['a create calls Amazon Pinpoint twice, to look and to put', createRequest(), undefined, ['Get', 'Put']],
    ['an update calls Amazon Pinpoint twice, to look and to put', updateRequest(OLD), OLD, ['Get', 'Put']],
    ['a delete calls Amazon Pinpoint twice, to look and to delete', deleteRequest(), OURS, ['Get', 'Delete']],
    ['the delete of what was never created does not call Amazon Pinpoint', deleteRequest(NEVER_CREATED), OURS, []],
  ])('%s', async (_, request, found, expected) => {
    // GIVEN
    if (found) {
      handler.give(found);
    }

    // WHEN
    await handler.answerTo(request);

    // THEN
    expect(handler.pinpoint.calls).toEqual(expected.map((operation) => `${operation} ${APP}`));
  });
});
