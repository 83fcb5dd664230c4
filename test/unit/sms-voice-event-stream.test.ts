import { App, Aws, CfnOutput, CfnParameter, CfnResource, NestedStack, PhysicalName, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
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
import { APPLICATION_ID, DELIVERY_STREAM_ARN, ENV, importedStream, newStack, resourceOf, resourcesOf, ROLE_ARN, TemplateResource } from '../support/synth';

const OTHER_DELIVERY_STREAM_ARN = 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/others';

function toDeliveryStream(stack: Stack, arn: string = DELIVERY_STREAM_ARN): FirehoseDestination {
  return new FirehoseDestination(firehose.DeliveryStream.fromDeliveryStreamArn(stack, 'ImportedDeliveryStream', arn));
}

function newRole(stack: Stack): iam.Role {
  return new iam.Role(stack, 'MyRole', { assumedBy: new iam.ServicePrincipal('sms-voice.amazonaws.com') });
}

/** A stack with the event stream `Events`, to the imported delivery stream unless told otherwise. */
function stackWithEvents(props: (stack: Stack) => SmsVoiceEventStreamProps = () => ({})): Stack {
  const stack = newStack();
  const { destination, ...rest } = props(stack);
  new SmsVoiceEventStream(stack, 'Events', { destination: destination ?? toDeliveryStream(stack), ...rest });
  return stack;
}

function configurationSet(stack: Stack): TemplateResource {
  return resourceOf(stack, 'AWS::SMSVOICE::ConfigurationSet');
}

/** The role that was created for the event destination of the props. */
function createdRole(stack: Stack): TemplateResource {
  return resourceOf(stack, 'AWS::IAM::Role', 'EventsDestinationEventsRole');
}

/** A destination as a user may write one. */
class CustomDestination implements ISmsVoiceEventDestination {
  constructor(private readonly config: SmsVoiceEventDestinationConfig) {}

  public bindAsSmsVoiceEventDestination(): SmsVoiceEventDestinationConfig {
    return this.config;
  }
}

/** What TypeScript does not let through, and other languages may. */
function untyped(destination: unknown): ISmsVoiceEventDestination {
  return destination as ISmsVoiceEventDestination;
}

describe('an event stream of End User Messaging', () => {
  it('needs no properties, and sends all events to a delivery stream that is created', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const events = new SmsVoiceEventStream(stack, 'Events');

    // THEN
    expect(configurationSet(stack).Properties).toEqual({
      ConfigurationSetName: 'Stack-Events-0B6038A5',
      EventDestinations: [{
        EventDestinationName: 'Events',
        Enabled: true,
        MatchingEventTypes: ['ALL'],
        KinesisFirehoseDestination: {
          DeliveryStreamArn: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::KinesisFirehose::DeliveryStream').logicalId, 'Arn'] },
          IamRoleArn: { 'Fn::GetAtt': [createdRole(stack).logicalId, 'Arn'] },
        },
      }],
    });
    expect(events.deliveryStream).toBeInstanceOf(firehose.DeliveryStream);
    expect(events.bucket).toBeInstanceOf(s3.Bucket);
    expect(events.role).toBeInstanceOf(iam.Role);
    expect(events).toMatchObject({ logGroup: undefined, topic: undefined });
  });

  it('sends the given events alone', () => {
    // WHEN
    const stack = stackWithEvents(() => ({ eventTypes: [SmsVoiceEventType.TEXT_ALL, SmsVoiceEventType.of('FUTURE_EVENT')] }));

    // THEN
    expect(configurationSet(stack).Properties.EventDestinations[0].MatchingEventTypes).toEqual(['TEXT_ALL', 'FUTURE_EVENT']);
  });

  it('has its name and its ARN as attributes, which wait for the configuration set', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const events = new SmsVoiceEventStream(stack, 'Events');

    // THEN
    const { logicalId } = configurationSet(stack);
    expect(stack.resolve([events.configurationSetName, events.configurationSetArn])).toEqual([{ Ref: logicalId }, { 'Fn::GetAtt': [logicalId, 'Arn'] }]);
  });

  it('can be referred to from another region, by its name', () => {
    // GIVEN
    const app = new App();
    const events = new SmsVoiceEventStream(newStack(app), 'Events');
    const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });

    // WHEN
    new CfnOutput(other, 'Arn', { value: events.configurationSetArn });

    // THEN
    Template.fromStack(other).hasOutput('Arn', {
      Value: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sms-voice:eu-west-1:111111111111:configuration-set/Stack-Events-0B6038A5']] },
    });
  });

  it('is tagged with its stack', () => {
    // GIVEN
    const stack = stackWithEvents();

    // WHEN
    Tags.of(stack).add('team', 'messages');

    // THEN
    expect(configurationSet(stack).Properties.Tags).toEqual([{ Key: 'team', Value: 'messages' }]);
  });

  it('has no warning: End User Messaging goes on', () => {
    // WHEN
    const stack = stackWithEvents();

    // THEN
    expect(stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
  });

  it('has no function behind it', () => {
    // WHEN
    const stack = stackWithEvents();

    // THEN
    expect(stack.node.findAll().filter(CfnResource.isCfnResource).map(({ cfnResourceType }) => cfnResourceType).sort())
      .toEqual(['AWS::IAM::Role', 'AWS::SMSVOICE::ConfigurationSet']);
  });
});

