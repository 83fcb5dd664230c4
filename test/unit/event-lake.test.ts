import { Annotations as CdkAnnotations, App, CfnParameter, NestedStack, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ses from 'aws-cdk-lib/aws-ses';
import { EventLake, EventLakeProps, EventLakeTable, KinesisStreamDestination, PinpointEventStream, SmsVoiceConfigurationSet } from '../../src';
import { allowing, APPLICATION_ID, arnInStack, arnOf, ENV, errorsOf, importedStream, newStack, OTHER_APPLICATION_ID, warningsOf } from '../support/synth';

const OTHER_ACCOUNT = '222222222222';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000';
const DATABASE_ARN = 'arn:aws:glue:eu-west-1:111111111111:database/events';

const BUCKET = 'AWS::S3::Bucket';
const DATABASE = 'AWS::Glue::Database';
const DELIVERY_STREAM = 'AWS::KinesisFirehose::DeliveryStream';
const TABLE = 'AWS::Glue::Table';

/** The member of a lake that has the events of a sender, what its prefix is, and its table. */
const SENDERS: [member: 'pinpointEvents' | 'smsVoiceEvents' | 'emailEvents', prefix: string, tableName: string][] = [
  ['pinpointEvents', 'pinpoint/', 'pinpoint_events'],
  ['smsVoiceEvents', 'sms-voice/', 'sms_voice_events'],
  ['emailEvents', 'email/', 'email_events'],
];

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

const newLake = (props?: EventLakeProps, id: string = 'Lake', scope: Stack = stack) => new EventLake(scope, id, props);

const templateOf = (scope: Stack = stack) => Template.fromStack(scope);

const typesIn = (scope: Stack = stack) => Object.values<any>(templateOf(scope).toJSON().Resources).map(({ Type }) => Type).sort();

const addEvents = (destination: EventLake, applicationId: string = APPLICATION_ID, scope: Stack = stack) =>
  new PinpointEventStream(scope, `Events${applicationId}`, { applicationId, destination });

const addMessages = (destination: EventLake, id: string = 'Messages', scope: Stack = stack) =>
  new SmsVoiceConfigurationSet(scope, id).addEventDestination('Lake', { destination });

const importedBucket = (attributes: Partial<s3.BucketAttributes> = {}) =>
  s3.Bucket.fromBucketAttributes(stack, 'Imported', { bucketName: 'events', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN), ...attributes });

/** Has a property injector of the app give the constructs of a class what an organisation wants of them. */
function inject(constructUniqueId: string, wanted: object): void {
  PropertyInjectors.of(stack).add({ constructUniqueId, inject: (props) => ({ ...props, ...wanted }) });
}

