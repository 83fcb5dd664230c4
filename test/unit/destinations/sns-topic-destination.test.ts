import { PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { SmsVoiceConfigurationSet, SnsTopicDestination } from '../../../src';
import { arnInStack, arnOf, KEY_ARN, newStack } from '../../support/synth';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111111111111:messages';
const TYPE = 'AWS::SMSVOICE::ConfigurationSet';

/** Matches what lets the configuration set `messages` publish. */
const publish = Match.objectEquals({
  Sid: Match.anyValue(),
  Effect: 'Allow',
  Principal: { Service: 'sms-voice.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: { Ref: Match.stringLikeRegexp('Topic') },
  Condition: {
    StringEquals: { 'aws:SourceAccount': '111111111111' },
    ArnLike: { 'aws:SourceArn': arnInStack('sms-voice:eu-west-1:111111111111:configuration-set/messages') },
  },
});

/** Matches what lets End User Messaging encrypt, if not for a stranger, and the account have its key. */
const keyStatements = [
  Match.objectLike({ Action: 'kms:*' }),
  Match.objectEquals({
    Effect: 'Allow',
    Principal: { Service: 'sms-voice.amazonaws.com' },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111111111111' } },
  }),
];

const PUBLISH_STATEMENT = '{"Action":"sns:Publish",' +
  '"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"},' +
  '"ArnLike":{"aws:SourceArn":"arn:${AWS::Partition}:sms-voice:eu-west-1:111111111111:configuration-set/messages"}},' +
  `"Effect":"Allow","Principal":{"Service":"sms-voice.amazonaws.com"},"Resource":"${TOPIC_ARN}"}`;

const KEY_STATEMENT = '{"Action":["kms:GenerateDataKey","kms:Decrypt"],"Condition":{"StringEqualsIfExists":{"aws:SourceAccount":"111111111111"}},' +
  '"Effect":"Allow","Principal":{"Service":"sms-voice.amazonaws.com"},"Resource":"*"}';

const warningOfTopic = `the policy of the imported topic 'Stack/Topic' cannot be changed from here: add to it ${PUBLISH_STATEMENT}, ` +
  'and if the topic has a key, let sms-voice.amazonaws.com use that [ack: cdk-pinpoint-event-stream:topic-policy]';

const warningOfImportedKey = (path: string) =>
  `the policy of the imported key '${path}' cannot be changed from here: add to it ${KEY_STATEMENT} [ack: cdk-pinpoint-event-stream:topic-key-policy]`;

const warningOfKey = (path: string) =>
  `the key '${path}' now lets sms-voice.amazonaws.com use it for all that it protects: ` +
  'give the topic a key of its own [ack: cdk-pinpoint-event-stream:topic-key-shared]';

/** Adds the event destination `Alarm` of the configuration set `messages`. */
function addAlarm(stack: Stack, topic?: sns.ITopic) {
  const messages = new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName: 'messages' });
  return messages.addEventDestination('Alarm', { destination: new SnsTopicDestination(topic) });
}

/** What the CDK CLI prints about the event destination. */
function printedIn(stack: Stack): { errors: unknown[]; warnings: unknown[] } {
  const annotations = Annotations.fromStack(stack);
  const [errors, warnings] = [annotations.findError('/Stack/Messages/Alarm', Match.anyValue()), annotations.findWarning('*', Match.anyValue())];
  return { errors: errors.map(({ entry }) => entry.data), warnings: warnings.map(({ entry }) => entry.data) };
}

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('an SNS topic destination without a topic', () => {
  it('creates one that refuses plain HTTP, and that this configuration set of this account may publish to', () => {
    // WHEN
    const { topic } = addAlarm(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, publish],
      },
    });
    expect(topic!.node.path).toBe('Stack/Messages/Alarm/Topic');
  });

  it('encrypts it with a key that is rotated, open to End User Messaging, and deleted with it', () => {
    // WHEN
    addAlarm(stack);

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arnOf('MessagesAlarmTopicKey') });
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true, KeyPolicy: { Statement: keyStatements } }, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete',
    });
  });

  it('has no warning: the key protects nothing else', () => {
    // WHEN
    addAlarm(stack);

    // THEN
    expect(printedIn(stack)).toEqual({ errors: [], warnings: [] });
  });

  it('opens the key that a property injector of the app gives to it instead, and warns of it', () => {
    // GIVEN
    const masterKey = new kms.Key(stack, 'Key');
    PropertyInjectors.of(stack).add({ constructUniqueId: sns.Topic.PROPERTY_INJECTION_ID, inject: (props) => ({ ...props, masterKey }) });

    // WHEN
    addAlarm(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arnOf('Key') });
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: Match.absent(), KeyPolicy: { Statement: keyStatements } });
    expect(printedIn(stack)).toEqual({ errors: [], warnings: [warningOfKey('Stack/Key')] });
  });
});

