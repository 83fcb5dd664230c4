import { App, Aws, CfnParameter, CfnResource, CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  CloudWatchLogsDestination, FirehoseDestination, ISmsVoiceEventDestination, KinesisStreamDestination, PinpointEventStream, SmsVoiceConfigurationSet,
  SmsVoiceConfigurationSetEventDestination, SmsVoiceEventDestinationConfig, SmsVoiceEventDestinationOptions, SmsVoiceEventType, SnsTopicDestination,
} from '../../src';
import {
  allowing, APPLICATION_ID, arnInStack, arnOf, DELIVERY_STREAM_ARN, ENV, importedDeliveryStream, logicalIdsOf, newRole, newStack,
  OTHER_DELIVERY_STREAM_ARN, ROLE_ARN,
} from '../support/synth';

const TYPE = 'AWS::SMSVOICE::ConfigurationSet';
const LOG_GROUP_ARN = 'arn:aws:logs:eu-west-1:111111111111:log-group:open:*';
const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111111111111:messages';

/** A destination as a user may write one. */
class CustomDestination implements ISmsVoiceEventDestination {
  constructor(private readonly config: SmsVoiceEventDestinationConfig) {}

  public bindAsSmsVoiceEventDestination(): SmsVoiceEventDestinationConfig {
    return this.config;
  }
}

function toDeliveryStream(scope: Stack, arn?: string): FirehoseDestination {
  return new FirehoseDestination(importedDeliveryStream(scope, arn));
}

function toLogGroup(scope: Stack, arn: string = LOG_GROUP_ARN): CloudWatchLogsDestination {
  return new CloudWatchLogsDestination(logs.LogGroup.fromLogGroupArn(scope, 'LogGroup', arn));
}

function toTopic(scope: Stack, arn: string = TOPIC_ARN): SnsTopicDestination {
  return new SnsTopicDestination(sns.Topic.fromTopicArn(scope, 'Topic', arn));
}

/** Adds the event destination `Lake` of a configuration set `Messages`, to the imported delivery stream unless told otherwise. */
function addLake(
  scope: Stack, options: Partial<SmsVoiceEventDestinationOptions> = {}, configurationSetName?: string,
): SmsVoiceConfigurationSetEventDestination {
  return new SmsVoiceConfigurationSet(scope, 'Messages', { configurationSetName })
    .addEventDestination('Lake', { ...options, destination: options.destination ?? toDeliveryStream(scope) });
}

