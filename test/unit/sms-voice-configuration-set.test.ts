import { App, Aws, CfnOutput, CfnParameter, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  CloudWatchLogsDestination, FirehoseDestination, ISmsVoiceEventDestination, KinesisStreamDestination, PinpointEventStream,
  SmsVoiceEventDestinationConfig, SmsVoiceEventDestinationProps, SmsVoiceEventStream, SmsVoiceEventStreamProps, SmsVoiceEventType,
  SnsTopicDestination,
} from '../../src';
import {
  allowing, APPLICATION_ID, arnInStack, arnOf, DELIVERY_STREAM_ARN, ENV, importedDeliveryStream, logicalIdsOf, newRole, newStack,
  OTHER_DELIVERY_STREAM_ARN, ROLE_ARN,
} from '../support/synth';

const TYPE = 'AWS::SMSVOICE::ConfigurationSet';

/** A destination as a user may write one. */
class CustomDestination implements ISmsVoiceEventDestination {
  constructor(private readonly config: SmsVoiceEventDestinationConfig) {}

  public bindAsSmsVoiceEventDestination(): SmsVoiceEventDestinationConfig {
    return this.config;
  }
}

function toDeliveryStream(stack: Stack, arn?: string): FirehoseDestination {
  return new FirehoseDestination(importedDeliveryStream(stack, arn));
}

/** Adds the event stream `Events`, to the imported delivery stream unless told otherwise. */
function addEvents(stack: Stack, props: SmsVoiceEventStreamProps = {}): SmsVoiceEventStream {
  return new SmsVoiceEventStream(stack, 'Events', { ...props, destination: props.destination ?? toDeliveryStream(stack) });
}

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('an event stream of End User Messaging', () => {
  it('sends all events to a new delivery stream, as a new role, where it is given no properties', () => {
    // WHEN
    const events = new SmsVoiceEventStream(stack, 'Events');

    // THEN
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: {
        EventDestinations: [{
          EventDestinationName: 'Events',
          Enabled: true,
          MatchingEventTypes: ['ALL'],
          KinesisFirehoseDestination: { DeliveryStreamArn: arnOf('EventsDestinationEventsDeliveryStream'), IamRoleArn: arnOf('EventsDestinationEventsRole') },
        }],
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('DeliveryStream[0-9A-F]{8}$'), Match.stringLikeRegexp('^EventsDestinationEventsRole')]),
    });
    expect(events.deliveryStream).toBeInstanceOf(firehose.DeliveryStream);
    expect(events.bucket).toBeInstanceOf(s3.Bucket);
    expect(events.role).toBeInstanceOf(iam.Role);
    expect(events).toMatchObject({ logGroup: undefined, topic: undefined });
  });

  it.each<[string, (scope: Stack) => logs.ILogGroup]>([
    ['ARN', (scope) => logs.LogGroup.fromLogGroupArn(scope, 'LogGroup', 'arn:aws:logs:eu-west-1:111111111111:log-group:open:*')],
    ['name', (scope) => logs.LogGroup.fromLogGroupName(scope, 'LogGroup', 'open')],
  ])('names a log group without a wildcard that is imported by its %s', (_, logGroupIn) => {
    // GIVEN
    const logGroup = logGroupIn(stack);

    // WHEN
    const events = addEvents(stack, { destination: new CloudWatchLogsDestination(logGroup) });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      EventDestinations: [{
        CloudWatchLogsDestination: {
          LogGroupArn: arnInStack('logs:eu-west-1:111111111111:log-group:open'), IamRoleArn: arnOf('EventsDestinationEventsRole'),
        },
      }],
    });
    expect(events).toMatchObject({ logGroup, deliveryStream: undefined, bucket: undefined, topic: undefined });
  });

  it('needs no role to publish to a topic', () => {
    // WHEN
    const events = addEvents(stack, { destination: new SnsTopicDestination() });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      EventDestinations: [{ SnsDestination: { TopicArn: { Ref: Match.stringLikeRegexp('^EventsDestinationEventsTopic') } } }],
    });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
    expect(events).toMatchObject({ role: undefined, deliveryStream: undefined, bucket: undefined, logGroup: undefined });
  });

  it('has its name and its ARN as attributes, which wait for the configuration set', () => {
    // WHEN
    const { configurationSetName, configurationSetArn } = addEvents(stack);

    // THEN
    const [logicalId] = logicalIdsOf(stack, TYPE);
    expect(stack.resolve([configurationSetName, configurationSetArn])).toEqual([{ Ref: logicalId }, { 'Fn::GetAtt': [logicalId, 'Arn'] }]);
  });

  it('can be referred to from another region, by its name', () => {
    // GIVEN
    const app = new App();
    const events = addEvents(newStack(app));
    const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });

    // WHEN
    new CfnOutput(other, 'Arn', { value: events.configurationSetArn });

    // THEN
    Template.fromStack(other).hasOutput('Arn', {
      Value: arnInStack('sms-voice:eu-west-1:111111111111:configuration-set/Stack-Events-0B6038A5'),
    });
  });

  it('is tagged with its stack', () => {
    // GIVEN
    addEvents(stack);

    // WHEN
    Tags.of(stack).add('team', 'messages');

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { Tags: [{ Key: 'team', Value: 'messages' }] });
  });

  it('has no function behind it, and no warning: End User Messaging goes on', () => {
    // WHEN
    addEvents(stack);

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  it('shares a delivery stream with an event stream of Pinpoint, each with a role of its own', () => {
    // GIVEN
    const destination = toDeliveryStream(stack);
    const pinpointEvents = new PinpointEventStream(stack, 'PinpointEvents', { applicationId: APPLICATION_ID, destination });

    // WHEN
    const events = addEvents(stack, { destination });

    // THEN
    expect(events.deliveryStream).toBe(pinpointEvents.deliveryStream);
    expect(events.role).not.toBe(pinpointEvents.role);
  });

  it('takes the delivery stream that was created for an event stream of Pinpoint', () => {
    // GIVEN
    const { deliveryStream } = new PinpointEventStream(stack, 'PinpointEvents', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // WHEN
    const events = addEvents(stack, { destination: new FirehoseDestination(deliveryStream) });

    // THEN
    expect(events.deliveryStream).toBe(deliveryStream);
    Template.fromStack(stack).resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 1);
  });
});

