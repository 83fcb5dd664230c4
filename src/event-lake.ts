import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { EventStreamDestinationConfig, IEventStreamDestination } from './destinations/event-stream-destination';
import { FirehoseDestination } from './destinations/firehose-destination';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './destinations/sms-voice-event-destination';
import { EventLakeTable } from './event-lake-table';
import { BUCKET, DATABASE } from './private/arn';
import { warnOfUnknownKey } from './private/encryption-key';
import { bucketStatements, createBucket, isOfAnotherAccount } from './private/event-delivery';
import { warn } from './private/report';
import { EMAIL, PINPOINT, Sender, SMS_VOICE } from './private/senders';
import { printable } from './private/tokens';
import { validateEnvironment, validateEnvironmentOf, validatePassedIn } from './private/validation';
import { warnOfWeakReferences } from './private/weak-references';

/**
 * Properties of an `EventLake`.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/what-is.html
 */
export interface EventLakeProps {
  /**
   * The bucket that holds the events.
   *
   * Set retention, encryption and replication on the bucket itself. To import a bucket that a customer managed key encrypts, pass its
   * `encryptionKey` to `Bucket.fromBucketAttributes()`. To import a bucket of another account, pass its `account`. Such a bucket needs a
   * policy that lets this account write to it: a warning says what to add.
   *
   * If you change the bucket, new events go to the new one. The tables then show only what is in the new bucket.
   *
   * Throws if it is not a bucket, or is a bucket of the app in another region. Reports an error if its ARN is known and is not the ARN of
   * an S3 bucket, or if it is imported from another region. Warns if its key is not known, or if another lake of the same account and
   * region writes the events of the same sender to it.
   *
   * @default - a new bucket that is encrypted, refuses public access and plain HTTP, and is retained when it is removed from its stack
   */
  readonly bucket?: s3.IBucket;

  /**
   * The Glue database that contains the tables.
   *
   * It must not contain tables of the same names. To give a lake with your own database another ID or stack, you therefore need two
   * deployments: one that removes the lake, and one that adds it.
   *
   * Throws if it is not a Glue database, or is a database of the app in another region or account. Reports an error if its
   * ARN is known and is not the ARN of a Glue database or names another region or account, or if another lake has the same tables in it.
   *
   * @default - a new database. It is deleted with the lake, or when you pass another one, with everything in it, including views of others
   */
  readonly database?: glue.IDatabase;
}

/**
 * A data lake of the events of Amazon Pinpoint, AWS End User Messaging and Amazon SES, for Amazon Athena to query.
 *
 * A lake can be the destination of any number of event streams and configuration sets. Each sender has a separate table and a
 * Firehose delivery stream that fills it, within about five minutes. The lake creates both when the app first reads the sender's part
 * or first sends to it. Until then, the lake is a bucket and an empty database. There are no crawlers, no functions, and no partitions
 * to add.
 *
 * The delivery streams stay, with their roles and log groups, when the last event stream or event destination moves away, or when the
 * lake is removed from its stack. They still deliver what they hold. The bucket stays too. Only a failed deployment deletes what it has
 * just created.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 *
 * @example
 * import { Stack } from 'aws-cdk-lib';
 * import * as iam from 'aws-cdk-lib/aws-iam';
 * import * as ses from 'aws-cdk-lib/aws-ses';
 * import { EventLake, SmsVoiceConfigurationSet } from 'cdk-pinpoint-event-stream';
 *
 * declare const stack: Stack;
 * declare const analysts: iam.IRole;
 * const lake = new EventLake(stack, 'Lake');
 *
 * const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
 * messages.addEventDestination('Lake', { destination: lake });
 *
 * const emails = new ses.ConfigurationSet(stack, 'Emails');
 * emails.addEventDestination('Lake', {
 *   destination: ses.EventDestination.firehoseDeliveryStream({ deliveryStream: lake.emailEvents.deliveryStream }),
 * });
 *
 * lake.smsVoiceEvents.table.grantRead(analysts);
 * lake.emailEvents.table.grantRead(analysts);
 */
@propertyInjectable
export class EventLake extends Construct implements IEventStreamDestination, ISmsVoiceEventDestination {
  /** Identifies this class for property injection. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-pinpoint-event-stream.EventLake';

  /**
   * The bucket that holds the events.
   *
   * Each sender has its own prefix: `pinpoint/`, `sms-voice/` or `email/`. What Firehose cannot process is below `errors/`.
   */
  public readonly bucket: s3.IBucket;

  /**
   * The Glue database that contains the tables.
   */
  public readonly database: glue.IDatabase;

  private readonly tables = new Map<Sender, EventLakeTable>();