/** What the CDK CLI prints, each with the path of its construct. */
function errorsIn(stack: Stack): string[] {
  return Annotations.fromStack(stack).findError('*', Match.anyValue()).map(({ id, entry }) => `${id}: ${entry.data}`);
}

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('an event destination of a configuration set', () => {
  it('sends all events to a new delivery stream, as a new role, where that is the destination', () => {
    // WHEN
    const lake = addLake(stack, { destination: new FirehoseDestination() });

    // THEN
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: {
        EventDestinations: [{
          EventDestinationName: 'Lake-Firehose',
          Enabled: true,
          MatchingEventTypes: ['ALL'],
          KinesisFirehoseDestination: { DeliveryStreamArn: arnOf('MessagesLakeDeliveryStream'), IamRoleArn: arnOf('MessagesLakeRole') },
        }],
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('DeliveryStream[0-9A-F]{8}$'), Match.stringLikeRegexp('^MessagesLakeRole')]),
    });
    expect(lake.deliveryStream).toBeInstanceOf(firehose.DeliveryStream);
    expect(lake.bucket).toBeInstanceOf(s3.Bucket);
    expect(lake.role).toBeInstanceOf(iam.Role);
    expect(lake).toMatchObject({ logGroup: undefined, topic: undefined });
  });

  it('has no delivery stream where that is known by a reference alone, but sends the events there', () => {
    // WHEN
    const { deliveryStream } = addLake(stack, { destination: new FirehoseDestination(new firehose.CfnDeliveryStream(stack, 'DeliveryStream')) });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ KinesisFirehoseDestination: { DeliveryStreamArn: arnOf('DeliveryStream') } }] });
    expect(deliveryStream).toBeUndefined();
  });

  it.each<[string, (scope: Stack) => logs.ILogGroup]>([
    ['ARN', (scope) => logs.LogGroup.fromLogGroupArn(scope, 'LogGroup', LOG_GROUP_ARN)],
    ['name', (scope) => logs.LogGroup.fromLogGroupName(scope, 'LogGroup', 'open')],
  ])('names a log group without a wildcard that is imported by its %s', (_, logGroupIn) => {
    // GIVEN
    const logGroup = logGroupIn(stack);

    // WHEN
    const lake = addLake(stack, { destination: new CloudWatchLogsDestination(logGroup) });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      EventDestinations: [{
        EventDestinationName: 'Lake-CloudWatchLogs',
        CloudWatchLogsDestination: { LogGroupArn: arnInStack('logs:eu-west-1:111111111111:log-group:open'), IamRoleArn: arnOf('MessagesLakeRole') },
      }],
    });
    expect(lake).toMatchObject({ logGroup, deliveryStream: undefined, bucket: undefined, topic: undefined });
  });

  it('needs no role to publish to a topic', () => {
    // WHEN
    const lake = addLake(stack, { destination: new SnsTopicDestination() });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      EventDestinations: [{ EventDestinationName: 'Lake-Sns', SnsDestination: { TopicArn: { Ref: Match.stringLikeRegexp('^MessagesLakeTopic') } } }],
    });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
    expect(lake.topic).toBeInstanceOf(sns.Topic);
    expect(lake).toMatchObject({ role: undefined, deliveryStream: undefined, bucket: undefined, logGroup: undefined });
  });

  it('can be switched off', () => {
    // WHEN
    addLake(stack, { enabled: false });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ Enabled: false }] });
  });

  it('has no function behind it, and no warning where all is created: End User Messaging goes on', () => {
    // WHEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
    messages.addEventDestination('Lake', { destination: new FirehoseDestination() });
    messages.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
    messages.addEventDestination('Alarm', { destination: new SnsTopicDestination() });

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    expect(errorsIn(stack)).toEqual([]);
  });

  it('shares a delivery stream with an event stream of Pinpoint, each with a role of its own', () => {
    // GIVEN
    const destination = toDeliveryStream(stack);
    const pinpointEvents = new PinpointEventStream(stack, 'PinpointEvents', { applicationId: APPLICATION_ID, destination });

    // WHEN
    const lake = addLake(stack, { destination });

    // THEN
    expect(lake.deliveryStream).toBe(pinpointEvents.deliveryStream);
    expect(lake.role).not.toBe(pinpointEvents.role);
  });

  it('takes the delivery stream that was created for an event stream of Pinpoint', () => {
    // GIVEN
    const { deliveryStream } = new PinpointEventStream(stack, 'PinpointEvents', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // WHEN
    const lake = addLake(stack, { destination: new FirehoseDestination(deliveryStream) });

    // THEN
    expect(lake.deliveryStream).toBe(deliveryStream);
    Template.fromStack(stack).resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 1);
  });

  it('stands beside others of its configuration set, with what it creates under its own ID', () => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');

    // WHEN
    const lake = messages.addEventDestination('Lake', { destination: new FirehoseDestination() });
    const log = messages.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
    const blocked = messages.addEventDestination('Blocked', { destination: new SnsTopicDestination(), eventTypes: [SmsVoiceEventType.TEXT_BLOCKED] });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      EventDestinations: [
        { EventDestinationName: 'Lake-Firehose', MatchingEventTypes: ['ALL'] },
        { EventDestinationName: 'Log-CloudWatchLogs', MatchingEventTypes: ['ALL'] },
        { EventDestinationName: 'Blocked-Sns', MatchingEventTypes: ['TEXT_BLOCKED'] },
      ],
    });
    expect([lake.bucket, log.logGroup, blocked.topic].map((created) => created!.node.path)).toEqual([
      'Stack/Messages/Lake/Bucket', 'Stack/Messages/Log/LogGroup', 'Stack/Messages/Blocked/Topic',
    ]);
  });

  it('can be the fifth, and not the sixth', () => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
    const destination = new CloudWatchLogsDestination(new logs.LogGroup(stack, 'LogGroup'));
    ['A', 'B', 'C', 'D', 'E'].forEach((id) => messages.addEventDestination(id, { destination }));

    // WHEN
    const add = () => messages.addEventDestination('F', { destination });

    // THEN
    expect(add).toThrow(
      "cannot add the event destination 'F': a configuration set can have 5, so remove one first (at Stack/Messages)");
  });
});

