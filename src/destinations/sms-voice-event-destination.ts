import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IDependable } from 'constructs';

/**
 * Where a configuration set of AWS End User Messaging sends its events.
 *
 * Use `EventLake`, `FirehoseDestination`, `CloudWatchLogsDestination` or `SnsTopicDestination`, or implement your own. Your
 * method can create a resource, pass it to one of these classes, and return what the same method of that class returns,
 * permissions included. AWS End User Messaging does not send events to Kinesis data streams.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-destinations.html
 */
export interface ISmsVoiceEventDestination {
  /**
   * Binds this to an event destination of a configuration set. Each event destination that uses it calls this once.
   *
   * May throw if it cannot serve that configuration set, which ends the synthesis.
   *
   * @param scope the event destination, which is the scope for resources that are created here
   * @returns what the configuration set and its role need to know of the destination
   */
  bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig;
}

/**
 * What a configuration set needs to know of an event destination: exactly one delivery stream, log group or topic, and how to reach it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-smsvoice-configurationset-eventdestination.html
 */
export interface SmsVoiceEventDestinationConfig {
  /**
   * The Firehose delivery stream, or a reference to it, if this is one.
   *
   * @default - the destination is not a Firehose delivery stream
   */
  readonly deliveryStream?: firehose.IDeliveryStreamRef;

  /**
   * The CloudWatch log group, if this is one.
   *
   * @default - the destination is not a CloudWatch log group
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * The SNS topic, if this is one.
   *
   * AWS End User Messaging assumes no role for it. The configuration set adds a statement to the topic's policy that lets it publish.
   *
   * @default - the destination is not an SNS topic
   */
  readonly topic?: sns.ITopic;

  /**
   * The permissions of the role that AWS End User Messaging assumes. The configuration set adds no others.
   *
   * - For a delivery stream: `firehose:PutRecord`, and `kms:GenerateDataKey` and `kms:Decrypt` on its key if that is a customer
   *   managed key.
   * - For a log group: `logs:CreateLogStream`, `logs:DescribeLogStreams` and `logs:PutLogEvents`.
   *
   * @default - none, as for a topic, which needs no role
   */
  readonly policyStatements?: iam.PolicyStatement[];

  /**
   * The bucket that the destination created for the events.
   *
   * @default - the destination created no bucket
   */
  readonly bucket?: s3.IBucket;

  /**
   * What else must exist before events can arrive, besides the delivery stream, the log group or the topic.
   *
   * The configuration set is created after these and deleted before them.
   *
   * @default - nothing
   */
  readonly dependables?: IDependable[];
}