describe('the name of the configuration set', () => {
  const nameIn = (scope: Stack, props: SmsVoiceEventStreamProps = {}) => {
    new SmsVoiceEventStream(scope, 'Events', { destination: toDeliveryStream(scope), ...props });
    return configurationSet(scope).Properties.ConfigurationSetName;
  };

  it.each<[string, () => unknown, string]>([
    ['in a stack', () => nameIn(newStack()), 'Stack-Events-0B6038A5'],
    ['in a stack with a name of its own', () => nameIn(new Stack(undefined, 'Stack', { stackName: 'named' })), 'named-Events-A08B020C'],
    ['in a nested stack', () => nameIn(new NestedStack(newStack(), 'Nested')), 'Stack-Nested-Events-F3CFD2FC'],
    ['in a stage', () => nameIn(newStack(new Stage(new App(), 'Prod'))), 'Prod-Stack-Events-2905B0D2'],
    ['in a stack with a very long name', () => nameIn(newStack(new App(), 'S'.repeat(128))), `${'S'.repeat(28)}${'S'.repeat(20)}-Events-2151FE14`],
    ['where the CDK is asked for one', () => nameIn(newStack(), { configurationSetName: PhysicalName.GENERATE_IF_NEEDED }), 'Stack-Events-0B6038A5'],
  ])('%s is the one that it always was', (_, name, expected) => {
    // WHEN
    const actual = name();

    // THEN
    expect(actual).toBe(expected);
    expect(expected.length).toBeLessThanOrEqual(64);
  });

  it.each([['a'], ['My_messages-1'], ['x'.repeat(64)]])('can be %j', (configurationSetName) => {
    // WHEN
    const stack = stackWithEvents(() => ({ configurationSetName }));

    // THEN
    expect(configurationSet(stack).Properties.ConfigurationSetName).toBe(configurationSetName);
    expect(JSON.stringify(createdRole(stack).Properties.AssumeRolePolicyDocument)).toContain(`:configuration-set/${configurationSetName}"`);
  });

  it.each([[''], ['my messages'], ['a.b'], ['x'.repeat(65)], ['messages\n']])('cannot be %j', (configurationSetName) => {
    // WHEN
    const add = () => stackWithEvents(() => ({ configurationSetName }));

    // THEN
    expect(add).toThrow(
      `configurationSetName must be 1 to 64 letters, digits, hyphens and underscores, got '${configurationSetName}': choose such a name (at Stack/Events)`);
  });

  it('can be one that only a deployment knows', () => {
    // WHEN
    const stack = stackWithEvents((scope) => ({ configurationSetName: new CfnParameter(scope, 'Name').valueAsString }));

    // THEN
    expect(configurationSet(stack).Properties.ConfigurationSetName).toEqual({ Ref: 'Name' });
    expect(createdRole(stack).Properties.AssumeRolePolicyDocument.Statement[0].Condition.ArnLike['aws:SourceArn']).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sms-voice:eu-west-1:111111111111:configuration-set/', { Ref: 'Name' }]],
    });
  });
});

