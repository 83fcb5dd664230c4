import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IDependable } from 'constructs';
import { EventStreamDestinationConfig, IEventStreamDestination } from './event-stream-destination';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './sms-voice-event-destination';
import { DELIVERY_STREAM } from '../private/arn';
import { deliveryStreamResourceOf } from '../private/delivery-stream';
import { warnOfUnknownKey } from '../private/encryption-key';
import { createBucket, createDeliveryStream, validateRegion } from '../private/event-delivery';
import { errorAt } from '../private/report';
import { PINPOINT, Sender, SMS_VOICE } from '../private/senders';
import { SingleUse } from '../private/single-use';
import { isKnown, printable, referencesIn } from '../private/tokens';
import { validatePassedIn } from '../private/validation';

interface DeliveryStreamConfig {
  readonly deliveryStream: firehose.IDeliveryStreamRef;
  readonly bucket?: s3.IBucket;
  readonly dependables?: IDependable[];
}

/**
 * Sends the events of Amazon Pinpoint, or of AWS End User Messaging, to a Firehose delivery stream.
 *
 * With a delivery stream of yours, one destination serves any number of event streams and event destinations. Without one, it
 * serves a single event stream or event destination, and creates under it:
 *
 * - a delivery stream with server-side encryption, a role, and a log group for delivery errors
 * - a bucket that is encrypted, refuses plain HTTP and public access, and is retained when it is removed from its stack, unless
 *   the deployment that creates it fails
 *
 * The objects in that bucket are compressed by GZIP and have one JSON record per line. They are below `pinpoint/day=YYYY-MM-DD/` or
 * `sms-voice/day=YYYY-MM-DD/`, in UTC, and what Firehose cannot process is below `errors/`. This is the layout of an `EventLake`,
 * without its tables.
 *
 * A delivery stream that was created here is deleted with the event stream, or after the event stream has moved away. What Firehose
 * has buffered by then, up to five minutes of events, is lost.
 *
 * If a customer managed key encrypts the delivery stream, the role that writes to it may use the key. The key is not known for an
 * imported delivery stream, or if an alias names it. A warning then says what to grant.
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
   * Creates a destination for your delivery stream, or for a new one.
   *
   * @param deliveryStream The delivery stream, in the event stream's region and account, or a reference to it, such as a
   * `CfnDeliveryStream`. Without it, the destination creates one.
   */
  constructor(private readonly deliveryStream?: firehose.IDeliveryStreamRef) {}

  /**
   * Binds the destination to the event stream of an Amazon Pinpoint application, which calls this.
   *
   * Throws if the delivery stream that you passed has a source, such as a data stream. If you passed none, throws if another
   * event stream or event destination already uses this destination, or if the CDK cannot create a delivery stream in the
   * region. Reports an error if the ARN is known and is not the ARN of a delivery stream.
   *
   * @param scope the event stream
   * @returns the delivery stream, what Pinpoint's role may do with it, and the bucket if one was created
   */
  public bind(scope: Construct): EventStreamDestinationConfig {
    const config = this.getOrCreate(scope, PINPOINT);
    return {
      ...config,
      destinationArn: config.deliveryStream.deliveryStreamRef.deliveryStreamArn,
      // `DeliveryStream.grantPutRecords()` does not fit: it lacks DescribeDeliveryStream, and allows PutRecord.
      policyStatements: policyStatements(scope, config.deliveryStream, ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream']),
    };
  }

  /**
   * Binds the destination to an event destination of an AWS End User Messaging configuration set, which calls this.
   *
   * Throws if the delivery stream that you passed has a source, such as a data stream. If you passed none, throws if another
   * event stream or event destination already uses this destination, or if the CDK cannot create a delivery stream in the
   * region. Reports an error if the ARN is known and is not the ARN of a delivery stream.
   *
   * @param scope the event destination
   * @returns the delivery stream, what the role of AWS End User Messaging may do with it, and the bucket if one was created
   */
  public bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig {
    const config = this.getOrCreate(scope, SMS_VOICE);
    return {
      ...config,
      policyStatements: policyStatements(scope, config.deliveryStream, ['firehose:PutRecord']),
    };
  }

  private getOrCreate(scope: Construct, sender: Sender): DeliveryStreamConfig {
    if (!this.deliveryStream) {
      return this.create(scope, sender);
    }
    const arn = this.deliveryStream.deliveryStreamRef?.deliveryStreamArn;
    validatePassedIn(scope, 'FirehoseDestination takes a delivery stream', this.deliveryStream, arn, DELIVERY_STREAM);
    validateSource(scope, this.deliveryStream);
    return { deliveryStream: this.deliveryStream };
  }

  private create(scope: Construct, sender: Sender): DeliveryStreamConfig {
    validateRegion(scope);
    this.singleUse.claimFor(scope);
    const bucket = createBucket(scope);
    const deliveryStream = createDeliveryStream(scope, sender, bucket);
    return { deliveryStream, bucket, dependables: [deliveryStream] };
  }
}

/** What the service that writes may do with a delivery stream and with its key. */
function policyStatements(scope: Construct, deliveryStream: firehose.IDeliveryStreamRef, actions: string[]): iam.PolicyStatement[] {
  const statements = [new iam.PolicyStatement({ actions, resources: [deliveryStream.deliveryStreamRef.deliveryStreamArn] })];
  const resource = deliveryStreamResourceOf(deliveryStream);
  const encryption = resource?.deliveryStreamEncryptionConfigurationInput;
  const { keyArn } = (encryption ?? {}) as Partial<firehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty>;
  if (!resource || Token.isUnresolved(encryption) || keyArn && isOfAlias(scope, keyArn)) {
    warnOfUnknownKey(scope, `delivery stream '${deliveryStream.node.path}'`,
      'allow the role that writes to it kms:GenerateDataKey and kms:Decrypt on the key');
    return statements;
  }
  // No condition narrows it further: AWS documents no encryption context of Firehose.
  return keyArn ? [...statements, new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] })] : statements;
}

/** Whether an ARN is that of an alias: a policy that names it allows nothing. */
function isOfAlias(scope: Construct, keyArn: string): boolean {
  return printable(scope, keyArn).includes(':alias/') || referencesIn(scope, [keyArn]).some(({ target }) => kms.CfnAlias.isCfnAlias(target));
}

/** @throws if the delivery stream reads from a source of its own: only `DirectPut` takes PutRecord and PutRecordBatch */
function validateSource(scope: Construct, deliveryStream: firehose.IDeliveryStreamRef): void {
  const type = deliveryStreamResourceOf(deliveryStream)?.deliveryStreamType ?? 'DirectPut';
  if (isKnown(type) && type !== 'DirectPut') {
    throw errorAt(scope, `destination must be a delivery stream of type DirectPut, got '${deliveryStream.node.path}' of type ${type}: pass one without a source`);
  }
}