describe('the name of a deployed event destination', () => {
  it.each<[string, (scope: Stack) => ISmsVoiceEventDestination]>([
    ['Firehose', (scope) => toDeliveryStream(scope)],
    ['CloudWatchLogs', (scope) => toLogGroup(scope)],
    ['Sns', (scope) => toTopic(scope)],
  ])('ends in %s by its kind, since AWS cannot change the kind of one, and has 64 characters at most', (kind, destinationIn) => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');

    // WHEN
    messages.addEventDestination('x'.repeat(48), { destination: destinationIn(stack) });

    // THEN
    const name = `${'x'.repeat(48)}-${kind}`;
    Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ EventDestinationName: name }] });
    expect(name.length).toBeLessThanOrEqual(64);
  });

  it('stays as it is where the destination becomes another one of the same kind', () => {
    // GIVEN
    const [before, after] = [newStack(), newStack()];

    // WHEN
    addLake(before);
    addLake(after, { destination: new FirehoseDestination() });

    // THEN
    for (const one of [before, after]) {
      Template.fromStack(one).hasResourceProperties(TYPE, { EventDestinations: [{ EventDestinationName: 'Lake-Firehose' }] });
    }
  });
});

describe('the ID of an event destination', () => {
  it.each(['Default', 'Messages', '1_a-b'])('can be %s', (id) => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages').addEventDestination(id, { destination: new SnsTopicDestination() });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ EventDestinationName: `${id}-Sns` }] });
  });

  it.each<[string, string, string]>([
    ['empty', '', "''"],
    ['two words', 'to log', "'to log'"],
    ['of 49 characters', 'x'.repeat(49), `'${'x'.repeat(49)}'`],
    ['a line', 'Lake\n', "'Lake\n'"],
    ['a token', Aws.STACK_NAME, 'a token'],
  ])('cannot be %s', (_, id, got) => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');

    // WHEN
    const add = () => messages.addEventDestination(id, { destination: new SnsTopicDestination() });

    // THEN
    expect(add).toThrow(new Error(
      `the ID of an event destination must be 1 to 48 letters, digits, hyphens and underscores, got ${got} (at Stack/Messages)`));
  });

  it.each(['Lake', 'Resource'])('cannot be %s where that is taken, if only by another kind, or by the resource of the configuration set', (id) => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
    messages.addEventDestination('Lake', { destination: new FirehoseDestination() });

    // WHEN
    const add = () => messages.addEventDestination(id, { destination: new SnsTopicDestination() });

    // THEN
    expect(add).toThrow(new Error(`the configuration set already has a child '${id}': choose another ID (at Stack/Messages)`));
  });
});