describe('a lake that nothing sends to', () => {
  it('has a bucket and a database, and nothing else', () => {
    // WHEN
    newLake();

    // THEN
    expect(typesIn()).toEqual([DATABASE, BUCKET, 'AWS::S3::BucketPolicy']);
  });

  it('keeps its bucket, which is encrypted and closed to the public and to plain HTTP, and not its database', () => {
    // WHEN
    newLake();

    // THEN
    templateOf().hasResource(BUCKET, {
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    templateOf().hasResource('AWS::S3::BucketPolicy', {
      Properties: { PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] } },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    templateOf().hasResource(DATABASE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('needs no property', () => {
    // WHEN
    const { bucket, database } = newLake();

    // THEN
    expect([bucket, database].map((resource) => resource.node.path)).toEqual(['Stack/Lake/Bucket', 'Stack/Lake/Database']);
  });
});

describe.each(SENDERS)('%s of a lake', (member, prefix, tableName) => {
  it('is made when it is first named, and is the same from then on', () => {
    // GIVEN
    const lake = newLake();

    // WHEN
    const part = lake[member];

    // THEN
    expect(part).toBeInstanceOf(EventLakeTable);
    expect(lake[member]).toBe(part);
    expect(typesIn()).toEqual([
      DATABASE, TABLE, 'AWS::IAM::Role', DELIVERY_STREAM, 'AWS::Logs::LogGroup', 'AWS::Logs::LogStream', BUCKET, 'AWS::S3::BucketPolicy',
    ]);
  });

  it('writes compressed objects with a record a line, below a prefix for the sender and the day, and errors elsewhere', () => {
    // WHEN
    const { deliveryStream } = newLake()[member];

    // THEN
    expect(deliveryStream).toBeInstanceOf(firehose.DeliveryStream);
    templateOf().hasResourceProperties(DELIVERY_STREAM, {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        BucketARN: arnOf('LakeBucket'),
        Prefix: `${prefix}day=!{timestamp:yyyy-MM-dd}/`,
        ErrorOutputPrefix: `errors/${prefix}!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/`,
        CompressionFormat: 'GZIP',
        // Amazon SES ends its records itself: a blank line after each would be a row of nothing.
        ProcessingConfiguration: member === 'emailEvents'
          ? Match.absent()
          : { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord', Parameters: [] }] },
      },
    });
  });

  it('has a table over these objects, with the days since the first lake as its partitions', () => {
    // WHEN
    const { table } = newLake()[member];

    // THEN
    expect(table).toBeInstanceOf(glue.S3Table);
    templateOf().hasResourceProperties(TABLE, {
      DatabaseName: { Ref: Match.stringLikeRegexp('^LakeDatabase') },
      TableInput: {
        Name: tableName,
        Parameters: {
          'classification': 'json',
          'has_encrypted_data': false,
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': '2026-01-01,NOW',
        },
        PartitionKeys: [{ Name: 'day', Type: 'string' }],
        StorageDescriptor: {
          Location: { 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('^LakeBucket') }, `/${prefix}`]] },
          InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          Compressed: true,
        },
      },
    });
  });

  it('reads the fields of a record by their names, in upper and lower case', () => {
    // WHEN
    newLake()[member];

    // THEN
    const [{ Properties: { TableInput: { StorageDescriptor: { Columns, SerdeInfo } } } }] = Object.values<any>(templateOf().findResources(TABLE));
    const names = Columns.map(({ Name }: { Name: string }) => Name);
    const { 'case.insensitive': caseInsensitive, ...mappings } = SerdeInfo.Parameters;
    expect(SerdeInfo.SerializationLibrary).toBe('org.openx.data.jsonserde.JsonSerDe');
    expect(caseInsensitive).toBe('FALSE');
    expect(names).toEqual(names.map((name: string) => name.toLowerCase()));
    expect(Object.keys(mappings).length).toBeGreaterThan(0);
    for (const [mapping, field] of Object.entries<string>(mappings)) {
      expect(names).toContain(mapping.replace('mapping.', ''));
      expect(mapping).toBe(`mapping.${field.toLowerCase()}`);
    }
  });

  it('keeps what may still have events when nothing of the app names it any more, and not its table', () => {
    // WHEN
    newLake()[member];

    // THEN
    for (const type of [DELIVERY_STREAM, 'AWS::IAM::Role', 'AWS::Logs::LogGroup']) {
      templateOf().hasResource(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
    templateOf().hasResource(TABLE, { DeletionPolicy: Match.absent() });
  });

  it('lets Firehose do what it needs with the bucket, below the prefixes of the sender', () => {
    // WHEN
    newLake()[member];

    // THEN
    const below = (path: string) => ({ 'Fn::Join': ['', [arnOf('LakeBucket'), `/${path}*`]] });
    templateOf().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: allowing({
        Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': ENV.account } },
      }),
      Policies: [{
        PolicyDocument: allowing(
          { Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], Resource: arnOf('LakeBucket') },
          { Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], Resource: [below(prefix), below(`errors/${prefix}`)] },
          { Action: 'logs:PutLogEvents', Resource: arnOf('LakeP|LakeS|LakeE') },
        ),
      }],
    });
  });
});

