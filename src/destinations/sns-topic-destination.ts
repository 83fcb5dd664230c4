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
 * One that is given a topic serves any number of event destinations. One without creates a topic
 * under the event destination that uses it, for that one alone. It refuses plain HTTP, and is encrypted
 * with a new customer managed key, which has a price of its own. Both are deleted with it,
 * since a topic keeps no events: who does not subscribe to it receives none.
 *
 * The configuration set lets AWS End User Messaging publish to the topic, by the topic's policy, and use
 * its key where it is encrypted, by the key's policy: for this account, and for all that the key protects, so a warning
 * asks for a topic whose key protects nothing else. Policies of what is imported stay as they are: a warning says what
 * their owner must add.
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
   * A destination that is your topic, or a new one.
   *
   * @param topic The topic, in the configuration set's region and account. Without it, one is created.
   */
  constructor(private readonly topic?: sns.ITopic) {}

  /**
   * Called by the configuration set.
   *
   * Throws if no topic was passed in and another event destination uses this destination already. Reports an error
   * if the ARN is known, and not that of a topic; if the topic is a FIFO topic; or if its key is
   * `alias/aws/sns`, the AWS managed key of SNS, which nobody can open to AWS End User Messaging.
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