describe('the name of a configuration set', () => {
  it.each(['a', 'My_messages-1', 'x'.repeat(64)])('can be %j', (configurationSetName) => {
    // WHEN
    addEvents(stack, { configurationSetName });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { ConfigurationSetName: configurationSetName });
  });

  it.each(['', 'my messages', 'a.b', 'x'.repeat(65), 'messages\n'])('cannot be %j', (configurationSetName) => {
    // WHEN
    const add = () => addEvents(stack, { configurationSetName });

    // THEN
    expect(add).toThrow(
      `configurationSetName must be 1 to 64 letters, digits, hyphens and underscores, got '${configurationSetName}': choose such a name (at Stack/Events)`);
  });

  it('can be one that only a deployment knows, which the role then trusts', () => {
    // WHEN
    addEvents(stack, { configurationSetName: new CfnParameter(stack, 'Name').valueAsString });

    // THEN
    const sourceArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sms-voice:eu-west-1:111111111111:configuration-set/', { Ref: 'Name' }]] };
    Template.fromStack(stack).hasResourceProperties(TYPE, { ConfigurationSetName: { Ref: 'Name' } });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Condition: { ArnLike: { 'aws:SourceArn': sourceArn } } }] },
    });
  });
});

describe('the role of an event destination', () => {
  it('trusts End User Messaging for its configuration set, and may do what the destination asks', () => {
    // GIVEN
    const stackOfAnyEnvironment = new Stack(undefined, 'Stack');

    // WHEN
    addEvents(stackOfAnyEnvironment);

    // THEN
    Template.fromStack(stackOfAnyEnvironment).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{
          Principal: { Service: 'sms-voice.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: {
              'aws:SourceArn': stackOfAnyEnvironment.resolve(
                `arn:${Aws.PARTITION}:sms-voice:${Aws.REGION}:${Aws.ACCOUNT_ID}:configuration-set/Stack-Events-0B6038A5`),
            },
          },
        }],
      },
      Policies: [{ PolicyDocument: allowing({ Action: 'firehose:PutRecord', Resource: DELIVERY_STREAM_ARN }) }],
    });
  });

  it.each<[string, (after: Stack) => SmsVoiceEventStreamProps, boolean]>([
    ['is another one when the destination changes, so that the old one still works until the events have moved',
      (after) => ({ destination: toDeliveryStream(after, OTHER_DELIVERY_STREAM_ARN) }), false],
    ['is another one when the name of the configuration set changes', () => ({ configurationSetName: 'another' }), false],
    ['is the same one when the event types change', () => ({ eventTypes: [SmsVoiceEventType.TEXT_ALL] }), true],
  ])('%s', (_, change, isSame) => {
    // GIVEN
    const [before, after] = [newStack(), newStack()];
    addEvents(before);

    // WHEN
    addEvents(after, change(after));

    // THEN
    expect(logicalIdsOf(after, 'AWS::IAM::Role')[0] === logicalIdsOf(before, 'AWS::IAM::Role')[0]).toBe(isSame);
    expect(logicalIdsOf(after, TYPE)).toEqual(logicalIdsOf(before, TYPE));
  });

  it('has no policy where a custom destination asks for nothing', () => {
    // WHEN
    addEvents(stack, { destination: new CustomDestination({ logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', 'open') }) });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
  });

  it('that is passed in gets a policy for each event destination, though both have the same delivery stream, so that each can go alone', () => {
    // GIVEN
    const props = { destination: toDeliveryStream(stack), role: newRole(stack) };
    const events = addEvents(stack, props);

    // WHEN
    events.addEventDestination('Again', props);

    // THEN
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as { Properties: { PolicyName: unknown } }[];
    expect(new Set(policies.map(({ Properties }) => JSON.stringify(Properties.PolicyName))).size).toBe(2);
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: { EventDestinations: [{ KinesisFirehoseDestination: { IamRoleArn: arnOf('MyRole') } }, Match.anyValue()] },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('RolePolicy'), Match.stringLikeRegexp('^MyRole')]),
    });
  });

  it('that is passed in and immutable is left as it is', () => {
    // WHEN
    addEvents(stack, { role: iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN, { mutable: false }) });

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ KinesisFirehoseDestination: { IamRoleArn: ROLE_ARN } }] });
  });

  it('is refused where the destination is a topic', () => {
    // THEN
    expect(() => addEvents(stack, { role: newRole(stack), destination: new SnsTopicDestination() })).toThrow(
      'role must not be set where the destination is an SNS topic, got Stack/MyRole: a topic needs no role, so leave it out (at Stack/Events)');
  });
});

