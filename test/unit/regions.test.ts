import { App, region_info, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import {
  CloudWatchLogsDestination, EventLake, FirehoseDestination, IEventStreamDestination, ISmsVoiceEventDestination, KinesisStreamDestination,
  PinpointEventStream, SmsVoiceConfigurationSet, SnsTopicDestination,
} from '../../src';
import { APPLICATION_ID, OTHER_APPLICATION_ID } from '../support/synth';

const { Fact, FactName: { FIREHOSE_CIDR_BLOCK }, RegionInfo } = region_info;

const REGIONS = RegionInfo.regions.map(({ name }) => name).sort();
const WITHOUT_ADDRESSES = REGIONS.filter((region) => !Fact.find(region, FIREHOSE_CIDR_BLOCK));

const newStack = (region: string) => new Stack(new App(), 'Stack', { env: { account: '111111111111', region } });

const addPinpointEvents = (stack: Stack, applicationId: string, destination: IEventStreamDestination) =>
  new PinpointEventStream(stack, `Events${applicationId}`, { applicationId, destination });

const addMessages = (stack: Stack, id: string, destination: ISmsVoiceEventDestination) =>
  new SmsVoiceConfigurationSet(stack, `Messages${id}`).addEventDestination('Lake', { destination });

const lakeOf = (stack: Stack) => stack.node.tryFindChild('Lake') as EventLake | undefined ?? new EventLake(stack, 'Lake');

/** All that creates a delivery stream. */
const CREATORS: [string, string, (stack: Stack) => void][] = [
  ['a destination of Pinpoint', `Events${APPLICATION_ID}`, (stack) => addPinpointEvents(stack, APPLICATION_ID, new FirehoseDestination())],
  ['a destination of End User Messaging', 'MessagesNew/Lake', (stack) => addMessages(stack, 'New', new FirehoseDestination())],
  ['the events of Pinpoint in a lake', 'Lake', (stack) => lakeOf(stack).pinpointEvents],
  ['the events of End User Messaging in a lake', 'Lake', (stack) => addMessages(stack, 'Lake', lakeOf(stack))],
  ['the events of SES in a lake', 'Lake', (stack) => lakeOf(stack).emailEvents],
];

const countDeliveryStreams = (stack: Stack) => Object.keys(Template.fromStack(stack).findResources('AWS::KinesisFirehose::DeliveryStream')).length;

describe('every region that the CDK knows', () => {
  it.each(REGIONS)('can have events sent to what is passed in, to all that is created but a delivery stream, and a lake that has no events yet: %s', (region) => {
    // GIVEN
    const stack = newStack(region);
    const arn = `arn:${RegionInfo.get(region).partition}:firehose:${region}:111111111111:deliverystream/events`;
    const [created, imported] = [
      new firehose.CfnDeliveryStream(stack, 'DeliveryStream'), firehose.CfnDeliveryStream.fromDeliveryStreamArn(stack, 'Imported', arn),
    ].map((deliveryStream) => new FirehoseDestination(deliveryStream));

    // WHEN
    addPinpointEvents(stack, APPLICATION_ID, new KinesisStreamDestination());
    addPinpointEvents(stack, OTHER_APPLICATION_ID, created);
    addPinpointEvents(stack, '0'.repeat(32), imported);
    addMessages(stack, 'Created', created);
    addMessages(stack, 'Imported', imported);
    addMessages(stack, 'Log', new CloudWatchLogsDestination());
    addMessages(stack, 'Topic', new SnsTopicDestination());
    new EventLake(stack, 'Lake');

    // THEN
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
  });
});

describe('a delivery stream that is created', () => {
  it.each(REGIONS.filter((region) => !WITHOUT_ADDRESSES.includes(region)))('can be in %s', (region) => {
    // GIVEN
    const stack = newStack(region);

    // WHEN
    CREATORS.forEach(([, , add]) => add(stack));

    // THEN
    expect(countDeliveryStreams(stack)).toBe(CREATORS.length);
  });

  it('can be in a stack that is told no region', () => {
    // GIVEN
    const stack = new Stack(new App(), 'Stack');

    // WHEN
    CREATORS.forEach(([, , add]) => add(stack));

    // THEN
    expect(countDeliveryStreams(stack)).toBe(CREATORS.length);
  });

  describe.each(WITHOUT_ADDRESSES)('in %s, of which the CDK does not know the addresses of Firehose,', (region) => {
    afterEach(() => {
      Fact.unregister(region, FIREHOSE_CIDR_BLOCK);
    });

    it.each(CREATORS)('is refused for %s by an error that names the region and the way on', (_, path, add) => {
      // GIVEN
      const stack = newStack(region);

      // WHEN
      const addIt = () => add(stack);

      // THEN
      expect(addIt).toThrow(
        `no delivery stream can be created in ${region}, where aws-cdk-lib does not know the addresses of Firehose: ` +
        `before the first stack, call region_info.Fact.register({ region: '${region}', name: region_info.FactName.FIREHOSE_CIDR_BLOCK, value: 'CIDR BLOCK' }) ` +
        `with the block from https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs-vpc (at Stack/${path})`);
    });

    it('is refused by the same error when a lake is asked for it again', () => {
      // GIVEN
      const lake = lakeOf(newStack(region));
      const ask = () => lake.emailEvents;
      expect(ask).toThrow('no delivery stream can be created');

      // WHEN
      const askAgain = () => lake.emailEvents;

      // THEN
      expect(askAgain).toThrow(`no delivery stream can be created in ${region}`);
    });

    it('can be for all of them once the app registers these', () => {
      // GIVEN
      Fact.register({ region, name: FIREHOSE_CIDR_BLOCK, value: '192.0.2.0/27' });
      const stack = newStack(region);

      // WHEN
      CREATORS.forEach(([, , add]) => add(stack));

      // THEN
      expect(countDeliveryStreams(stack)).toBe(CREATORS.length);
    });
  });
});