describe('the role that is created for an event destination', () => {
  it('trusts End User Messaging alone, for this configuration set of this account, and may write to the destination alone', () => {
    // WHEN
    const stack = stackWithEvents();

    // THEN
    expect(createdRole(stack).Properties).toEqual({
      Description: 'Lets AWS End User Messaging write the events of one configuration set to their destination',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow',
          Principal: { Service: 'sms-voice.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111111111111' },
            ArnLike: {
              'aws:SourceArn': {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sms-voice:eu-west-1:111111111111:configuration-set/Stack-Events-0B6038A5']],
              },
            },
          },
        }],
      },
      Policies: [{
        PolicyName: 'EventStream',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'firehose:PutRecord', Resource: DELIVERY_STREAM_ARN }] },
      }],
    });
  });

  it('exists before the configuration set, and is deleted after it', () => {
    // WHEN
    const stack = stackWithEvents();

    // THEN
    expect(configurationSet(stack).DependsOn).toEqual([createdRole(stack).logicalId]);
  });

  it('may do nothing where a custom destination asks for nothing', () => {
    // WHEN
    const stack = stackWithEvents((scope) => ({
      destination: new CustomDestination({ logGroup: logs.LogGroup.fromLogGroupName(scope, 'LogGroup', 'open') }),
    }));

    // THEN
    expect(createdRole(stack).Properties).not.toHaveProperty('Policies');
  });

  it.each<[string, (stack: Stack) => SmsVoiceEventStreamProps]>([
    ['destination', (stack) => ({ destination: toDeliveryStream(stack, OTHER_DELIVERY_STREAM_ARN) })],
    ['name of the configuration set', () => ({ configurationSetName: 'another' })],
  ])('is another one when the %s changes, so that the old one still works until the events have moved', (_, change) => {
    // WHEN
    const before = stackWithEvents();
    const after = stackWithEvents(change);

    // THEN
    expect(createdRole(after).logicalId).not.toBe(createdRole(before).logicalId);
    expect(configurationSet(after).logicalId).toBe(configurationSet(before).logicalId);
  });

  it('is the same one when the event types change', () => {
    // WHEN
    const before = stackWithEvents();
    const after = stackWithEvents(() => ({ eventTypes: [SmsVoiceEventType.TEXT_ALL] }));

    // THEN
    expect(createdRole(after)).toEqual(createdRole(before));
  });

  // Deployed stacks hold it: never change what is expected here.
  it('has the logical ID that it always had', () => {
    expect(createdRole(stackWithEvents()).logicalId).toBe('EventsDestinationEventsRoleb3d41086E3724745');
  });
});