describe('another event destination', () => {
  let events: SmsVoiceEventStream;

  beforeEach(() => {
    events = addEvents(stack);
  });

  it('is added to the same configuration set, with what it creates under its own name', () => {
    // WHEN
    const log = events.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
    const blocked = events.addEventDestination('Blocked', { destination: new SnsTopicDestination(), eventTypes: [SmsVoiceEventType.TEXT_BLOCKED] });
    const copy = events.addEventDestination('Copy');

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      EventDestinations: [
        { EventDestinationName: 'Events' },
        { EventDestinationName: 'Log', Enabled: true, MatchingEventTypes: ['ALL'], CloudWatchLogsDestination: {} },
        { EventDestinationName: 'Blocked', MatchingEventTypes: ['TEXT_BLOCKED'], SnsDestination: {} },
        { EventDestinationName: 'Copy', KinesisFirehoseDestination: {} },
      ],
    });
    expect([log.logGroup, blocked.topic, copy.bucket].map((created) => created!.node.path)).toEqual([
      'Stack/Events/DestinationLog/LogGroup', 'Stack/Events/DestinationBlocked/Topic', 'Stack/Events/DestinationCopy/Bucket',
    ]);
  });

  it.each(['Resource', 'Default', 'DestinationEvents'])('can be named %s, like what the CDK or this library names so', (name) => {
    // WHEN
    events.addEventDestination(name);

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{}, { EventDestinationName: name }] });
  });

  it.each(['', 'to log', 'x'.repeat(65)])('cannot be named %j', (name) => {
    // THEN
    expect(() => events.addEventDestination(name)).toThrow(
      `the name of an event destination must be 1 to 64 letters, digits, hyphens and underscores, got '${name}': choose such a name (at Stack/Events)`);
  });

  it('cannot have the name of one that is there, the first included', () => {
    // THEN
    expect(() => events.addEventDestination('Events')).toThrow(
      "the name of an event destination must be one that no other of this event stream has, got 'Events' again: choose another (at Stack/Events)");
  });

  it('can be the fifth, and not the sixth', () => {
    // GIVEN
    const destination = new CloudWatchLogsDestination(new logs.LogGroup(stack, 'LogGroup'));
    ['B', 'C', 'D', 'E'].forEach((name) => events.addEventDestination(name, { destination }));

    // WHEN
    const add = () => events.addEventDestination('F', { destination });

    // THEN
    expect(add).toThrow(
      "an event stream must have 5 event destinations at most, got 'F' in addition: " +
      'AWS End User Messaging allows a configuration set no more, so add it to another event stream (at Stack/Events)');
  });
});