describe('the role of an event destination', () => {
  it('trusts End User Messaging for its configuration set, and may do what the destination asks', () => {
    // GIVEN
    const stackOfAnyEnvironment = new Stack(undefined, 'Stack');

    // WHEN
    addLake(stackOfAnyEnvironment, {}, 'messages');

    // THEN
    Template.fromStack(stackOfAnyEnvironment).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{
          Principal: { Service: 'sms-voice.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: {
              'aws:SourceArn': stackOfAnyEnvironment.resolve(`arn:${Aws.PARTITION}:sms-voice:${Aws.REGION}:${Aws.ACCOUNT_ID}:configuration-set/messages`),
            },
          },
        }],
      },
      Policies: [{ PolicyDocument: allowing({ Action: 'firehose:PutRecord', Resource: DELIVERY_STREAM_ARN }) }],
    });
  });

  it('trusts by a name that only a deployment knows as well', () => {
    // WHEN
    addLake(stack, {}, new CfnParameter(stack, 'Name').valueAsString);

    // THEN
    const sourceArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sms-voice:eu-west-1:111111111111:configuration-set/', { Ref: 'Name' }]] };
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Condition: { ArnLike: { 'aws:SourceArn': sourceArn } } }] },
    });
  });

  it.each<[string, (after: Stack) => unknown, boolean]>([
    ['is another one when the destination changes, so that the old one still works until the events have moved',
      (after) => addLake(after, { destination: toDeliveryStream(after, OTHER_DELIVERY_STREAM_ARN) }), false],
    ['is another one when the name of the configuration set changes', (after) => addLake(after, {}, 'another'), false],
    ['is the same one when the event types change', (after) => addLake(after, { eventTypes: [SmsVoiceEventType.TEXT_ALL] }), true],
  ])('%s', (_, addChanged, isSame) => {
    // GIVEN
    const [before, after] = [newStack(), newStack()];
    addLake(before);

    // WHEN
    addChanged(after);

    // THEN
    expect(logicalIdsOf(after, 'AWS::IAM::Role')[0] === logicalIdsOf(before, 'AWS::IAM::Role')[0]).toBe(isSame);
    expect(logicalIdsOf(after, TYPE)).toEqual(logicalIdsOf(before, TYPE));
  });

  it('has no policy where a custom destination asks for nothing', () => {
    // WHEN
    addLake(stack, { destination: new CustomDestination({ logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', 'open') }) });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
  });

  it('that is passed in gets a policy for each event destination, though both have the same delivery stream, so that each can go alone', () => {
    // GIVEN
    const options = { destination: toDeliveryStream(stack), role: newRole(stack) };
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');

    // WHEN
    messages.addEventDestination('Lake', options);
    messages.addEventDestination('Again', options);

    // THEN
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as { Properties: { PolicyName: unknown } }[];
    expect(new Set(policies.map(({ Properties }) => JSON.stringify(Properties.PolicyName))).size).toBe(2);
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: { EventDestinations: [{ KinesisFirehoseDestination: { IamRoleArn: arnOf('MyRole') } }, Match.anyValue()] },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^MessagesLakeRolePolicy'), Match.stringLikeRegexp('^MyRole')]),
    });
  });

  it('that is passed in and immutable is left as it is', () => {
    // WHEN
    addLake(stack, { role: iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN, { mutable: false }) });

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
    Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ KinesisFirehoseDestination: { IamRoleArn: ROLE_ARN } }] });
  });

  it('that is passed in and trusts only another service has a warning', () => {
    // WHEN
    addLake(stack, { role: newRole(stack) }, 'messages');

    // THEN
    Annotations.fromStack(stack).hasWarning('/Stack/Messages/Lake', Match.stringLikeRegexp(
      "^the role 'Stack/MyRole' does not trust sms-voice.amazonaws.com: .*:configuration-set/messages.*cdk-pinpoint-event-stream:role-trust"));
  });

  it('cannot be of another account', () => {
    // WHEN
    addLake(stack, { role: iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN.replace('111111111111', '222222222222')) });

    // THEN
    expect(errorsIn(stack)).toEqual([
      '/Stack/Messages/Lake: role must be in the account of the stack, 111111111111, got 222222222222: pass one of that account, or use a stack in 222222222222',
    ]);
  });

  it('is refused where the destination is a topic', () => {
    // WHEN
    const add = () => addLake(stack, { role: newRole(stack), destination: new SnsTopicDestination() });

    // THEN
    expect(add).toThrow(
      "role must not be set with an SNS topic, which needs none, got 'Stack/MyRole': leave it out (at Stack/Messages/Lake)");
  });
});