describe('a role that is passed in to an event destination', () => {
  it('is given the permissions in a policy of their own, and otherwise left alone', () => {
    // WHEN
    const stack = stackWithEvents((scope) => ({ role: newRole(scope) }));

    // THEN
    const role = resourceOf(stack, 'AWS::IAM::Role');
    expect(role.Properties).not.toHaveProperty('Policies');
    const policy = resourceOf(stack, 'AWS::IAM::Policy');
    expect(policy.Properties).toMatchObject({
      Roles: [{ Ref: role.logicalId }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'firehose:PutRecord', Resource: DELIVERY_STREAM_ARN }] },
    });
    expect(configurationSet(stack).Properties.EventDestinations[0].KinesisFirehoseDestination.IamRoleArn).toEqual({ 'Fn::GetAtt': [role.logicalId, 'Arn'] });
    expect(configurationSet(stack).DependsOn).toEqual(expect.arrayContaining([policy.logicalId, role.logicalId]));
  });

  it.each<[string, (stack: Stack) => SmsVoiceEventStreamProps]>([
    ['destination', (stack) => ({ role: newRole(stack), destination: toDeliveryStream(stack, OTHER_DELIVERY_STREAM_ARN) })],
    ['role', (stack) => ({ role: iam.Role.fromRoleArn(stack, 'OtherRole', ROLE_ARN) })],
  ])('gets another policy when the %s changes, so that the old one still works until the events have moved', (_, change) => {
    // WHEN
    const before = stackWithEvents((stack) => ({ role: newRole(stack) }));
    const after = stackWithEvents(change);

    // THEN
    expect(resourceOf(after, 'AWS::IAM::Policy').logicalId).not.toBe(resourceOf(before, 'AWS::IAM::Policy').logicalId);
  });

  it('gets a policy for each event destination, though both have the same delivery stream, so that each can go alone', () => {
    // GIVEN
    const stack = newStack();
    const props = { destination: toDeliveryStream(stack), role: newRole(stack) };
    const events = new SmsVoiceEventStream(stack, 'Events', props);

    // WHEN
    events.addEventDestination('Again', props);

    // THEN
    const names = resourcesOf(stack, 'AWS::IAM::Policy').map(({ Properties }) => JSON.stringify(Properties.PolicyName));
    expect(new Set(names).size).toBe(2);
  });

  it('gets no policy where it is imported as immutable', () => {
    // WHEN
    const stack = stackWithEvents((scope) => ({ role: iam.Role.fromRoleArn(scope, 'MyRole', ROLE_ARN, { mutable: false }) }));

    // THEN
    expect(resourcesOf(stack, 'AWS::IAM::Policy')).toEqual([]);
    expect(configurationSet(stack).Properties.EventDestinations[0].KinesisFirehoseDestination.IamRoleArn).toBe(ROLE_ARN);
  });

  it('is refused where the destination is a topic', () => {
    // WHEN
    const add = () => stackWithEvents((stack) => ({ role: newRole(stack), destination: new SnsTopicDestination() }));

    // THEN
    expect(add).toThrow(
      'role must not be set where the destination is an SNS topic, got Stack/MyRole: a topic needs no role, so leave it out (at Stack/Events)');
  });
});

describe('another event destination', () => {
  let stack: Stack;
  let events: SmsVoiceEventStream;

  beforeEach(() => {
    stack = newStack();
    events = new SmsVoiceEventStream(stack, 'Events', { destination: toDeliveryStream(stack) });
  });

  it('is added to the same configuration set, with what it creates under its own name', () => {
    // WHEN
    const log = events.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
    const blocked = events.addEventDestination('Blocked', { destination: new SnsTopicDestination(), eventTypes: [SmsVoiceEventType.TEXT_BLOCKED] });
    const copy = events.addEventDestination('Copy');

    // THEN
    expect(configurationSet(stack).Properties.EventDestinations).toEqual([
      expect.objectContaining({ EventDestinationName: 'Events' }),
      expect.objectContaining({ EventDestinationName: 'Log', MatchingEventTypes: ['ALL'], CloudWatchLogsDestination: expect.anything() }),
      {
        EventDestinationName: 'Blocked',
        Enabled: true,
        MatchingEventTypes: ['TEXT_BLOCKED'],
        SnsDestination: { TopicArn: stack.resolve(blocked.topic!.topicArn) },
      },
      expect.objectContaining({ EventDestinationName: 'Copy', KinesisFirehoseDestination: expect.anything() }),
    ]);
    expect(log.logGroup!.node.path).toBe('Stack/Events/DestinationLog/LogGroup');
    expect(copy.bucket!.node.path).toBe('Stack/Events/DestinationCopy/Bucket');
  });

  it.each([['Resource'], ['Default'], ['DestinationEvents']])('can be named %s, like what the CDK or this library names so', (name) => {
    // WHEN
    events.addEventDestination(name);

    // THEN
    expect(configurationSet(stack).Properties.EventDestinations).toHaveLength(2);
    expect(resourcesOf(stack, 'AWS::KinesisFirehose::DeliveryStream')).toHaveLength(1);
  });

  it.each([[''], ['to log'], ['x'.repeat(65)]])('cannot be named %j', (name) => {
    // WHEN
    const add = () => events.addEventDestination(name);

    // THEN
    expect(add).toThrow(
      `the name of an event destination must be 1 to 64 letters, digits, hyphens and underscores, got '${name}': choose such a name (at Stack/Events)`);
  });

  it('cannot have the name of one that is there, the first included', () => {
    // WHEN
    const add = () => events.addEventDestination('Events');

    // THEN
    expect(add).toThrow(
      "the name of an event destination must be one that no other of this event stream has, got 'Events' again: choose another (at Stack/Events)");
  });

  it('can be the fifth, and not the sixth', () => {
    // GIVEN
    const destination = new CloudWatchLogsDestination(new logs.LogGroup(stack, 'LogGroup'));
    ['B', 'C', 'D', 'E'].forEach((name) => events.addEventDestination(name, { destination }));

    // WHEN
    const add = () => events.addEventDestination('F', { destination });

    // THEN
    expect(configurationSet(stack).Properties.EventDestinations).toHaveLength(5);
    expect(add).toThrow(
      "an event stream must have 5 event destinations at most, got 'F' in addition: " +
      'AWS End User Messaging allows a configuration set no more, so add it to another event stream (at Stack/Events)');
  });
});