describe('a lake as a destination', () => {
  it('takes the events of several applications by one delivery stream, each application with a role of its own', () => {
    // GIVEN
    const lake = newLake();

    // WHEN
    const events = [APPLICATION_ID, OTHER_APPLICATION_ID].map((applicationId) => addEvents(lake, applicationId));

    // THEN
    const shared = [lake.pinpointEvents.deliveryStream, undefined];
    expect(events.map(({ deliveryStream, bucket }) => [deliveryStream, bucket])).toEqual([shared, shared]);
    expect(events[0].role).not.toBe(events[1].role);
    templateOf().resourceCountIs(DELIVERY_STREAM, 1);
    templateOf().resourceCountIs(TABLE, 1);
  });

  it('takes the events of several configuration sets by one delivery stream, another than that of Pinpoint', () => {
    // GIVEN
    const lake = newLake();

    // WHEN
    addEvents(lake);
    const messages = ['One', 'Two'].map((id) => addMessages(lake, id));

    // THEN
    const shared = [lake.smsVoiceEvents.deliveryStream, undefined];
    expect(messages.map(({ deliveryStream, bucket }) => [deliveryStream, bucket])).toEqual([shared, shared]);
    templateOf().resourceCountIs(DELIVERY_STREAM, 2);
  });

  it('lets each sender do what AWS documents with its delivery stream', () => {
    // GIVEN
    const lake = newLake();

    // WHEN
    addEvents(lake);
    addMessages(lake);

    // THEN
    for (const [service, actions, id] of [
      ['pinpoint', ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'], 'LakePinpointEvents'],
      ['sms-voice', 'firehose:PutRecord', 'LakeSmsVoiceEvents'],
    ] as const) {
      templateOf().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: `${service}.amazonaws.com` } }] },
        Policies: [{ PolicyDocument: allowing({ Action: actions, Resource: arnOf(`${id}DeliveryStream`) }) }],
      });
    }
  });

  it('takes the events of Amazon SES by its delivery stream for email', () => {
    // GIVEN
    const lake = newLake();

    // WHEN
    new ses.ConfigurationSet(stack, 'Emails').addEventDestination('Lake', {
      destination: ses.EventDestination.firehoseDeliveryStream({ deliveryStream: lake.emailEvents.deliveryStream }),
    });

    // THEN
    templateOf().hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: { KinesisFirehoseDestination: { DeliveryStreamARN: arnOf('LakeEmailEventsDeliveryStream') } },
    });
  });

  it('keeps the delivery stream as it is when one of two event streams moves away', () => {
    // GIVEN
    const build = (isMoved: boolean) => {
      const scope = newStack();
      const lake = newLake({}, 'Lake', scope);
      addEvents(lake, OTHER_APPLICATION_ID, scope);
      new PinpointEventStream(scope, 'Events', {
        applicationId: APPLICATION_ID, destination: isMoved ? new KinesisStreamDestination(importedStream(scope)) : lake,
      });
      return templateOf(scope).findResources(DELIVERY_STREAM);
    };

    // WHEN
    const [before, after] = [false, true].map(build);

    // THEN
    expect(Object.keys(before)).toHaveLength(1);
    expect(after).toEqual(before);
  });

  it('can be in another stack', () => {
    // GIVEN
    const app = new App();
    const lake = newLake({}, 'Lake', newStack(app, 'LakeStack'));
    const sending = newStack(app, 'Sending');

    // WHEN
    addEvents(lake, APPLICATION_ID, sending);

    // THEN
    expect(typesIn(Stack.of(lake))).toContain(TABLE);
    expect(typesIn(sending)).not.toContain(DELIVERY_STREAM);
    templateOf(sending).hasResourceProperties('Custom::PinpointEventStream', {
      DestinationStreamArn: { 'Fn::ImportValue': Match.stringLikeRegexp('^LakeStack:.*LakePinpointEventsDeliveryStream.*Arn') },
    });
  });

  it('can be in a nested stack', () => {
    // GIVEN
    const nested = new NestedStack(stack, 'Nested');

    // WHEN
    addEvents(newLake({}, 'Lake', nested), APPLICATION_ID, nested);

    // THEN
    expect(typesIn(nested)).toContain(TABLE);
    expect(errorsOf(stack)).toEqual([]);
  });
});

