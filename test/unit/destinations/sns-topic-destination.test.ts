import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SmsVoiceEventStream, SnsTopicDestination } from '../../../src';
import { arnInStack, arnOf, newStack } from '../../support/synth';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111111111111:messages';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';

/** Matches what lets the configuration set of the event stream `Events` publish. */
const publish = Match.objectEquals({
  Sid: Match.anyValue(),
  Effect: 'Allow',
  Principal: { Service: 'sms-voice.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: { Ref: Match.stringLikeRegexp('Topic') },
  Condition: {
    StringEquals: { 'aws:SourceAccount': '111111111111' },
    ArnLike: { 'aws:SourceArn': arnInStack('sms-voice:eu-west-1:111111111111:configuration-set/Stack-Events-0B6038A5') },
  },
});

/** Matches what lets End User Messaging encrypt, and the account have its key. */
const keyStatements = [
  Match.objectLike({ Action: 'kms:*' }),
  Match.objectEquals({
    Effect: 'Allow', Principal: { Service: 'sms-voice.amazonaws.com' }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*',
  }),
];

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('an SNS topic destination without a topic', () => {
  it('creates one that refuses plain HTTP, and that this configuration set of this account may publish to', () => {
    // WHEN
    const events = new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination() });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, publish],
      },
    });
    expect(events.topic!.node.path).toBe('Stack/Events/DestinationEvents/Topic');
  });

  it('encrypts it with a key that is rotated, and deleted with it', () => {
    // WHEN
    new SnsTopicDestination().bindAsSmsVoiceEventDestination(stack);

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arnOf('TopicKey') });
    template.hasResource('AWS::KMS::Key', { Properties: { EnableKeyRotation: true }, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

describe('an SNS topic destination with a topic', () => {
  it('lets End User Messaging publish to it, by the policy of the topic, without a role', () => {
    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination(new sns.Topic(stack, 'Topic')) });

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: [publish] } });
    template.hasResource('AWS::SMSVOICE::ConfigurationSet', { DependsOn: [Match.stringLikeRegexp('^TopicPolicy')] });
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::IAM::Role', 0);
  });

  it('lets End User Messaging use its key, by the policy of the key', () => {
    // GIVEN
    const topic = new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key') });

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination(topic) });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: keyStatements } });
  });

  it('leaves the policies of an imported topic and its key to their owner', () => {
    // GIVEN
    const topic = sns.Topic.fromTopicAttributes(stack, 'Topic', { topicArn: TOPIC_ARN, keyArn: KEY_ARN });

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination(topic) });

    // THEN
    const template = Template.fromStack(stack);
    template.hasResource('AWS::SMSVOICE::ConfigurationSet', {
      Properties: { EventDestinations: [{ SnsDestination: { TopicArn: TOPIC_ARN } }] },
      DependsOn: Match.absent(),
    });
    template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });

  it('serves any number of event streams, each of which may publish', () => {
    // GIVEN
    const destination = new SnsTopicDestination(new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key') }));

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination });
    new SmsVoiceEventStream(stack, 'Others', { destination });

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: [publish, { Action: 'sns:Publish' }] } });
    template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: keyStatements } });
  });
});