describe('an SNS topic destination with a topic', () => {
  it('lets End User Messaging publish to it, by the policy of the topic, without a role, and without a warning', () => {
    // WHEN
    addAlarm(stack, new sns.Topic(stack, 'Topic'));

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: [publish] } });
    template.hasResource(TYPE, { DependsOn: [Match.stringLikeRegexp('^TopicPolicy')] });
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::IAM::Role', 0);
    expect(printedIn(stack)).toEqual({ errors: [], warnings: [] });
  });

  it.each<[string, (key: kms.Key) => kms.IKey, string]>([
    ['key', (key) => key, 'Stack/Key'],
    ['key, known by an alias,', (key) => new kms.Alias(stack, 'Alias', { aliasName: 'messages', targetKey: key }), 'Stack/Alias'],
  ])('lets End User Messaging use its %s by the policy of the key, and warns that it may do so for all that the key protects', (_, masterKeyOf, path) => {
    // GIVEN
    const topic = new sns.Topic(stack, 'Topic', { masterKey: masterKeyOf(new kms.Key(stack, 'Key')) });

    // WHEN
    addAlarm(stack, topic);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: keyStatements } });
    expect(printedIn(stack)).toEqual({ errors: [], warnings: [warningOfKey(path)] });
  });

  it.each<[string, (scope: Stack) => kms.IKey]>([
    ['key that is imported', (scope) => kms.Key.fromKeyArn(scope, 'Key', KEY_ARN)],
    ['key that is imported by its alias', (scope) => kms.Alias.fromAliasName(scope, 'Key', 'alias/messages')],
  ])('leaves the policy of a %s to its owner, and says what it must have', (_, masterKeyIn) => {
    // GIVEN
    const topic = new sns.Topic(stack, 'Topic', { masterKey: masterKeyIn(stack) });

    // WHEN
    addAlarm(stack, topic);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: [publish] } });
    expect(printedIn(stack)).toEqual({ errors: [], warnings: [warningOfImportedKey('Stack/Key')] });
  });

  it.each<[string, (scope: Stack) => sns.ITopic, string[]]>([
    ['an imported topic', (scope) => sns.Topic.fromTopicArn(scope, 'Topic', TOPIC_ARN), [warningOfTopic]],
    ['an imported topic and its key', (scope) => sns.Topic.fromTopicAttributes(scope, 'Topic', { topicArn: TOPIC_ARN, keyArn: KEY_ARN }),
      [warningOfTopic, warningOfImportedKey('Stack/Topic/Key')]],
  ])('leaves the policies of %s to their owner, and says what they must have', (_, topicIn, warnings) => {
    // GIVEN
    const topic = topicIn(stack);

    // WHEN
    addAlarm(stack, topic);

    // THEN
    const template = Template.fromStack(stack);
    template.hasResource(TYPE, { Properties: { EventDestinations: [{ SnsDestination: { TopicArn: TOPIC_ARN } }] }, DependsOn: Match.absent() });
    template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
    expect(printedIn(stack)).toEqual({ errors: [], warnings });
  });

  it('serves any number of configuration sets, each of which may publish', () => {
    // GIVEN
    const destination = new SnsTopicDestination(new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key') }));

    // WHEN
    for (const configurationSetName of ['messages', 'others']) {
      new SmsVoiceConfigurationSet(stack, configurationSetName, { configurationSetName }).addEventDestination('Alarm', { destination });
    }

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: [publish, { Action: 'sns:Publish' }] } });
    template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: keyStatements } });
  });

  it.each<[string, (scope: Stack) => sns.ITopic]>([
    ['FIFO topic', (scope) => new sns.Topic(scope, 'Topic', { fifo: true })],
    ['imported FIFO topic', (scope) => sns.Topic.fromTopicArn(scope, 'Topic', `${TOPIC_ARN}.fifo`)],
  ])('cannot have a %s', (_, topicIn) => {
    // WHEN
    addAlarm(stack, topicIn(stack));

    // THEN
    expect(printedIn(stack).errors).toEqual(["destination must be a standard topic, got the FIFO topic 'Stack/Topic'"]);
  });

  it('cannot have a topic with the AWS managed key, which nobody can open to End User Messaging', () => {
    // GIVEN
    const topic = new sns.Topic(stack, 'Topic', { masterKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/aws/sns') });

    // WHEN
    addAlarm(stack, topic);

    // THEN
    expect(printedIn(stack).errors).toEqual([
      "AWS End User Messaging cannot use alias/aws/sns, the key of the topic 'Stack/Topic': encrypt the topic with a customer managed key",
    ]);
  });

  it.each([`${TOPIC_ARN}:11111111-2222-3333-4444-555555555555`, 'arn:aws:sqs:eu-west-1:111111111111:messages'])('cannot have the ARN %s', (arn) => {
    // WHEN
    addAlarm(stack, sns.Topic.fromTopicArn(stack, 'Topic', arn));

    // THEN
    expect(printedIn(stack).errors).toEqual([`destination must be the ARN of an SNS topic (arn:…:sns:REGION:ACCOUNT:NAME), got '${arn}'`]);
  });

  it('cannot have a queue in its place, also in languages that do not check it', () => {
    // GIVEN
    const queue = new sqs.Queue(stack, 'Queue') as unknown as sns.ITopic;

    // WHEN
    const add = () => addAlarm(stack, queue);

    // THEN
    expect(add).toThrow("SnsTopicDestination takes a topic, got 'Stack/Queue' (at Stack/Messages/Alarm)");
  });
});