describe('event types', () => {
  it.each<[string, SmsVoiceEventType[], string]>([
    ['none', [], 'eventTypes must have at least one event type, got none: leave it out for all events'],
    ['the same twice', [SmsVoiceEventType.TEXT_BLOCKED, SmsVoiceEventType.TEXT_SPAM, SmsVoiceEventType.of('TEXT_BLOCKED')],
      'eventTypes must have each event type once, got TEXT_BLOCKED twice: remove one of the two'],
    ...[
      ['ALL', 'TEXT_BLOCKED'], ['ALL', 'MEDIA_ALL'], ['ALL', 'VOICE_FAILED'], ['TEXT_ALL', 'TEXT_DELIVERED'], ['RCS_ALL', 'RCS_READ'],
    ].map(([container, name]): [string, SmsVoiceEventType[], string] => [
      `${container}, and ${name}`, [SmsVoiceEventType.of(name), SmsVoiceEventType.of(container)],
      `eventTypes must not have ${container} beside what it contains, got ${name}: remove one of the two`,
    ]),
  ])('cannot be %s', (_, eventTypes, message) => {
    // WHEN
    const add = () => stackWithEvents(() => ({ eventTypes }));

    // THEN
    expect(add).toThrow(`${message} (at Stack/Events)`);
  });

  it.each([SmsVoiceEventType.RCS_ALL, SmsVoiceEventType.of('CONTEXT_SENT')])('can be all and $name, of which AWS does not say that all contains it', (eventType) => {
    // WHEN
    const stack = stackWithEvents(() => ({ eventTypes: [SmsVoiceEventType.ALL, eventType] }));

    // THEN
    expect(configurationSet(stack).Properties.EventDestinations[0].MatchingEventTypes).toEqual(['ALL', eventType.name]);
  });

  it.each(['', 'text_blocked', 'TEXT BLOCKED', '1TEXT', 'TEXT_SENT'])('cannot be named %j', (name) => {
    // WHEN
    const of = () => SmsVoiceEventType.of(name);

    // THEN
    expect(of).toThrow(new Error(
      'the name of an event type must be upper-case letters, digits and underscores, and not TEXT_SENT, which AWS does not support, ' +
      `got '${name}': choose one that AWS lists for event destinations of End User Messaging`,
    ));
  });

  // As in the service's API model of November 2026.
  it('are those that AWS lists, without TEXT_SENT, which it does not support', () => {
    // WHEN
    const constants = Object.entries(SmsVoiceEventType).map(([constant, { name }]) => [constant, name]);

    // THEN
    const named = (prefix: string, names: string) => names.split(' ').map((name) => `${prefix}_${name}`);
    const common = 'ALL PENDING QUEUED SUCCESSFUL DELIVERED INVALID INVALID_MESSAGE UNREACHABLE CARRIER_UNREACHABLE BLOCKED CARRIER_BLOCKED SPAM UNKNOWN TTL_EXPIRED';
    expect(constants).toEqual([
      'ALL',
      ...named('TEXT', `${common} PROTECT_BLOCKED`),
      ...named('VOICE', 'ALL INITIATED RINGING ANSWERED COMPLETED BUSY NO_ANSWER FAILED TTL_EXPIRED'),
      ...named('MEDIA', `${common} FILE_INACCESSIBLE FILE_TYPE_UNSUPPORTED FILE_SIZE_EXCEEDED`),
      ...named('RCS', 'ALL QUEUED SENT DELIVERED READ FAILED TTL_EXPIRED PROTECT_BLOCKED FALLEN_BACK_TO_SMS'),
    ].map((name) => [name, name]));
  });
});

