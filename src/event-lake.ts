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
   * How long it keeps them, which key encrypts them, and whether it copies them is the bucket's own. Import one that a customer managed
   * key encrypts with its `encryptionKey`, and one of another account with its `account`. A bucket of another account needs a policy
   * that lets this account write to it: a warning says what to add.
   *
   * Another bucket takes the events from then on. The tables have what is in the new one only.
   *
   * Throws if it is not a bucket, or a bucket of the app in another region. Reports an error if its ARN is known and not that of an S3
   * bucket, or if it is imported from another region, and a warning if its key is not known, or if another lake of the same account and
   * region writes the events of the same sender to it.
   *
   * @default - a new bucket, encrypted, closed to the public and to plain HTTP, and retained when it is removed from its stack
   */
  readonly bucket?: s3.IBucket;

  /**
   * The Glue database that has the tables. It must not have tables of the same names, so a lake with a database of yours takes
   * two deployments to get another ID or stack: one to remove it, one to add it.
   *
   * Throws if it is not a Glue database, or a database of the app in another region or account. Reports an error if its
   * ARN is known and not that of a Glue database, names another region or account, or if another lake has the same tables in it.
   *
   * @default - a new database, deleted with the lake or when you pass another one, with all that others put in it, such as views
   */
  readonly database?: glue.IDatabase;
}

/**
 * A data lake of the events of Amazon Pinpoint, AWS End User Messaging and Amazon SES, for Amazon Athena to query.
 *
 * It is a destination of event streams and of configuration sets, any number of them. Each sender has a table of its own,
 * which a Firehose delivery stream fills, within five minutes or so. Both are made where the sender is first named: until then, the lake is a
 * bucket and an empty database. No crawler and no function runs, and no partition has to be added.
 *
 * The delivery streams do not belong to what sends to them. When the last event stream or event destination has moved away, or the lake
 * is removed from its stack, they stay, with their roles and log groups, and deliver what they have. The bucket stays as well. Only a
 * deployment that creates them and fails deletes them.
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
   * The bucket that holds the events, those of each sender below a prefix of their own: `pinpoint/`, `sms-voice/`, `email/`. What Firehose fails
   * to process is below `errors/`.
   */
  public readonly bucket: s3.IBucket;

  /**
   * The Glue database that has the tables.
   */
  public readonly database: glue.IDatabase;

  private readonly tables = new Map<Sender, EventLakeTable>();

  /**
   * Adds a lake to a stack.
   *
   * Throws where one of its properties says so.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the lake, which stays the same as long as it is deployed
   * @param props what differs from the defaults, by default nothing
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
    // Its name is fixed: one that stayed would be in the way of the next deployment.
    this.database = database ?? new glue.Database(this, 'Database', { removalPolicy: RemovalPolicy.DESTROY });
  }

  /**
   * The events of Amazon Pinpoint, in the table `pinpoint_events`.
   *
   * The first read creates the delivery stream and the table. An app that neither reads it any more nor sends to it deletes the table.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   */
  public get pinpointEvents(): EventLakeTable {
    return this.getOrCreate('PinpointEvents', PINPOINT);
  }

  /**
   * The events of AWS End User Messaging, in the table `sms_voice_events`.
   *
   * The first read creates the delivery stream and the table. An app that neither reads it any more nor sends to it deletes the table.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   */
  public get smsVoiceEvents(): EventLakeTable {
    return this.getOrCreate('SmsVoiceEvents', SMS_VOICE);
  }

  /**
   * The events of Amazon SES, in the table `email_events`.
   *
   * The first read creates the delivery stream and the table. An app that neither reads it any more nor sends to it deletes the table.
   *
   * Its delivery stream is for configuration sets of SES, `EventDestination.firehoseDeliveryStream()` in `aws-ses`.
   *
   * Throws if the CDK cannot create a delivery stream in the region.
   *
   * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-firehose.html
   */
  public get emailEvents(): EventLakeTable {
    return this.getOrCreate('EmailEvents', EMAIL);
  }

  /**
   * Called by the event stream of an Amazon Pinpoint application.
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
   * Called by the configuration set of AWS End User Messaging.
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

/** Also of a bucket without one. What a `CfnBucket` says of its key as text, the CDK's bucket does not. */
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
