import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './sms-voice-event-destination';
import { SingleUse } from '../private/single-use';

/**
 * Sends the events of AWS End User Messaging to an SNS topic.
 *
 * One that is given a topic serves any number of event streams. One without creates a topic
 * under the event stream that uses it, for that one alone. It refuses plain HTTP, and is encrypted
 * with a new customer managed key, which has a price of its own. Both are deleted with the event stream,
 * since a topic keeps no events: who does not subscribe to it receives none.
 *
 * The event stream lets AWS End User Messaging publish to the topic, by the topic's policy, and use
 * its key where it is encrypted, by the key's policy: without conditions, as AWS documents it, so pass a topic whose
 * key protects nothing else. Policies of what is imported stay as they are, so
 * that their owner must allow it: `sns:Publish` on the topic, `kms:GenerateDataKey` and `kms:Decrypt` on the
 * key, to `sms-voice.amazonaws.com`. The AWS managed key of SNS, `alias/aws/sns`, cannot be used, since nobody can
 * change its policy. Whether a FIFO topic can is not documented.
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
   * @param topic The topic, in the event stream's region. Without it, one is created.
   */
  constructor(private readonly topic?: sns.ITopic) {}

  /**
   * Called by the event stream.
   *
   * Throws if no topic was passed in and another event destination uses this destination already.
   *
   * @param scope the event destination
   * @returns the topic
   */
  public bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig {
    return { topic: this.topic ?? this.createTopic(scope) };
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
