import { App, NestedStack, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import { FirehoseDestination, KinesisStreamDestination, PinpointEventStream } from '../src';
import { APPLICATION_ID, DELIVERY_STREAM_ARN, ENV, importedStream, OTHER_APPLICATION_ID } from './synth';

/**
 * The template, without what changes with every build of the handler (the hash
 * of its asset) and with the years (the newest Node runtime that the CDK knows).
 */
function template(stack: Stack): unknown {
  return JSON.parse(JSON.stringify(Template.fromStack(stack).toJSON())
    .replace(/[0-9a-f]{64}(?=\.(zip|json))/g, 'ASSET_HASH')
    .replace(/"nodejs\d+\.x"/g, '"NODE_RUNTIME"'));
}

const IN_IRELAND = { env: ENV };

function synthesize(build: (stack: Stack) => Stack | void, props: StackProps): unknown {
  const stack = new Stack(new App(), 'Stack', props);
  return template(build(stack) ?? stack);
}

/** An event stream to each kind of destination, all of which are created for it. */
function addOneOfEach(stack: Stack): void {
  new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
  new PinpointEventStream(stack, 'OtherEvents', { applicationId: OTHER_APPLICATION_ID, destination: new FirehoseDestination() });
}

describe('the template', () => {
  it.each<[string, (stack: Stack) => Stack | void, StackProps]>([
    ['with a Kinesis stream that is created', (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
    }, IN_IRELAND],
    ['with a Kinesis stream that is passed in', (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(importedStream(stack)) });
    }, IN_IRELAND],
    ['with a Kinesis stream that a customer key encrypts', (stack) => {
      const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey: new kms.Key(stack, 'Key') });
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(stream) });
    }, IN_IRELAND],
    ['with a delivery stream that is created', (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });
    }, IN_IRELAND],
    ['with a delivery stream that is passed in', (stack) => {
      const deliveryStream = firehose.DeliveryStream.fromDeliveryStreamArn(stack, 'DeliveryStream', DELIVERY_STREAM_ARN);
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination(deliveryStream) });
    }, IN_IRELAND],
    ['with a role that is passed in', (stack) => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, role });
    }, IN_IRELAND],
    ['with two event streams', addOneOfEach, IN_IRELAND],
    ['of a stack without an environment', (stack) => {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
    }, {}],
    ['in China', addOneOfEach, { env: { ...ENV, region: 'cn-north-1' } }],
    ['in GovCloud', addOneOfEach, { env: { ...ENV, region: 'us-gov-west-1' } }],
    ['of a nested stack', (stack) => {
      const nested = new NestedStack(stack, 'Nested');
      new PinpointEventStream(nested, 'Events', {
        applicationId: APPLICATION_ID,
        destination: new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream')),
      });
      return nested;
    }, IN_IRELAND],
  ])('%s is as it was', (_, build, props) => {
    // WHEN
    const synthesized = synthesize(build, props);

    // THEN
    expect(synthesized).toMatchSnapshot();
  });
});