describe('the bucket of a lake', () => {
  it('that is passed in is used as it is', () => {
    // GIVEN
    const bucket = new s3.Bucket(stack, 'Yours');

    // WHEN
    const lake = newLake({ bucket });
    lake.pinpointEvents;

    // THEN
    expect(lake.bucket).toBe(bucket);
    templateOf().resourceCountIs(BUCKET, 1);
    templateOf().hasResourceProperties(DELIVERY_STREAM, { ExtendedS3DestinationConfiguration: { BucketARN: arnOf('Yours') } });
    templateOf().hasResourceProperties(TABLE, {
      TableInput: { StorageDescriptor: { Location: { 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('^Yours') }, '/pinpoint/']] } } },
    });
    expect(warningsOf(stack, 'encryption-key')).toEqual([]);
  });

  it.each<[string, () => s3.IBucket, unknown]>([
    ['a bucket of the app', () => new s3.Bucket(stack, 'Yours', { encryption: s3.BucketEncryption.KMS }), arnOf('YoursKey')],
    ['an imported bucket', () => importedBucket(), KEY_ARN],
    ['a bucket that is known by its resource', () => s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Yours', {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [{
          serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: new kms.CfnKey(stack, 'YoursKey', { keyPolicy: { Version: '2012-10-17', Statement: [] } }).attrArn },
        }],
      },
    })), arnOf('YoursKey')],
  ])('has a key that Firehose may use for its objects, where it is that of %s', (_, bucketIn, keyArn) => {
    // GIVEN
    const bucket = bucketIn();

    // WHEN
    newLake({ bucket }).smsVoiceEvents;

    // THEN
    templateOf().hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: keyArn,
            Condition: { StringLike: Match.objectLike({ 'kms:ViaService': 's3.eu-west-1.amazonaws.com*' }) },
          })]),
        },
      }],
    });
    expect(warningsOf(stack, 'encryption-key')).toEqual([]);
  });

  it.each<[string, string, () => s3.IBucket]>([
    ['is imported without it', 'Stack/Imported', () => importedBucket({ encryptionKey: undefined })],
    ['has it as text', 'Stack/Yours/@FromCfnBucket', () => s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Yours', {
      bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY_ARN } }] },
    }))],
  ])('has a warning where its key is not known, as that of one that %s', (_, path, bucketIn) => {
    // WHEN
    newLake({ bucket: bucketIn() });

    // THEN
    expect(warningsOf(stack, 'encryption-key')).toEqual([['/Stack/Lake',
      `the key of the bucket '${path}' is not known: if it is a customer managed one, ` +
      'pass it as encryptionKey to Bucket.fromBucketAttributes(), or events are lost']]);
  });

  it('has no warning where it is known by its resource, which has no key', () => {
    // WHEN
    newLake({ bucket: s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Yours')) });

    // THEN
    expect(warningsOf(stack, 'encryption-key')).toEqual([]);
  });

  describe('of another account', () => {
    it('gets objects that its owner may read', () => {
      // WHEN
      newLake({ bucket: importedBucket({ account: OTHER_ACCOUNT }) }).emailEvents;

      // THEN
      templateOf().hasResourceProperties('AWS::IAM::Role', {
        Policies: [{
          PolicyDocument: {
            Statement: Match.arrayWith([Match.objectLike({
              Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject', 's3:PutObjectAcl'],
              Resource: [arnInStack('s3:::events/email/*'), arnInStack('s3:::events/errors/email/*')],
            })]),
          },
        }],
      });
    });

    it.each([
      ['in an account', {}, ENV.account], ['in whatever account it is deployed to', { env: undefined }, '${AWS::AccountId}'],
    ])('has a warning that says what its policy must have, of a stack %s', (_, props, account) => {
      // GIVEN
      stack = new Stack(new App(), 'Stack', { env: ENV, ...props });

      // WHEN
      newLake({ bucket: importedBucket({ account: OTHER_ACCOUNT }) });

      // THEN
      const principal = `"Principal":{"AWS":"arn:\${AWS::Partition}:iam::${account}:root"}`;
      const objects = ['pinpoint', 'errors/pinpoint', 'sms-voice', 'errors/sms-voice', 'email', 'errors/email']
        .map((prefix) => `"arn:\${AWS::Partition}:s3:::events/${prefix}/*"`);
      expect(warningsOf(stack, 'bucket-policy')).toEqual([['/Stack/Lake',
        `the policy of the bucket 'Stack/Imported' of account ${OTHER_ACCOUNT} stays as it is: it must have ` +
        `{"Action":["s3:GetBucketLocation","s3:ListBucket","s3:ListBucketMultipartUploads"],"Effect":"Allow",${principal},` +
        '"Resource":"arn:${AWS::Partition}:s3:::events"} and ' +
        `{"Action":["s3:AbortMultipartUpload","s3:GetObject","s3:PutObject","s3:PutObjectAcl"],"Effect":"Allow",${principal},` +
        `"Resource":[${objects.join(',')}]}, ` +
        `and its key, if it has one, must let account ${account} use kms:Decrypt and kms:GenerateDataKey`]]);
    });

    it('can be a resource of the app, and its policy stays as it is', () => {
      // GIVEN
      const other = new Stack(stack.node.root as App, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } });
      const bucket = new s3.Bucket(other, 'Bucket', { bucketName: 'events' });

      // WHEN
      newLake({ bucket }).emailEvents;

      // THEN
      templateOf().hasResourceProperties(DELIVERY_STREAM, { ExtendedS3DestinationConfiguration: { BucketARN: arnInStack('s3:::events') } });
      expect(typesIn(other)).toEqual([BUCKET]);
      expect(warningsOf(stack, 'bucket-policy')).toEqual([['/Stack/Lake', expect.stringContaining(`'Other/Bucket' of account ${OTHER_ACCOUNT}`)]]);
    });
  });

  it('has an error where it is imported from another region', () => {
    // WHEN
    newLake({ bucket: importedBucket({ region: 'us-east-1' }) });

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack/Lake', 'bucket must be in the region of the stack, eu-west-1, got us-east-1']]);
  });

  it('is refused where it is a resource of the app in another region', () => {
    // GIVEN
    const other = new Stack(stack.node.root as App, 'Other', { env: { ...ENV, region: 'us-east-1' } });

    // WHEN
    const add = () => newLake({ bucket: new s3.Bucket(other, 'Bucket', { bucketName: 'events' }) });

    // THEN
    expect(add).toThrow('bucket must be in the region of the stack, eu-west-1, got us-east-1 (at Stack/Lake)');
  });

  it.each<[string, () => unknown, string]>([
    ['a table', () => new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }), "'Stack/Table'"],
    ['a name', () => 'events', 'a value of type String'],
  ])('cannot be %s, also in languages that do not check it', (_, bucketIn, got) => {
    // GIVEN
    const bucket = bucketIn() as s3.IBucket;

    // WHEN
    const add = () => newLake({ bucket });

    // THEN
    expect(add).toThrow(`EventLake takes a bucket, got ${got} (at Stack/Lake)`);
  });

  it('has a warning where a second lake has the events of the same sender there', () => {
    // GIVEN
    const { bucket } = newLake();
    const [one, two] = ['One', 'Two'].map((id) => newLake({ bucket }, id));

    // WHEN
    one.pinpointEvents;
    two.pinpointEvents;

    // THEN
    expect(warningsOf(stack, 'shared-prefix')).toEqual([['/Stack/Two/PinpointEvents',
      expect.stringMatching(/^the lake of 'Stack\/One\/PinpointEvents' has the events of Amazon Pinpoint in s3:\/\/\$\{LakeBucket.*\}\/pinpoint\/ as well, /)]]);
  });

  it('can be that of two lakes for two senders, and two lakes can have two buckets', () => {
    // GIVEN
    const lake = newLake();
    const sameBucket = newLake({ bucket: lake.bucket }, 'Same');

    // WHEN
    lake.pinpointEvents;
    sameBucket.smsVoiceEvents;
    newLake({}, 'Another').pinpointEvents;

    // THEN
    expect(warningsOf(stack, 'shared-prefix')).toEqual([]);
    expect(errorsOf(stack)).toEqual([]);
  });
});

