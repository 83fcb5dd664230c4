import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IDependable } from 'constructs';

/**
 * Where an event stream sends its events.
 *
 * Use `EventLake`, `KinesisStreamDestination` or `FirehoseDestination`, or implement your own. Your `bind()` can create a
 * resource, pass it to one of these classes, and return what the `bind()` of that class returns, permissions included.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams.html
 *
 * @example
 * import { Duration } from 'aws-cdk-lib';
 * import * as kinesis from 'aws-cdk-lib/aws-kinesis';
 * import { EventStreamDestinationConfig, IEventStreamDestination, KinesisStreamDestination } from 'cdk-pinpoint-event-stream';
 * import { Construct } from 'constructs';
 *
 * class WeekLongStreamDestination implements IEventStreamDestination {
 *   public bind(scope: Construct): EventStreamDestinationConfig {
 *     const stream = new kinesis.Stream(scope, 'Stream', { retentionPeriod: Duration.days(7) });
 *     return new KinesisStreamDestination(stream).bind(scope);
 *   }
 * }
 */
export interface IEventStreamDestination {
  /**
   * Binds the destination to an event stream. Each event stream that uses the destination calls this once.
   *
   * May throw if the destination cannot serve that event stream, which ends the synthesis.
   *
   * @param scope the event stream, which is the scope for resources that the destination creates
   * @returns what the event stream and its role need to know of the destination
   */
  bind(scope: Construct): EventStreamDestinationConfig;
}

/**
 * What an event stream needs to know of its destination.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-streams.html
 */
export interface EventStreamDestinationConfig {
  /**
   * The ARN of the Kinesis data stream or of the Firehose delivery stream, in the event stream's region and account.
   *
   * The event stream reports an error if this is the ARN of another kind of resource, or names another region or account. It
   * throws if this refers to a resource of the app in another region or account.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-eventstream.html
   */
  readonly destinationArn: string;

  /**
   * The permissions of the role that Amazon Pinpoint assumes. The event stream adds no others.
   *
   * - For a data stream: `kinesis:PutRecords` and `kinesis:DescribeStream`, and `kms:GenerateDataKey` on its key if that is a
   *   customer managed key.
   * - For a delivery stream: `firehose:PutRecordBatch` and `firehose:DescribeDeliveryStream`, and `kms:GenerateDataKey` and
   *   `kms:Decrypt` on its key if that is a customer managed key.
   */
  readonly policyStatements: iam.PolicyStatement[];

  /**
   * The Kinesis data stream, if this is one.
   *
   * @default - the destination is not a Kinesis data stream
   */
  readonly stream?: kinesis.IStream;

  /**
   * The Firehose delivery stream, or a reference to it, if this is one.
   *
   * @default - the destination is not a Firehose delivery stream
   */
  readonly deliveryStream?: firehose.IDeliveryStreamRef;

  /**
   * The bucket that the destination created for the events.
   *
   * @default - the destination created no bucket
   */
  readonly bucket?: s3.IBucket;

  /**
   * What else must exist before events can arrive, besides the resource that `destinationArn` refers to.
   *
   * The event stream is created after these and deleted before them.
   *
   * @default - nothing
   */
  readonly dependables?: IDependable[];
}