describe('a destination of End User Messaging', () => {
  it.each<[string, (stack: Stack) => unknown]>([
    ['KinesisStreamDestination', (stack) => new KinesisStreamDestination(importedStream(stack))],
    ['Object', () => ({})],
  ])('cannot be a %s: the error names what it can be', (name, destination) => {
    // WHEN
    const add = () => stackWithEvents((stack) => ({ destination: untyped(destination(stack)) }));

    // THEN
    expect(add).toThrow(
      `destination must be one of AWS End User Messaging, got a ${name}: use a FirehoseDestination, ` +
      'a CloudWatchLogsDestination or a SnsTopicDestination, since AWS End User Messaging sends events to no Kinesis data stream (at Stack/Events)');
  });

  it('cannot be a Kinesis stream, says the compiler', () => {
    // @ts-expect-error: without the method of the interface
    const props: SmsVoiceEventDestinationProps = { destination: new KinesisStreamDestination() };

    expect(props.destination).toBeInstanceOf(KinesisStreamDestination);
  });

  it.each<[string, (stack: Stack) => SmsVoiceEventDestinationConfig]>([
    ['none', () => ({})],
    ['logGroup and topic', (stack) => ({ logGroup: new logs.LogGroup(stack, 'LogGroup'), topic: new sns.Topic(stack, 'Topic') })],
  ])('cannot give %s to send to', (got, config) => {
    // WHEN
    const add = () => stackWithEvents((stack) => ({ destination: new CustomDestination(config(stack)) }));

    // THEN
    expect(add).toThrow(
      `destination must give exactly one of deliveryStream, logGroup and topic, got ${got}: make one destination for each (at Stack/Events)`);
  });

  it('exists before the configuration set, with what it depends on', () => {
    // WHEN
    const stack = stackWithEvents((scope) => ({
      destination: new CustomDestination({
        logGroup: logs.LogGroup.fromLogGroupName(scope, 'LogGroup', 'open'),
        dependables: [new CfnResource(scope, 'Prerequisite', { type: 'Custom::Prerequisite' })],
      }),
    }));

    // THEN
    expect(configurationSet(stack).DependsOn).toContain('Prerequisite');
  });

  it('can be one delivery stream for Pinpoint and for End User Messaging, each with a role of its own', () => {
    // GIVEN
    const stack = newStack();
    const destination = toDeliveryStream(stack);

    // WHEN
    const pinpointEvents = new PinpointEventStream(stack, 'PinpointEvents', { applicationId: APPLICATION_ID, destination });
    const events = new SmsVoiceEventStream(stack, 'Events', { destination });

    // THEN
    expect(events.deliveryStream).toBe(pinpointEvents.deliveryStream);
    expect(events.role).not.toBe(pinpointEvents.role);
  });

  it('that Pinpoint has created can be passed on to End User Messaging', () => {
    // GIVEN
    const stack = newStack();
    const pinpointEvents = new PinpointEventStream(stack, 'PinpointEvents', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // WHEN
    const events = new SmsVoiceEventStream(stack, 'Events', { destination: new FirehoseDestination(pinpointEvents.deliveryStream) });

    // THEN
    expect(events.deliveryStream).toBe(pinpointEvents.deliveryStream);
    expect(resourcesOf(stack, 'AWS::KinesisFirehose::DeliveryStream')).toHaveLength(1);
  });

  it('works in a stack without an environment', () => {
    // GIVEN
    const stack = new Stack(undefined, 'Stack');

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination: toDeliveryStream(stack) });

    // THEN
    expect(createdRole(stack).Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': stack.resolve(Aws.ACCOUNT_ID) },
      ArnLike: {
        'aws:SourceArn': {
          'Fn::Join': ['', [
            'arn:', { Ref: 'AWS::Partition' }, ':sms-voice:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' },
            ':configuration-set/Stack-Events-0B6038A5',
          ]],
        },
      },
    });
  });
});