  /**
   * Adds a lake to a stack.
   *
   * Throws where one of the properties says so.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the lake, which must not change while it is deployed
   * @param props the properties, without which the defaults apply
   */
  constructor(scope: Construct, id: string, props: EventLakeProps = {}) {
    super(scope, id);
    const { bucket, database } = props;
    if (bucket) {
      validateBucket(this, bucket);
    }
    if (database) {
      validateDatabase(this, database);
    }
    this.bucket = bucket ?? createBucket(this);
    // Its name is fixed: if it stayed, the next deployment could not create it again.
    this.database = database ?? new glue.Database(this, 'Database', { removalPolicy: RemovalPolicy.DESTROY });
  }

  /**
   * The part of the lake with the events of Amazon Pinpoint: the table `pinpoint_events` and its delivery stream.
   *
   * The first read creates both. When the app no longer reads this and no longer sends to it, the next deployment deletes the table.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   */
  public get pinpointEvents(): EventLakeTable {
    return this.getOrCreate('PinpointEvents', PINPOINT);
  }

  /**
   * The part of the lake with the events of AWS End User Messaging: the table `sms_voice_events` and its delivery stream.
   *
   * The first read creates both. When the app no longer reads this and no longer sends to it, the next deployment deletes the table.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   */
  public get smsVoiceEvents(): EventLakeTable {
    return this.getOrCreate('SmsVoiceEvents', SMS_VOICE);
  }

  /**
   * The part of the lake with the events of Amazon SES: the table `email_events` and its delivery stream.
   *
   * The first read creates both. When the app no longer reads this and no longer sends to it, the next deployment deletes the table.
   *
   * Pass its delivery stream to `EventDestination.firehoseDeliveryStream()` of `aws-ses`, in a configuration set of SES.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   *
   * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-firehose.html
   */
  public get emailEvents(): EventLakeTable {
    return this.getOrCreate('EmailEvents', EMAIL);
  }

  /**
   * Binds the lake to the event stream of an Amazon Pinpoint application, which calls this.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   *
   * @param scope the event stream
   * @returns the delivery stream of `pinpointEvents`, and what Pinpoint's role may do with it
   */
  public bind(scope: Construct): EventStreamDestinationConfig {
    return new FirehoseDestination(this.pinpointEvents.deliveryStream).bind(scope);
  }

  /**
   * Binds the lake to an event destination of an AWS End User Messaging configuration set, which calls this.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   *
   * @param scope the event destination
   * @returns the delivery stream of `smsVoiceEvents`, and what the role of AWS End User Messaging may do with it
   */
  public bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig {
    return new FirehoseDestination(this.smsVoiceEvents.deliveryStream).bindAsSmsVoiceEventDestination(scope);
  }

  private getOrCreate(id: string, sender: Sender): EventLakeTable {
    const table = this.tables.get(sender) ?? EventLakeTable._addTo(this, id, sender);
    this.tables.set(sender, table);
    return table;
  }
}

function validateBucket(scope: Construct, bucket: s3.IBucket): void {
  validatePassedIn(scope, 'EventLake takes a bucket', bucket, bucket.bucketArn, BUCKET, 'bucket');
  validateEnvironmentOf(scope, 'bucket', bucket, ['region']);
  warnOfWeakReferences(scope, { bucket: bucket.bucketArn });
  if (!isKeyKnown(bucket)) {
    warnOfUnknownKey(scope, `bucket '${bucket.node.path}'`, 'pass it as encryptionKey to Bucket.fromBucketAttributes()');
  }
  if (isOfAnotherAccount(scope, bucket)) {
    warnOfBucketPolicy(scope, bucket);
  }
}

/** Also true for a bucket without a key. The CDK's bucket does not tell a key that its `CfnBucket` names as text. */
function isKeyKnown(bucket: s3.IBucket): boolean {
  const resource = bucket.node.defaultChild;
  const isOwn = s3.CfnBucket.isCfnBucket(resource) && !JSON.stringify(resource.stack.resolve(resource.bucketEncryption) ?? {}).includes('kmsMasterKeyId');
  return bucket.encryptionKey !== undefined || isOwn;
}

function warnOfBucketPolicy(scope: Construct, bucket: s3.IBucket): void {
  const account = printable(scope, Stack.of(scope).account);
  const statements = bucketStatements(scope, bucket, [PINPOINT, SMS_VOICE, EMAIL]);
  statements.forEach((statement) => statement.addPrincipals(new iam.AccountPrincipal(Stack.of(scope).account)));
  warn(scope, 'bucket-policy',
    `the policy of the bucket '${bucket.node.path}' of account ${printable(scope, bucket.env.account)} cannot be changed from here: add to it ` +
    `${statements.map((statement) => printable(scope, statement.toJSON())).join(' and ')}, ` +
    `and if the bucket has a key, let account ${account} use kms:Decrypt and kms:GenerateDataKey with that`);
}

function validateDatabase(scope: Construct, database: glue.IDatabase): void {
  validatePassedIn(scope, 'EventLake takes a Glue database', database, database.databaseArn, DATABASE, 'database');
  validateEnvironmentOf(scope, 'database', database, ['region', 'account']);
  validateEnvironment(scope, 'database', database.databaseArn);
  warnOfWeakReferences(scope, { database: database.databaseName });
}