describe('the event types of an event destination', () => {
  const of = (names: string[]) => names.map((name) => SmsVoiceEventType.of(name));

  it.each<[string[]]>([[['TEXT_ALL', 'FUTURE_EVENT']], [['ALL', 'RCS_ALL']], [['ALL', 'CONTEXT_SENT']]])(
    'can be %j, since AWS does not say that one contains the other', (names) => {
      // WHEN
      addLake(stack, { eventTypes: of(names) });

      // THEN
      Template.fromStack(stack).hasResourceProperties(TYPE, { EventDestinations: [{ MatchingEventTypes: names }] });
    });

  it.each<[string[], string]>([
    [[], 'eventTypes is empty: leave it out for all events'],
    [['TEXT_BLOCKED', 'TEXT_SPAM', 'TEXT_BLOCKED'], 'eventTypes has TEXT_BLOCKED twice: remove one of the two'],
    ...[
      ['TEXT_BLOCKED', 'ALL'], ['MEDIA_ALL', 'ALL'], ['VOICE_FAILED', 'ALL'], ['TEXT_DELIVERED', 'TEXT_ALL'], ['RCS_READ', 'RCS_ALL'],
    ].map((names): [string[], string] => [
      names, `eventTypes has ${names[0]}, which ${names[1]} contains: remove one of the two`,
    ]),
  ])('cannot be %j', (names, message) => {
    // WHEN
    const add = () => addLake(stack, { eventTypes: of(names) });

    // THEN
    expect(add).toThrow(`${message} (at Stack/Messages/Lake)`);
  });
});

describe('the destination of an event destination', () => {
  it.each<[string, (scope: Stack) => unknown, string]>([
    ['KinesisStreamDestination', () => new KinesisStreamDestination(), 'a value of type KinesisStreamDestination'],
    ['CfnDeliveryStream, which belongs into a FirehoseDestination', (scope) => new firehose.CfnDeliveryStream(scope, 'DeliveryStream'), "'Stack/DeliveryStream'"],
    ['CfnTopic, which belongs into an SnsTopicDestination', (scope) => new sns.CfnTopic(scope, 'Topic'), "'Stack/Topic'"],
    ['Object', () => ({}), 'a value of type Object'],
  ])('cannot be a %s, also in languages that do not check it', (_, destinationIn, got) => {
    // GIVEN
    const destination = destinationIn(stack) as ISmsVoiceEventDestination;

    // WHEN
    const add = () => addLake(stack, { destination });

    // THEN
    expect(add).toThrow(
      'destination must be an EventLake, a FirehoseDestination, a CloudWatchLogsDestination, an SnsTopicDestination or another ISmsVoiceEventDestination, ' +
      `got ${got} (at Stack/Messages/Lake)`);
  });

  it('cannot be left out, also in languages that do not check it', () => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');

    // WHEN
    const add = () => messages.addEventDestination('Lake', {} as SmsVoiceEventDestinationOptions);

    // THEN
    expect(add).toThrow('got a value of type undefined (at Stack/Messages/Lake)');
  });

  it('cannot be a Kinesis stream, says the compiler', () => {
    // GIVEN
    // @ts-expect-error: without the method of the interface
    const options: SmsVoiceEventDestinationOptions = { destination: new KinesisStreamDestination() };

    // WHEN
    const add = () => addLake(stack, options);

    // THEN
    expect(add).toThrow('destination must be an EventLake');
  });

  it.each<[string, (scope: Stack) => SmsVoiceEventDestinationConfig]>([
    ['none', () => ({})],
    ['logGroup and topic', (scope) => ({ logGroup: new logs.LogGroup(scope, 'LogGroup'), topic: new sns.Topic(scope, 'Topic') })],
    ['deliveryStream and logGroup', (scope) => ({
      deliveryStream: new firehose.CfnDeliveryStream(scope, 'DeliveryStream'), logGroup: new logs.LogGroup(scope, 'LogGroup'),
    })],
  ])('cannot give %s to send to', (got, configIn) => {
    // GIVEN
    const destination = new CustomDestination(configIn(stack));

    // WHEN
    const add = () => addLake(stack, { destination });

    // THEN
    expect(add).toThrow(
      `destination must give exactly one of deliveryStream, logGroup and topic, got ${got} (at Stack/Messages/Lake)`);
  });

  it('can name what must exist before the configuration set', () => {
    // GIVEN
    const destination = new CustomDestination({
      logGroup: logs.LogGroup.fromLogGroupName(stack, 'LogGroup', 'open'),
      dependables: [new CfnResource(stack, 'Prerequisite', { type: 'Custom::Prerequisite' })],
    });

    // WHEN
    addLake(stack, { destination });

    // THEN
    Template.fromStack(stack).hasResource(TYPE, { DependsOn: Match.arrayWith(['Prerequisite']) });
  });

  describe.each([['region', 'us-east-1'], ['account', '222222222222']] as const)('of another %s', (what, other) => {
    const here = ENV[what];
    const error = `destination must be in the ${what} of the stack, ${here}, got ${other}: pass one of that ${what}, or use a stack in ${other}`;

    it.each<[string, (scope: Stack) => ISmsVoiceEventDestination]>([
      ['delivery stream', (scope) => toDeliveryStream(scope, DELIVERY_STREAM_ARN.replace(here, other))],
      ['delivery stream, known by a reference', (scope) =>
        new FirehoseDestination(firehose.CfnDeliveryStream.fromDeliveryStreamArn(scope, 'DeliveryStream', DELIVERY_STREAM_ARN.replace(here, other)))],
      ['log group', (scope) => toLogGroup(scope, LOG_GROUP_ARN.replace(here, other))],
      ['topic', (scope) => toTopic(scope, TOPIC_ARN.replace(here, other))],
    ])('cannot be a %s, by its ARN', (_, destinationIn) => {
      // WHEN
      addLake(stack, { destination: destinationIn(stack) });

      // THEN
      expect(errorsIn(stack)).toEqual([`/Stack/Messages/Lake: ${error}`]);
    });

    it.each<[string, (owner: Stack) => ISmsVoiceEventDestination]>([
      ['delivery stream', (owner) => new FirehoseDestination(new firehose.DeliveryStream(owner, 'DeliveryStream', {
        deliveryStreamName: 'events', destination: new firehose.S3Bucket(new s3.Bucket(owner, 'Bucket')),
      }))],
      ['delivery stream, known by a reference', (owner) =>
        new FirehoseDestination(new firehose.CfnDeliveryStream(owner, 'DeliveryStream', { deliveryStreamName: 'events' }))],
      ['log group', (owner) => new CloudWatchLogsDestination(new logs.LogGroup(owner, 'LogGroup', { logGroupName: 'open' }))],
      ['topic', (owner) => new SnsTopicDestination(new sns.Topic(owner, 'Topic', { topicName: 'messages' }))],
    ])('cannot be a %s, by its stack', (_, destinationIn) => {
      // GIVEN
      const app = new App();
      const [home, owner] = [newStack(app), new Stack(app, 'Owner', { env: { ...ENV, [what]: other } })];

      // WHEN
      const add = () => addLake(home, { destination: destinationIn(owner) });

      // THEN
      expect(add).toThrow(`${error} (at Stack/Messages/Lake)`);
    });
  });
});