describe('the database of a lake', () => {
  it('that is passed in has the tables', () => {
    // GIVEN
    const database = glue.Database.fromDatabaseArn(stack, 'Imported', DATABASE_ARN);

    // WHEN
    const lake = newLake({ database });
    lake.emailEvents;

    // THEN
    expect(lake.database).toBe(database);
    templateOf().resourceCountIs(DATABASE, 0);
    templateOf().hasResourceProperties(TABLE, { DatabaseName: 'events' });
  });

  it.each([
    ['in another region', DATABASE_ARN.replace('eu-west-1', 'us-east-1'), ['database must be in the region of the stack, eu-west-1, got us-east-1']],
    ['in another account', DATABASE_ARN.replace(ENV.account, OTHER_ACCOUNT), [`database must be in the account of the stack, 111111111111, got ${OTHER_ACCOUNT}`]],
    ['a table', DATABASE_ARN.replace('database', 'table'), [`database must be the ARN of a Glue database, got '${DATABASE_ARN.replace('database', 'table')}'`]],
  ])('has an error where its ARN is that of one %s', (_, arn, errors) => {
    // WHEN
    newLake({ database: glue.Database.fromDatabaseArn(stack, 'Imported', arn) });

    // THEN
    expect(errorsOf(stack)).toEqual(errors.map((error) => ['/Stack/Lake', error]));
  });

  it('is refused where it is a resource of the app in another account', () => {
    // GIVEN
    const other = new Stack(stack.node.root as App, 'Other', { env: { ...ENV, account: OTHER_ACCOUNT } });

    // WHEN
    const add = () => newLake({ database: new glue.Database(other, 'Database') });

    // THEN
    expect(add).toThrow(`database must be in the account of the stack, 111111111111, got ${OTHER_ACCOUNT} (at Stack/Lake)`);
  });

  it('cannot be a bucket, also in languages that do not check it', () => {
    // WHEN
    const add = () => newLake({ database: new s3.Bucket(stack, 'Bucket') as unknown as glue.IDatabase });

    // THEN
    expect(add).toThrow("EventLake takes a Glue database, got 'Stack/Bucket' (at Stack/Lake)");
  });

  it('has an error where a second lake has a table of the same name in it', () => {
    // GIVEN
    const lakes = ['One', 'Two'].map((id) => newLake({ database: glue.Database.fromDatabaseArn(stack, `Database${id}`, DATABASE_ARN) }, id));

    // WHEN
    lakes.forEach((lake) => lake.smsVoiceEvents);

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack/Two/SmsVoiceEvents',
      "'Stack/One/SmsVoiceEvents' has a table sms_voice_events in the same database: use one lake, or give them two databases"]]);
  });
});

