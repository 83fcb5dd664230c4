import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IDependable } from 'constructs';
import { EventStreamDestinationConfig, IEventStreamDestination } from './event-stream-destination';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './sms-voice-event-destination';
import { SingleUse } from '../private/single-use';

interface DeliveryStreamConfig {
  readonly deliveryStream: firehose.IDeliveryStream;
  readonly bucket?: s3.IBucket;
  readonly dependables?: IDependable[];
}

/**
 * Sends the events of Amazon Pinpoint, or of AWS End User Messaging, to a Firehose delivery stream.
 *
 * One that is given a delivery stream serves any number of event streams, of both kinds. One without
 * creates a delivery stream under the event stream that uses it, for that one alone, with
 * server-side encryption, a role of its own and a log group for delivery errors. It delivers
 * to a new bucket that is encrypted, refuses plain HTTP and public access, and is retained
 * when it is removed from its stack, unless the deployment that creates it fails. The created
 * delivery stream is deleted with the event stream or after it has moved, and with it what
 * Firehose has buffered and not delivered yet, which can be the events of five minutes.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-streams.html
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-kinesis-creating-role.html
 *
 * @example
 * import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
 * import { FirehoseDestination } from 'cdk-pinpoint-event-stream';
 *
 * declare const deliveryStream: firehose.IDeliveryStream;
 * const toYourDeliveryStream = new FirehoseDestination(deliveryStream);
 * const toNewDeliveryStream = new FirehoseDestination();
 */
export class FirehoseDestination implements IEventStreamDestination, ISmsVoiceEventDestination {
  private readonly singleUse = new SingleUse('FirehoseDestination', 'delivery stream');

  /**
   * A destination that is your delivery stream, or a new one.
   *
   * @param deliveryStream The delivery stream, in the event stream's region and account. Without it, one is created.
   */
  constructor(private readonly deliveryStream?: firehose.IDeliveryStream) {}

  /**
   * Called by the event stream of an Amazon Pinpoint application.
   *
   * Throws if no delivery stream was passed in and another event stream uses this destination already.
   *
   * @param scope the event stream
   * @returns the delivery stream, what Pinpoint's role may do with it, and the bucket if one was created
   */
  public bind(scope: Construct): EventStreamDestinationConfig {
    const config = this.getOrCreate(scope, 'an Amazon Pinpoint event stream');
    const { deliveryStreamArn } = config.deliveryStream;
    return {
      ...config,
      destinationArn: deliveryStreamArn,
      // `DeliveryStream.grantPutRecords()` does not fit: it lacks DescribeDeliveryStream, and allows PutRecord.
      policyStatements: [new iam.PolicyStatement({
        actions: ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'],
        resources: [deliveryStreamArn],
      })],
    };
  }

  /**
   * Called by the event stream of AWS End User Messaging.
   *
   * Throws if no delivery stream was passed in and another event stream uses this destination already.
   *
   * @param scope the event destination
   * @returns the delivery stream, what the role of AWS End User Messaging may do with it, and the bucket if one was created
   */
  public bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig {
    const config = this.getOrCreate(scope, 'an AWS End User Messaging event stream');
    return {
      ...config,
      policyStatements: [new iam.PolicyStatement({
        actions: ['firehose:PutRecord'],
        resources: [config.deliveryStream.deliveryStreamArn],
      })],
    };
  }

  private getOrCreate(scope: Construct, source: string): DeliveryStreamConfig {
    return this.deliveryStream ? { deliveryStream: this.deliveryStream } : this.create(scope, source);
  }

  private create(scope: Construct, source: string): DeliveryStreamConfig {
    this.singleUse.claimFor(scope);
    const bucket = new s3.Bucket(scope, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // A bucket that stays goes on refusing plain HTTP.
    bucket.policy!.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    const logGroup = new logs.LogGroup(scope, 'DeliveryStreamLogs', { removalPolicy: RemovalPolicy.DESTROY });
    const role = createDeliveryRole(scope, source, bucket, logGroup);
    const deliveryStream = new firehose.DeliveryStream(scope, 'DeliveryStream', {
      encryption: firehose.StreamEncryption.awsOwnedKey(),
      // Without policy updates: the CDK's own grants would add s3:GetObject* and the like.
      destination: new firehose.S3Bucket(bucket, {
        role: role.withoutPolicyUpdates(),
        loggingConfig: new firehose.EnableLogging(logGroup),
      }),
    });
    return { deliveryStream, bucket, dependables: [deliveryStream] };
  }
}

/**
 * The role with which Firehose delivers, with the actions that AWS documents for a bucket.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
 */
function createDeliveryRole(scope: Construct, source: string, bucket: s3.IBucket, logGroup: logs.ILogGroup): iam.Role {
  return new iam.Role(scope, 'DeliveryStreamRole', {
    description: `Delivers the events of ${source} to their bucket`,
    // Firehose passes the account for which it acts as the external ID.
    assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': Stack.of(scope).account } },
    }),
    inlinePolicies: {
      Delivery: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
            resources: [bucket.bucketArn],
          }),
          new iam.PolicyStatement({
            actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
            resources: [bucket.arnForObjects('*')],
          }),
          new iam.PolicyStatement({
            actions: ['logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    },
  });
}
