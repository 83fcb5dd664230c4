import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IDependable } from 'constructs';

/**
 * Where a configuration set of AWS End User Messaging sends its events.
 *
 * Use `EventLake`, `FirehoseDestination`, `CloudWatchLogsDestination` or `SnsTopicDestination`, or write one, which can leave
 * the permissions to the method of one of these. AWS End User Messaging does not send events to Kinesis
 * data streams.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-destinations.html
 */
export interface ISmsVoiceEventDestination {
  /**
   * Called once for each event destination of a configuration set that uses this destination.
   *
   * May throw, and so end the synthesis, where the destination cannot serve that configuration set.
   *
   * @param scope the event destination, under which resources that the destination creates belong
   * @returns what the configuration set and its role need to know of the destination
   */
  bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig;
}

/**
 * What a configuration set needs to know of an event destination: exactly one of a delivery stream, a log group and a topic.
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
   * AWS End User Messaging assumes no role for it. The topic's own policy is told to let it publish.
   *
   * @default - the destination is not an SNS topic
   */
  readonly topic?: sns.ITopic;

  /**
   * What the role that AWS End User Messaging assumes must be allowed to do.
   *
   * Nothing is added to it: `firehose:PutRecord` on a delivery stream, and `kms:GenerateDataKey` and `kms:Decrypt` on
   * its key where that is a customer managed one; `logs:CreateLogStream`, `logs:DescribeLogStreams` and
   * `logs:PutLogEvents` on a log group.
   *
   * @default - nothing, as for a topic, which needs no role
   */
  readonly policyStatements?: iam.PolicyStatement[];

  /**
   * The bucket that the destination created for the events.
   *
   * @default - the destination created no bucket
   */
  readonly bucket?: s3.IBucket;

  /**
   * What must exist before events can arrive, apart from the delivery stream, the log group or the topic itself.
   *
   * The configuration set is created after these and deleted before them.
   *
   * @default - nothing
   */
  readonly dependables?: IDependable[];
}
