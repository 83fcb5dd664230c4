import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { keyStatements } from './encryption-key';
import { errorAt } from './report';
import { Sender } from './senders';
import { isKnown } from './tokens';

/** A bucket for events, which outlives its stack. */
export function createBucket(scope: Construct): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Bucket', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  // Retained with the bucket, which so still refuses plain HTTP. A property injector of the app may have left the policy out.
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return bucket;
}

/**
 * A delivery stream that writes the events of a sender to a bucket, in a layout for queries: one record per line, compressed, below a
 * prefix for each day (UTC, by the clock of Firehose).
 *
 * The layout may never change, because tables and readers depend on it.
 */
export function createDeliveryStream(scope: Construct, sender: Sender, bucket: s3.IBucket): firehose.DeliveryStream {
  const logGroup = new logs.LogGroup(scope, 'DeliveryStreamLogs', { removalPolicy: RemovalPolicy.DESTROY });
  const role = createDeliveryRole(scope, sender, bucket, logGroup);
  return new firehose.DeliveryStream(scope, 'DeliveryStream', {
    encryption: firehose.StreamEncryption.awsOwnedKey(),
    // A reference to the bucket, and a role without policy updates. The CDK's own grants would add actions such as s3:GetObject* to the
    // role, and would name the role in the policies of some keys and of a bucket of another account.
    destination: new firehose.S3Bucket(s3.Bucket.fromBucketArn(scope, 'BucketReference', bucket.bucketArn), {
      dataOutputPrefix: `${sender.prefix}day=!{timestamp:yyyy-MM-dd}/`,
      errorOutputPrefix: `${errorPrefix(sender)}!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/`,
      compression: firehose.Compression.GZIP,
      processors: sender.endsRecords ? [] : [new firehose.AppendDelimiterToRecordProcessor()],
      role: role.withoutPolicyUpdates(),
      loggingConfig: new firehose.EnableLogging(logGroup),
    }),
  });
}

/** Outside the prefixes of the tables, so that neither queries nor the grants of readers reach what is not an event. */
function errorPrefix({ prefix }: Sender): string {
  return `errors/${prefix}`;
}

/**
 * The role that Firehose assumes to deliver, with the actions that AWS documents for a bucket.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role
 */
function createDeliveryRole(scope: Construct, sender: Sender, bucket: s3.IBucket, logGroup: logs.ILogGroup): iam.Role {
  return new iam.Role(scope, 'DeliveryStreamRole', {
    description: `Delivers the events of ${sender.name} to their bucket`,
    // Firehose passes the account that it acts for as the external ID.
    assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': Stack.of(scope).account } },
    }),
    inlinePolicies: {
      Delivery: new iam.PolicyDocument({
        statements: [
          ...bucketStatements(scope, bucket, [sender]),
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

/**
 * What Firehose must be allowed to do with a bucket to deliver the events of senders.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
 */
export function bucketStatements(scope: Construct, bucket: s3.IBucket, senders: readonly Sender[]): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
    new iam.PolicyStatement({
      // PutObjectAcl lets Firehose give objects to the owner of the bucket, if that is another account.
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject', ...isOfAnotherAccount(scope, bucket) ? ['s3:PutObjectAcl'] : []],
      resources: senders.flatMap((sender) => [bucket.arnForObjects(`${sender.prefix}*`), bucket.arnForObjects(`${errorPrefix(sender)}*`)]),
    }),
  ];
}

/** Whether a bucket belongs, or may belong, to another account than the stack. */
export function isOfAnotherAccount(scope: Construct, bucket: s3.IBucket): boolean {
  return bucket.env.account !== Stack.of(scope).account;
}

function bucketKeyStatements(scope: Construct, { encryptionKey, bucketArn }: s3.IBucket): iam.PolicyStatement[] {
  return encryptionKey ? keyStatements(scope, encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey'], {
    StringLike: {
      // The suffix differs in China.
      'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com*`,
      // The ARN of the bucket if it has a bucket key, or else the ARN of the object.
      'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`],
    },
  }) : [];
}

/**
 * Called before anything is created, so that a second attempt gets the same error.
 *
 * @throws if the CDK cannot create a delivery stream in the region: its connections need the addresses of Firehose there
 */
export function validateRegion(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (isKnown(region) && !Fact.find(region, FactName.FIREHOSE_CIDR_BLOCK)) {
    throw errorAt(scope,
      `no delivery stream can be created in ${region}, where aws-cdk-lib does not know the addresses of Firehose: ` +
      `before the first stack, call region_info.Fact.register({ region: '${region}', name: region_info.FactName.FIREHOSE_CIDR_BLOCK, value: 'CIDR BLOCK' }) ` +
      'with the block from https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs-vpc');
  }
}