describe('a warning of a weak reference', () => {
  it.each<[string, string, (owner: Stack) => Partial<SmsVoiceEventDestinationOptions>]>([
    ['delivery stream', "the destination 'Owner/DeliveryStream'", (owner) =>
      ({ destination: new FirehoseDestination(new firehose.CfnDeliveryStream(owner, 'DeliveryStream')) })],
    ['topic', "the destination 'Owner/Topic'", (owner) => ({ destination: new SnsTopicDestination(new sns.Topic(owner, 'Topic')) })],
    ['log group', "the destination 'Owner/LogGroup'", (owner) => ({ destination: new CloudWatchLogsDestination(new logs.LogGroup(owner, 'LogGroup')) })],
    ['role', "the role 'Owner/MyRole'", (owner) => ({ role: newRole(owner) })],
  ])('tells of a %s in another stack, which CloudFormation may delete before the events have moved', (_, what, optionsIn) => {
    // GIVEN
    const app = new App();
    const [home, owner] = [newStack(app), newStack(app, 'Owner')];
    CrossStackReferences.of(home).consume(ReferenceStrength.WEAK);

    // WHEN
    addLake(home, optionsIn(owner));

    // THEN
    Annotations.fromStack(home).hasWarning('/Stack/Messages/Lake', Match.stringLikeRegexp(
      `^${what} of another stack is referenced weakly.*cdk-pinpoint-event-stream:weak-reference`));
  });
});
