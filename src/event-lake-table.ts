import { RemovalPolicy } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { findDuplicate } from './private/duplicates';
import { createDeliveryStream, validateRegion } from './private/event-delivery';
import { onceComplete } from './private/once-complete';
import { RemovalGroup } from './private/removal';
import { reportError, warn } from './private/report';
import { Sender } from './private/senders';
import { printable } from './private/tokens';

/** What the tables of a lake have in common. */
interface Lake extends Construct {
  readonly bucket: s3.IBucket;
  readonly database: glue.IDatabase;
}

/**
 * A sender's part of an `EventLake`: the delivery stream that receives its events, and the table to query them.
 *
 * It exists while the app reads it from the lake or sends to it. When the app does neither, the next deployment deletes the table, and
 * the events stay in the bucket. To keep the table, keep reading it in the app, for example for an output with the table's name.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 *
 * @example
 * import * as iam from 'aws-cdk-lib/aws-iam';
 * import { EventLake } from 'cdk-pinpoint-event-stream';
 *
 * declare const lake: EventLake;
 * declare const analysts: iam.IRole;
 * lake.smsVoiceEvents.table.grantRead(analysts);
 */
export class EventLakeTable extends Construct {
  /**
   * Adds the part of a sender to its lake.
   *
   * @internal
   */
  public static _addTo(lake: Lake, id: string, sender: Sender): EventLakeTable {
    validateRegion(lake);
    return new EventLakeTable(lake, id, sender);
  }

  /**
   * The Firehose delivery stream that writes the events to the bucket.
   *
   * When it is removed from its stack, it is retained with its role and its log group, so it delivers what it still holds.
   */
  public readonly deliveryStream: firehose.IDeliveryStream;

  /**
   * The Glue table, with a row for each event, a column for each field that AWS documents, and the partition column `day`.
   *
   * `day` is a date in UTC, such as `2026-11-30`: the day on which Firehose received the first event of the S3 object that contains the
   * event. An event from the first minutes of a day can therefore have the previous day. Queries find no objects from days before
   * 2026-01-01. For a field that is an object, the column holds its JSON.
   *
   * `grantRead()` of this table allows everything that a reader needs of the events and of the Glue Data Catalog. The other grants are
   * those of the CDK, which cover the table only.
   */
  public readonly table: glue.S3Table;

  // Two lakes may share these by mistake.
  private readonly location: string;
  private readonly tablePath: string;

  private constructor(lake: Lake, id: string, sender: Sender) {
    super(lake, id);
    const { bucket, database } = lake;
    this.location = `s3://${bucket.bucketName}/${sender.prefix}`;
    this.tablePath = `${database.databaseName}/${sender.tableName}`;
    this.deliveryStream = createDeliveryStream(this, sender, bucket);
    // Firehose delivers for minutes after the last event stream has moved away.
    const removalGroup = new RemovalGroup(this);
    removalGroup.addAllIn(this);
    removalGroup.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.table = new EventTable(this, 'Table', sender, lake);

    onceComplete(this, () => {
      this.reportSharedDatabase(sender);
      this.warnOfSharedPrefix(sender);
    });
  }

  private reportSharedDatabase({ tableName }: Sender): void {
    const other = findDuplicate(this, (node) => node instanceof EventLakeTable ? node.tablePath : undefined);
    if (other) {
      reportError(this, `'${other.node.path}' has a table ${tableName} in the same database: use one lake, or a database for each`);
    }
  }

  private warnOfSharedPrefix({ name }: Sender): void {
    const other = findDuplicate(this, (node) => node instanceof EventLakeTable ? node.location : undefined);
    if (other) {
      warn(this, 'shared-prefix',
        `'${other.node.path}' also writes the events of ${name} to ${printable(this, this.location)}, so every query finds the events of both: ` +
        'use one lake, or a bucket for each');
    }
  }
}

class EventTable extends glue.S3Table {
  constructor(scope: Construct, id: string, { name, prefix, tableName, columns }: Sender, { bucket, database }: Lake) {
    super(scope, id, {
      database,
      tableName,
      description: `The events of ${name}, one in a row`,
      storage: glue.S3TableStorage.fromBucket(bucket),
      s3Prefix: prefix,
      compressed: true,
      // No client encrypts them before they are sent.
      hasEncryptedData: false,
      dataFormat: glue.DataFormat.JSON,
      columns: Object.entries(columns).map(([field, type]) => ({
        name: field.toLowerCase(),
        type: { inputString: type, isPrimitive: !type.startsWith('map') },
      })),
      partitionKeys: [{ name: 'day', type: glue.Schema.STRING }],
      partitionProjection: {
        day: glue.PartitionProjectionConfiguration.date({ min: FIRST_DAY, max: 'NOW', format: 'yyyy-MM-dd' }),
      },
    });
    this.tableResource.addPropertyOverride('TableInput.StorageDescriptor.SerdeInfo.Parameters', serDeParameters(Object.keys(columns)));
  }

  /** Adds what Athena reads of the database and the catalog: the CDK's own grant is useless without it. */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grantToUnderlyingResources(grantee, ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable']).combine(super.grantRead(grantee));
  }
}

/** No lake is older. Athena lists every day in the range of a query, so the range is as short as it can be. */
const FIRST_DAY = '2026-01-01';

/**
 * Keeps the case of names. By default, the SerDe lower-cases all of them, attributes included, and fails if two are then the same.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
 */
function serDeParameters(fields: string[]): Record<string, string> {
  const mappings = fields.filter((field) => field !== field.toLowerCase()).map((field) => [`mapping.${field.toLowerCase()}`, field]);
  return { 'case.insensitive': 'FALSE', ...Object.fromEntries(mappings) };
}
