import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SmsVoiceEventStream, SnsTopicDestination } from '../../../src';
import { newStack, resourceOf, resourcesOf } from '../../support/synth';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111111111111:messages';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';

/** What lets the configuration set of the event stream `Events` publish to a topic. */
function publish(topic: string): unknown {
  return {
    Sid: expect.anything(),
    Effect: 'Allow',
    Principal: { Service: 'sms-voice.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: { Ref: topic },
    Condition: {
      StringEquals: { 'aws:SourceAccount': '111111111111' },
      ArnLike: {
        'aws:SourceArn': {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sms-voice:eu-west-1:111111111111:configuration-set/Stack-Events-0B6038A5']],
        },
      },
    },
  };
}

/** What lets End User Messaging encrypt for a topic. */
const useKey = { Effect: 'Allow', Principal: { Service: 'sms-voice.amazonaws.com' }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' };

function keyStatements(stack: Stack): unknown[] {
  return resourceOf(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
}

describe('an SNS topic destination without a topic', () => {
  let stack: Stack;
  let events: SmsVoiceEventStream;

  beforeEach(() => {
    stack = newStack();
    events = new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination() });
  });

  it('creates one that refuses plain HTTP, and that this configuration set of this account may publish to', () => {
    // WHEN
    const { logicalId } = resourceOf(stack, 'AWS::SNS::Topic');

    // THEN
    expect(resourceOf(stack, 'AWS::SNS::TopicPolicy').Properties).toEqual({
      Topics: [{ Ref: logicalId }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          expect.objectContaining({ Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          publish(logicalId),
        ],
      },
    });
    expect(stack.resolve(events.topic!.topicArn)).toEqual({ Ref: logicalId });
    expect(events).toMatchObject({ role: undefined, deliveryStream: undefined, bucket: undefined, logGroup: undefined });
  });

  it('encrypts it with a key that is rotated, and deleted with it', () => {
    // WHEN
    const key = resourceOf(stack, 'AWS::KMS::Key');

    // THEN
    expect(resourceOf(stack, 'AWS::SNS::Topic').Properties).toEqual({ KmsMasterKeyId: { 'Fn::GetAtt': [key.logicalId, 'Arn'] } });
    expect(key).toMatchObject({ Properties: { EnableKeyRotation: true }, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(keyStatements(stack)).toEqual([expect.objectContaining({ Action: 'kms:*' }), useKey]);
  });

  it('needs no role', () => {
    // THEN
    expect(resourcesOf(stack, 'AWS::IAM::Role')).toEqual([]);
    expect(resourceOf(stack, 'AWS::SMSVOICE::ConfigurationSet').Properties.EventDestinations).toEqual([{
      EventDestinationName: 'Events',
      Enabled: true,
      MatchingEventTypes: ['ALL'],
      SnsDestination: { TopicArn: { Ref: resourceOf(stack, 'AWS::SNS::Topic').logicalId } },
    }]);
  });

  it('lets the configuration set wait for the policy of the topic', () => {
    // THEN
    expect(resourceOf(stack, 'AWS::SMSVOICE::ConfigurationSet').DependsOn).toEqual([resourceOf(stack, 'AWS::SNS::TopicPolicy').logicalId]);
  });

  it('is refused to a second event destination', () => {
    // GIVEN
    const destination = new SnsTopicDestination();
    events.addEventDestination('First', { destination });

    // WHEN
    const again = () => events.addEventDestination('Second', { destination });

    // THEN
    expect(again).toThrow(
      'a SnsTopicDestination without a topic creates one for a single event stream, and Stack/Events/DestinationFirst uses this one already: ' +
      'create the topic yourself and pass it to SnsTopicDestination, which can then serve both (at Stack/Events/DestinationSecond)');
  });
});

describe('an SNS topic destination with a topic', () => {
  it('lets End User Messaging publish to it', () => {
    // GIVEN
    const stack = newStack();
    const topic = new sns.Topic(stack, 'Topic');

    // WHEN
    const events = new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination(topic) });

    // THEN
    const { logicalId } = resourceOf(stack, 'AWS::SNS::Topic');
    expect(resourceOf(stack, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement).toEqual([publish(logicalId)]);
    expect(resourcesOf(stack, 'AWS::KMS::Key')).toEqual([]);
    expect(events.topic).toBe(topic);
  });

  it('lets End User Messaging use its key', () => {
    // GIVEN
    const stack = newStack();
    const topic = new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key') });

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination(topic) });

    // THEN
    expect(keyStatements(stack)).toEqual([expect.objectContaining({ Action: 'kms:*' }), useKey]);
  });

  it('leaves the policies of an imported topic and its key to their owner', () => {
    // GIVEN
    const stack = newStack();
    const topic = sns.Topic.fromTopicAttributes(stack, 'Topic', { topicArn: TOPIC_ARN, keyArn: KEY_ARN });

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination: new SnsTopicDestination(topic) });

    // THEN
    const configurationSet = resourceOf(stack, 'AWS::SMSVOICE::ConfigurationSet');
    expect(configurationSet.Properties.EventDestinations[0].SnsDestination).toEqual({ TopicArn: TOPIC_ARN });
    expect(configurationSet.DependsOn).toBeUndefined();
    expect(resourcesOf(stack, 'AWS::SNS::TopicPolicy')).toEqual([]);
  });

  it('serves any number of event streams, each of which may publish', () => {
    // GIVEN
    const stack = newStack();
    const destination = new SnsTopicDestination(new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key') }));

    // WHEN
    new SmsVoiceEventStream(stack, 'Events', { destination });
    new SmsVoiceEventStream(stack, 'Others', { destination });

    // THEN
    expect(resourceOf(stack, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement).toHaveLength(2);
    expect(keyStatements(stack)).toHaveLength(2);
  });
});