describe('the event types of an event destination', () => {
  const of = (names: string[]) => names.map((name) => SmsVoiceEventType.of(name));

  it.each<[string[]]>([[['TEXT_ALL', 'FUTURE_EVENT']], [['ALL', 'RCS_ALL']], [['ALL', 'CONTEXT_SENT']]])(
    'can be %j, since AWS does not say that one contains the other', (names) => {
      // WHEN
      addEvents(stack, { eventTypes: of(names) });

      // THEN
      Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ MatchingEventTypes: names }] });
    });

  it.each<[string[], string]>([
    [[], 'eventTypes must have at least one event type, got none: leave it out for all events'],
    [['TEXT_BLOCKED', 'TEXT_SPAM', 'TEXT_BLOCKED'], 'eventTypes must have each event type once, got TEXT_BLOCKED twice: remove one of the two'],
    ...[
      ['TEXT_BLOCKED', 'ALL'], ['MEDIA_ALL', 'ALL'], ['VOICE_FAILED', 'ALL'], ['TEXT_DELIVERED', 'TEXT_ALL'], ['RCS_READ', 'RCS_ALL'],
    ].map((names): [string[], string] => [
      names, `eventTypes must not have ${names[1]} beside what it contains, got ${names[0]}: remove one of the two`,
    ]),
  ])('cannot be %j', (names, message) => {
    // THEN
    expect(() => addEvents(stack, { eventTypes: of(names) })).toThrow(`${message} (at Stack/Events)`);
  });
});

describe('the destination of an event stream of End User Messaging', () => {
  it.each<[string, unknown]>([['KinesisStreamDestination', new KinesisStreamDestination()], ['Object', {}]])(
    'cannot be a %s, also in languages that do not check it', (name, destination) => {
      // THEN
      expect(() => addEvents(stack, { destination: destination as ISmsVoiceEventDestination })).toThrow(
        `destination must be one of AWS End User Messaging, got a ${name}: use a FirehoseDestination, ` +
        'a CloudWatchLogsDestination or a SnsTopicDestination, since AWS End User Messaging sends events to no Kinesis data stream (at Stack/Events)');
    });

  it('cannot be a Kinesis stream, says the compiler', () => {
    // GIVEN
    // @ts-expect-error: without the method of the interface
    const props: SmsVoiceEventDestinationProps = { destination: new KinesisStreamDestination() };

    // THEN
    expect(() => addEvents(stack, props)).toThrow('destination must be one of AWS End User Messaging');
  });

  it.each<[string, (scope: Stack) => SmsVoiceEventDestinationConfig]>([
    ['none', () => ({})],
    ['logGroup and topic', (scope) => ({ logGroup: new logs.LogGroup(scope, 'LogGroup'), topic: new sns.Topic(scope, 'Topic') })],
  ])('cannot give %s to send to', (got, config) => {
    // THEN
    expect(() => addEvents(stack, { destination: new CustomDestination(config(stack)) })).toThrow(
      `destination must give exactly one of deliveryStream, logGroup and topic, got ${got}: make one destination for each (at Stack/Events)`);
  });

  it('can name what must exist before the configuration set', () => {
    // GIVEN
    const destination = new CustomDestination({
      logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', 'open'),
      dependables: [new CfnResource(stack, 'Prerequisite', { type: 'Custom::Prerequisite' })],
    });

    // WHEN
    addEvents(stack, { destination });

    // THEN
    Template.fromStack(stack).hasResource(TYPE, { DependsOn: Match.arrayWith(['Prerequisite']) });
  });
});
