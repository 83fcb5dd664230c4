import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { Construct, IDependable } from 'constructs';
import { EventStreamDestinationConfig, IEventStreamDestination } from './event-stream-destination';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './sms-voice-event-destination';
import { DELIVERY_STREAM } from '../private/arn';
import { deliveryStreamResourceOf } from '../private/delivery-stream';
import { keyStatements } from '../private/encryption-key';
import { errorAt, warn } from '../private/report';
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
 * One that is given a delivery stream serves any number of event streams and event destinations. One without
 * creates a delivery stream under the one that uses it, for that one alone, with
 * server-side encryption, a role of its own and a log group for delivery errors. It delivers
 * to a new bucket that is encrypted, refuses plain HTTP and public access, and is retained
 * when it is removed from its stack, unless the deployment that creates it fails. The created
 * delivery stream is deleted with the event stream or after it has moved, and with it what
 * Firehose has buffered and not delivered yet, which can be the events of five minutes.
 *
 * Where a customer managed key encrypts the delivery stream, the role that writes to it is allowed to use the key. The key
 * of an imported delivery stream is not known, nor one that is named by an alias: a warning says what to grant.
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
   * @param deliveryStream The delivery stream, in the event stream's region and account, or a reference to it, such as a
   * `CfnDeliveryStream`. Without it, one is created.
   */
  constructor(private readonly deliveryStream?: firehose.IDeliveryStreamRef) {}

  /**
   * Called by the event stream of an Amazon Pinpoint application.
   *
   * Throws if the delivery stream reads from a source of its own; or, where none was passed in, if another event stream
   * uses this destination already, or if the CDK cannot create one in the region. Reports an error if the ARN is
   * known, and not that of a delivery stream.
   *
   * @param scope the event stream
   * @returns the delivery stream, what Pinpoint's role may do with it, and the bucket if one was created
   */
  public bind(scope: Construct): EventStreamDestinationConfig {
    const config = this.getOrCreate(scope, 'an Amazon Pinpoint event stream');
    return {
      ...config,
      destinationArn: config.deliveryStream.deliveryStreamRef.deliveryStreamArn,
      // `DeliveryStream.grantPutRecords()` does not fit: it lacks DescribeDeliveryStream, and allows PutRecord.
      policyStatements: policyStatements(scope, config.deliveryStream, ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream']),
    };
  }

  /**
   * Called by the configuration set of AWS End User Messaging.
   *
   * Throws if the delivery stream reads from a source of its own; or, where none was passed in, if another event stream
   * uses this destination already, or if the CDK cannot create one in the region. Reports an error if the ARN is
   * known, and not that of a delivery stream.
   *
   * @param scope the event destination
   * @returns the delivery stream, what the role of AWS End User Messaging may do with it, and the bucket if one was created
   */
  public bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig {
    const config = this.getOrCreate(scope, 'an AWS End User Messaging configuration set');
    return {
      ...config,
      policyStatements: policyStatements(scope, config.deliveryStream, ['firehose:PutRecord']),
    };
  }

  private getOrCreate(scope: Construct, sender: string): DeliveryStreamConfig {
    if (!this.deliveryStream) {
      return this.create(scope, sender);
    }
    const arn = this.deliveryStream.deliveryStreamRef?.deliveryStreamArn;
    validatePassedIn(scope, 'FirehoseDestination takes a delivery stream', this.deliveryStream, arn, DELIVERY_STREAM);
    validateSource(scope, this.deliveryStream);
    return { deliveryStream: this.deliveryStream };
  }

  private create(scope: Construct, sender: string): DeliveryStreamConfig {
    this.singleUse.claimFor(scope);
    validateRegion(scope);
    const bucket = new s3.Bucket(scope, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // A bucket that stays goes on refusing plain HTTP. It has no policy where a property injector of the app says so.
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    const logGroup = new logs.LogGroup(scope, 'DeliveryStreamLogs', { removalPolicy: RemovalPolicy.DESTROY });
    const role = createDeliveryRole(scope, sender, bucket, logGroup);
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
function createDeliveryRole(scope: Construct, sender: string, bucket: s3.IBucket, logGroup: logs.ILogGroup): iam.Role {
  return new iam.Role(scope, 'DeliveryStreamRole', {
    description: `Delivers the events of ${sender} to their bucket`,
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
          ...bucketKeyStatements(scope, bucket),
        ],
      }),
    },
  });
}

/** A bucket that is created has a key of its own only where a property injector of the app gives it one. */
function bucketKeyStatements(scope: Construct, { encryptionKey, bucketArn }: s3.IBucket): iam.PolicyStatement[] {
  return encryptionKey ? keyStatements(scope, encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey'], {
    StringLike: {
      // The suffix is another one in China.
      'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com*`,
      // Of the bucket, where it has a bucket key; of its objects, where it has none.
      'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`],
    },
  }) : [];
}

/** What the service that writes may do with a delivery stream and with its key. */
function policyStatements(scope: Construct, deliveryStream: firehose.IDeliveryStreamRef, actions: string[]): iam.PolicyStatement[] {
  const statements = [new iam.PolicyStatement({ actions, resources: [deliveryStream.deliveryStreamRef.deliveryStreamArn] })];
  const resource = deliveryStreamResourceOf(deliveryStream);
  const encryption = resource?.deliveryStreamEncryptionConfigurationInput;
  const { keyArn } = (encryption ?? {}) as Partial<firehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty>;
  if (!resource || Token.isUnresolved(encryption) || keyArn && isOfAlias(scope, keyArn)) {
    warn(scope, 'encryption-key',
      `the key of the delivery stream '${deliveryStream.node.path}' is not known: if it is a customer managed one, allow the role ` +
      'that writes to it kms:GenerateDataKey and kms:Decrypt on the key, or events are lost');
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

/** @throws if the CDK's delivery stream cannot be created in the region: its connections need the addresses of Firehose there */
function validateRegion(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (isKnown(region) && !Fact.find(region, FactName.FIREHOSE_CIDR_BLOCK)) {
    throw errorAt(scope,
      `FirehoseDestination cannot create a delivery stream in ${region}, where aws-cdk-lib does not know the addresses of Firehose: pass a CfnDeliveryStream, ` +
      `or first call region_info.Fact.register({ region: '${region}', name: region_info.FactName.FIREHOSE_CIDR_BLOCK, value: 'CIDR BLOCK' })`);
  }
}