describe('what a lake has from another stack by a weak reference', () => {
  it.each<[string, (scope: Stack) => EventLakeProps]>([
    ['bucket', (scope) => ({ bucket: new s3.Bucket(scope, 'Bucket') })],
    ['database', (scope) => ({ database: new glue.Database(scope, 'Database') })],
  ])('has a warning that CloudFormation may delete it: a %s', (name, propsIn) => {
    // GIVEN
    const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'weak' } });
    const [owner, scope] = ['Owner', 'Stack'].map((id) => newStack(app, id));

    // WHEN
    newLake(propsIn(owner), 'Lake', scope).pinpointEvents;

    // THEN
    expect(warningsOf(scope, 'weak-reference')).toEqual([['/Stack/Lake', expect.stringMatching(`^the ${name} 'Owner/`)]]);
  });
});

describe('a reader of a table', () => {
  const catalog = arnInStack('glue:eu-west-1:111111111111:catalog');

  it('gets what Athena needs of the table, its database, the catalog, its objects and their key', () => {
    // GIVEN
    const lake = newLake({ bucket: importedBucket(), database: glue.Database.fromDatabaseArn(stack, 'Database', DATABASE_ARN) });
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });

    // WHEN
    const grant = lake.smsVoiceEvents.table.grantRead(reader);

    // THEN
    expect(grant.success).toBe(true);
    const [{ Properties: { PolicyDocument: { Statement } } }] = Object.values<any>(templateOf().findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Reader') }] },
    }));
    const table = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':glue:eu-west-1:111111111111:table/events/', { Ref: expect.stringMatching(/^LakeSmsVoiceEventsTable/) }]] };
    expect(Statement).toEqual([
      { Effect: 'Allow', Action: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'], Resource: [table, catalog, DATABASE_ARN] },
      { Effect: 'Allow', Action: expect.arrayContaining(['glue:GetTable']), Resource: table },
      { Effect: 'Allow', Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'], Resource: [arnInStack('s3:::events'), arnInStack('s3:::events/sms-voice/*')] },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: KEY_ARN },
    ]);
  });
});

describe('a lake in an app with property injectors', () => {
  it('takes what they want of the lake', () => {
    // GIVEN
    const bucket = new s3.Bucket(stack, 'Central');
    inject(EventLake.PROPERTY_INJECTION_ID, { bucket });

    // WHEN
    const lake = newLake();

    // THEN
    expect(lake.bucket).toBe(bucket);
  });

  it.each<[string, string, object, string, object]>([
    ['bucket', s3.Bucket.PROPERTY_INJECTION_ID, { versioned: true }, BUCKET, { VersioningConfiguration: { Status: 'Enabled' } }],
    ['database', glue.Database.PROPERTY_INJECTION_ID, { description: 'ours' }, DATABASE, { DatabaseInput: { Description: 'ours' } }],
    ['table', glue.S3Table.PROPERTY_INJECTION_ID, { description: 'ours' }, TABLE, { TableInput: { Description: 'ours', Name: 'pinpoint_events' } }],
    ['log group', logs.LogGroup.PROPERTY_INJECTION_ID, { retention: 30 }, 'AWS::Logs::LogGroup', { RetentionInDays: 30 }],
    ['role', iam.Role.PROPERTY_INJECTION_ID, { path: '/ours/' }, 'AWS::IAM::Role', { Path: '/ours/' }],
  ])('takes what they want of its %s', (_, constructUniqueId, wanted, type, expected) => {
    // GIVEN
    inject(constructUniqueId, wanted);

    // WHEN
    newLake().pinpointEvents;

    // THEN
    templateOf().hasResourceProperties(type, expected);
  });

  it('lets senders use the key that they want for its delivery streams', () => {
    // GIVEN
    inject(firehose.DeliveryStream.PROPERTY_INJECTION_ID, {
      encryption: firehose.StreamEncryption.customerManagedKey(kms.Key.fromKeyArn(stack, 'Key', KEY_ARN)),
    });

    // WHEN
    addMessages(newLake());

    // THEN
    templateOf().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'sms-voice.amazonaws.com' } }] },
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY_ARN })]) } }],
    });
  });
});

it.each(['bucket-policy', 'encryption-key', 'shared-prefix'])('the warning %s of a lake can be acknowledged', (id) => {
  // GIVEN
  CdkAnnotations.of(stack).acknowledgeWarning(`cdk-pinpoint-event-stream:${id}`);
  const bucket = importedBucket({ account: OTHER_ACCOUNT, encryptionKey: undefined });

  // WHEN
  ['One', 'Two'].forEach((name) => newLake({ bucket }, name).pinpointEvents);

  // THEN
  expect(warningsOf(stack, id)).toEqual([]);
  expect(['bucket-policy', 'encryption-key', 'shared-prefix'].filter((other) => warningsOf(stack, other).length > 0)).toHaveLength(2);
});

it('what only a deployment knows of a bucket and a database is not checked', () => {
  // GIVEN
  const [bucketName, databaseArn] = ['BucketName', 'DatabaseArn'].map((id) => new CfnParameter(stack, id).valueAsString);

  // WHEN
  newLake({ bucket: importedBucket({ bucketName }), database: glue.Database.fromDatabaseArn(stack, 'ImportedDatabase', databaseArn) }).pinpointEvents;

  // THEN
  expect(errorsOf(stack)).toEqual([]);
});
