import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './sms-voice-event-destination';
import { TOPIC } from '../private/arn';
import { reportError } from '../private/report';
import { SingleUse } from '../private/single-use';
import { validatePassedIn } from '../private/validation';

/**
 * Sends the events of AWS End User Messaging to an SNS topic.
 *
 * With a topic of yours, one destination serves any number of event destinations. Without one, it serves a single event
 * destination, and creates a topic under it. That topic refuses plain HTTP and is encrypted with a new customer managed key, which
 * AWS charges for. Topic and key are deleted with the event destination. A topic keeps no events: only its subscribers receive them.
 *
 * The configuration set adds a statement to the topic's policy that lets AWS End User Messaging publish to it. If the topic has a
 * key, the key's policy gets a statement that lets AWS End User Messaging use the key for this account. That covers everything the
 * key protects, so a warning asks you to give the topic a key that protects nothing else. The policies of an imported topic or key
 * stay as they are. A warning says what their owner must add.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-sns-creating-role.html
 *
 * @example
 * import * as sns from 'aws-cdk-lib/aws-sns';
 * import { SnsTopicDestination } from 'cdk-pinpoint-event-stream';
 *
 * declare const topic: sns.ITopic;
 * const toYourTopic = new SnsTopicDestination(topic);
 * const toNewTopic = new SnsTopicDestination();
 */
export class SnsTopicDestination implements ISmsVoiceEventDestination {
  private readonly singleUse = new SingleUse('SnsTopicDestination', 'topic');

  /**
   * Creates a destination for your topic, or for a new one.
   *
   * @param topic The topic, in the configuration set's region and account. Without it, the destination creates one.
   */
  constructor(private readonly topic?: sns.ITopic) {}

  /**
   * Binds this to an event destination of a configuration set, which calls this.
   *
   * Throws if you passed no topic and another event destination already uses this destination. Reports an error if the ARN is
   * known and is not the ARN of a topic, if the topic is a FIFO topic, or if its key is `alias/aws/sns`. Nobody can let AWS End
   * User Messaging use that key, the AWS managed key of SNS.
   *
   * @param scope the event destination
   * @returns the topic
   */
  public bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig {
    const topic = this.topic ?? this.createTopic(scope);
    validatePassedIn(scope, 'SnsTopicDestination takes a topic', topic, topic.topicArn, TOPIC);
    if (topic.fifo) {
      reportError(scope, `destination must be a standard topic, got the FIFO topic '${topic.node.path}'`);
    }
    if ((topic.masterKey as kms.IAlias | undefined)?.aliasName === 'alias/aws/sns') {
      reportError(scope, `AWS End User Messaging cannot use alias/aws/sns, the key of the topic '${topic.node.path}': encrypt the topic with a customer managed key`);
    }
    return { topic };
  }

  private createTopic(scope: Construct): sns.Topic {
    this.singleUse.claimFor(scope);
    const masterKey = new kms.Key(scope, 'TopicKey', {
      description: 'Encrypts the events of AWS End User Messaging in their topic',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new sns.Topic(scope, 'Topic', { masterKey, enforceSSL: true });
  }
}
