import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IDependable } from 'constructs';

/**
 * Where an event stream sends its events.
 *
 * Use `EventLake`, `KinesisStreamDestination` or `FirehoseDestination`, or write one, which can leave
 * the permissions to the `bind()` of one of these.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams.html
 */
export interface IEventStreamDestination {
  /**
   * Called once by each event stream that uses this destination.
   *
   * May throw, and so end the synthesis, where the destination cannot serve that event stream.
   *
   * @param scope the event stream, under which resources that the destination creates belong
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
   * Reports an error if it is another resource's ARN, or names another region or account. Throws if it refers to a
   * resource of the app there.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-eventstream.html
   */
  readonly destinationArn: string;

  /**
   * What the role that Amazon Pinpoint assumes must be allowed to do.
   *
   * Nothing is added to it: `kinesis:PutRecords` and `kinesis:DescribeStream` on a data stream, and
   * `kms:GenerateDataKey` on its key where that is a customer managed one; `firehose:PutRecordBatch` and
   * `firehose:DescribeDeliveryStream` on a delivery stream, and `kms:GenerateDataKey` and `kms:Decrypt` on its key.
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
   * What must exist before events can arrive, apart from what `destinationArn` refers to.
   *
   * The event stream is created after these and deleted before them.
   *
   * @default - nothing
   */
  readonly dependables?: IDependable[];
}
