import { Annotations as AppAnnotations, App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EventLake, EventLakeTable, KinesisStreamDestination, PinpointEventStream, SmsVoiceConfigurationSet } from '../../src';
import { EMAIL, PINPOINT, Sender, SMS_VOICE } from '../../src/private/senders';
import { allowing, APPLICATION_ID, arnInStack, arnOf, ENV, errorsOf, importedStream, newRole, newStack, OTHER_APPLICATION_ID, warningsOf } from '../support/synth';

/** A sender as users see it: what is deployed has these names, and what is stored these prefixes, so never change them. */
interface Part {
  readonly sender: Sender;
  readonly of: (lake: EventLake) => EventLakeTable;
  readonly prefix: string;
  readonly tableName: string;
  readonly processing: unknown;
}

const ONE_RECORD_A_LINE = { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord', Parameters: [] }] };

const PARTS: Part[] = [
  { sender: PINPOINT, of: (lake) => lake.pinpointEvents, prefix: 'pinpoint/', tableName: 'pinpoint_events', processing: ONE_RECORD_A_LINE },
  { sender: SMS_VOICE, of: (lake) => lake.smsVoiceEvents, prefix: 'sms-voice/', tableName: 'sms_voice_events', processing: ONE_RECORD_A_LINE },
  // SES ends its records itself.
  { sender: EMAIL, of: (lake) => lake.emailEvents, prefix: 'email/', tableName: 'email_events', processing: Match.absent() },
];

type Resources = Record<string, { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string }>;

const resourcesOf = (stack: Stack): Resources => (Template.fromStack(stack).toJSON() as { Resources: Resources }).Resources;

const readerOf = (table: EventLakeTable, scope: Stack) => table.table.grantRead(newRole(scope));

/** What names the parts of a glue resource, for a policy. */
const glueArn = (...rest: unknown[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...rest]] });
const ref = (logicalIdPrefix: string) => ({ Ref: Match.stringLikeRegexp(`^${logicalIdPrefix}`) });

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe.each(PARTS)('the part of $sender.name in a lake', ({ sender, of, prefix, tableName, processing }) => {
  let created: Stack;
  let table: EventLakeTable;
  let template: Template;

  beforeAll(() => {
    // WHEN
    created = newStack();
    table = of(new EventLake(created, 'Lake'));
    template = Template.fromStack(created);
  });

  it('is a delivery stream with a role and a log group, and a table, in addition to the lake', () => {
    // GIVEN
    const empty = newStack();
    new EventLake(empty, 'Lake');

    // THEN
    const before = Object.keys(resourcesOf(empty));
    const added = Object.entries(resourcesOf(created)).filter(([logicalId]) => !before.includes(logicalId));
    expect(added.map(([, { Type }]) => Type).sort()).toEqual([
      'AWS::Glue::Table', 'AWS::IAM::Role', 'AWS::KinesisFirehose::DeliveryStream', 'AWS::Logs::LogGroup', 'AWS::Logs::LogStream',
    ]);
  });

  it('has no warning and no error', () => {
    // THEN
    Annotations.fromStack(created).hasNoWarning('*', Match.anyValue());
    expect(errorsOf(created)).toEqual([]);
  });

  it('delivers compressed objects to the bucket, below a prefix for each day, and what fails below another one', () => {
    // THEN
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        BucketARN: arnOf('LakeBucket'),
        RoleARN: arnOf('Lake.*DeliveryStreamRole'),
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: ref('Lake.*DeliveryStreamLogs') },
        CompressionFormat: 'GZIP',
        Prefix: `${prefix}day=!{timestamp:yyyy-MM-dd}/`,
        ErrorOutputPrefix: `errors/${prefix}!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/`,
      },
    });
    expect(created.resolve(table.deliveryStream.deliveryStreamArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/DeliveryStream[0-9A-F]{8}$/), 'Arn'] });
  });

  it('has one record a line, and no empty line', () => {
    // THEN
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', { ExtendedS3DestinationConfiguration: { ProcessingConfiguration: processing } });
  });

  it('gives Firehose a role that this account alone can use, for the events of this sender alone', () => {
    // THEN
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: allowing({
        Principal: { Service: 'firehose.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': '111111111111' } },
      }),
      Description: `Delivers the events of ${sender.name} to their bucket`,
      Policies: [{
        PolicyDocument: allowing(
          { Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], Resource: arnOf('LakeBucket') },
          {
            Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
            Resource: [
              { 'Fn::Join': ['', [arnOf('LakeBucket'), `/${prefix}*`]] },
              { 'Fn::Join': ['', [arnOf('LakeBucket'), `/errors/${prefix}*`]] },
            ],
          },
          { Action: 'logs:PutLogEvents', Resource: arnOf('Lake.*DeliveryStreamLogs') },
        ),
      }],
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it('has a table in the database of the lake, over what is below the prefix of its events', () => {
    // THEN
    template.hasResourceProperties('AWS::Glue::Table', {
      DatabaseName: ref('LakeDatabase'),
      TableInput: {
        Name: tableName,
        Description: `The events of ${sender.name}, one in a row`,
        TableType: 'EXTERNAL_TABLE',
        StorageDescriptor: {
          Location: { 'Fn::Join': ['', ['s3://', ref('LakeBucket'), `/${prefix}`]] },
          Compressed: true,
          InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        },
      },
    });
    expect(created.resolve(table.table.tableName)).toEqual({ Ref: expect.stringMatching(/Table/) });
  });

  it('has a column for each field of the sender, with a name in lower case', () => {
    // GIVEN
    const Columns = Object.entries(sender.columns).map(([name, type]) => Match.objectEquals({ Name: name.toLowerCase(), Type: type }));

    // THEN
    template.hasResourceProperties('AWS::Glue::Table', { TableInput: { StorageDescriptor: { Columns } } });
  });

  it('reads JSON with a SerDe that keeps the case of names, and is told which fields have capital letters', () => {
    // GIVEN
    const fieldsWithCapitals = Object.keys(sender.columns).filter((name) => /[A-Z]/.test(name));

    // THEN
    expect(fieldsWithCapitals.length).toBeGreaterThan(0);
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: {
        StorageDescriptor: {
          SerdeInfo: {
            SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
            Parameters: Match.objectEquals({
              'case.insensitive': 'FALSE',
              ...Object.fromEntries(fieldsWithCapitals.map((name) => [`mapping.${name.toLowerCase()}`, name])),
            }),
          },
        },
      },
    });
  });

  it('is partitioned by the day, of which Athena computes the values, so that nobody adds a partition', () => {
    // THEN
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: {
        PartitionKeys: [{ Name: 'day', Type: 'string' }],
        Parameters: Match.objectEquals({
          'classification': 'json',
          'has_encrypted_data': false,
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.range': '2026-01-01,NOW',
          'projection.day.format': 'yyyy-MM-dd',
        }),
      },
    });
  });

  it.each(['AWS::KinesisFirehose::DeliveryStream', 'AWS::IAM::Role', 'AWS::Logs::LogGroup'])('keeps its %s when it is removed, to deliver what it still has', (type) => {
    // THEN
    template.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  it('deletes its table, which is a definition only', () => {
    // THEN
    template.allResources('AWS::Glue::Table', { DeletionPolicy: Match.absent(), UpdateReplacePolicy: Match.absent() });
  });

  it('lets those who read the table read its events, and of the catalog what Athena needs', () => {
    // GIVEN
    const part = of(new EventLake(stack, 'Lake'));

    // WHEN
    const grant = readerOf(part, stack);

    // THEN
    const [catalog, database, tableArn] = [
      arnInStack('glue:eu-west-1:111111111111:catalog'),
      glueArn(':glue:eu-west-1:111111111111:database/', ref('LakeDatabase')),
      glueArn(':glue:eu-west-1:111111111111:table/', ref('LakeDatabase'), '/', ref('Lake.*Table')),
    ];
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [ref('MyRole')],
      PolicyDocument: allowing(
        { Action: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'], Resource: [tableArn, catalog, database] },
        { Action: Match.arrayWith(['glue:GetPartitions', 'glue:GetTable']), Resource: tableArn },
        {
          Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'],
          Resource: [arnOf('LakeBucket'), { 'Fn::Join': ['', [arnOf('LakeBucket'), `/${prefix}*`]] }],
        },
      ),
    });
    expect([grant.success, grant.principalStatements.length]).toEqual([true, 2]);
  });
});

describe('those who read a table', () => {
  it.each<[string, (scope: Stack) => s3.IBucket]>([
    ['a bucket of the app', (scope) => new s3.Bucket(scope, 'Bucket', { encryptionKey: new kms.Key(scope, 'Key') })],
    ['a bucket that is imported with its key', (scope) => s3.Bucket.fromBucketAttributes(scope, 'Bucket', {
      bucketName: 'events', encryptionKey: new kms.Key(scope, 'Key'),
    })],
  ])('may decrypt its events with the key of %s', (_, bucketIn) => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake', { bucket: bucketIn(stack) });

    // WHEN
    readerOf(lake.smsVoiceEvents, stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([{ Effect: 'Allow', Action: Match.arrayWith(['kms:Decrypt']), Resource: arnOf('Key') }]) },
    });
  });

  it('can be of another stack', () => {
    // GIVEN
    const app = new App();
    const { smsVoiceEvents } = new EventLake(newStack(app, 'Owner'), 'Lake');
    const readers = newStack(app);

    // WHEN
    readerOf(smsVoiceEvents, readers);

    // THEN
    Template.fromStack(readers).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'], Resource: Match.arrayWith([arnInStack('glue:eu-west-1:111111111111:catalog')]),
        })]),
      },
    });
  });

  it('may use the same table of a database that is passed in', () => {
    // GIVEN
    const database = glue.Database.fromDatabaseArn(stack, 'Database', 'arn:aws:glue:eu-west-1:111111111111:database/analytics');

    // WHEN
    readerOf(new EventLake(stack, 'Lake', { database }).smsVoiceEvents, stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([{
          Effect: 'Allow',
          Action: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'],
          Resource: [
            glueArn(':glue:eu-west-1:111111111111:table/analytics/', ref('Lake.*Table')),
            arnInStack('glue:eu-west-1:111111111111:catalog'),
            'arn:aws:glue:eu-west-1:111111111111:database/analytics',
          ],
        }]),
      },
    });
  });
});

describe('a table of a lake', () => {
  const addStream = (scope: Stack, applicationId: string, destination: EventLake | KinesisStreamDestination) =>
    new PinpointEventStream(scope, `Events${applicationId}`, { applicationId, destination });

  /** The resources of the lake in the template of a stack that is built so. */
  function lakeAfter(build: (scope: Stack, lake: EventLake) => void): Resources {
    const built = newStack();
    build(built, new EventLake(built, 'Lake'));
    return Object.fromEntries(Object.entries(resourcesOf(built)).filter(([logicalId]) => logicalId.startsWith('Lake')));
  }

  const elsewhere = (scope: Stack) => new KinesisStreamDestination(importedStream(scope));

  it('and its delivery stream stay as they are when an event stream moves away and another one stays', () => {
    // WHEN
    const [before, after] = [
      (scope: Stack, lake: EventLake) => [APPLICATION_ID, OTHER_APPLICATION_ID].forEach((applicationId) => addStream(scope, applicationId, lake)),
      (scope: Stack, lake: EventLake) => {
        addStream(scope, APPLICATION_ID, elsewhere(scope));
        addStream(scope, OTHER_APPLICATION_ID, lake);
      },
    ].map(lakeAfter);

    // THEN
    expect(after).toEqual(before);
    expect(Object.values(after).map(({ Type }) => Type)).toContain('AWS::Glue::Table');
  });

  it('is deleted when nothing names it any more, and leaves the bucket and the database', () => {
    // WHEN
    const [empty, after] = [() => undefined, (scope: Stack) => addStream(scope, APPLICATION_ID, elsewhere(scope))].map(lakeAfter);

    // THEN
    expect(after).toEqual(empty);
    expect(Object.values(after).map(({ Type }) => Type)).toEqual(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::Glue::Database']);
  });

  it('stays with its delivery stream when the app only names it', () => {
    // WHEN
    const [before, after] = [
      (scope: Stack, lake: EventLake) => addStream(scope, APPLICATION_ID, lake),
      (_: Stack, lake: EventLake) => lake.pinpointEvents,
    ].map(lakeAfter);

    // THEN
    expect(after).toEqual(before);
  });

  it('stays when the app only grants from it', () => {
    // WHEN
    const [before, after] = [
      (scope: Stack, lake: EventLake) => new SmsVoiceConfigurationSet(scope, 'Messages').addEventDestination('Lake', { destination: lake }),
      (scope: Stack, lake: EventLake) => lake.smsVoiceEvents.table.grantRead(newRole(scope)),
    ].map(lakeAfter);

    // THEN
    expect(after).toEqual(before);
  });
});

describe('two lakes that have the events of a sender', () => {
  const SHARED_PREFIX = ['/Stack/Two/SmsVoiceEvents',
    "'Stack/One/SmsVoiceEvents' also writes the events of AWS End User Messaging to s3://events/sms-voice/, " +
    'so every query finds the events of both: use one lake, or a bucket for each'];

  const eventsIn = (scope: Stack, id = 'Bucket', bucketName = 'events') => s3.Bucket.fromBucketAttributes(scope, id, {
    bucketName, encryptionKey: kms.Key.fromKeyArn(scope, `${id}Key`, 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000'),
  });

  it('in one bucket are a warning, once', () => {
    // GIVEN
    const bucket = eventsIn(stack);

    // WHEN
    const [one, two] = ['One', 'Two'].map((id) => new EventLake(stack, id, { bucket }));
    one.smsVoiceEvents;
    two.smsVoiceEvents;

    // THEN
    expect(warningsOf(stack, 'shared-prefix')).toEqual([SHARED_PREFIX]);
    expect(errorsOf(stack)).toEqual([]);
  });

  it('in one bucket that is imported twice are a warning, once', () => {
    // WHEN
    ['One', 'Two'].map((id) => new EventLake(stack, id, { bucket: eventsIn(stack, `Bucket${id}`) }).smsVoiceEvents);

    // THEN
    expect(warningsOf(stack, 'shared-prefix')).toEqual([SHARED_PREFIX]);
  });

  it('in one bucket are a warning across stacks, and name the bucket of the app as the template does', () => {
    // GIVEN
    const app = new App();
    const owner = newStack(app, 'Owner');
    const bucket = new s3.Bucket(owner, 'Bucket');
    const user = newStack(app);

    // WHEN
    new EventLake(owner, 'One', { bucket }).smsVoiceEvents;
    new EventLake(user, 'Two', { bucket }).smsVoiceEvents;

    // THEN
    expect(warningsOf(owner, 'shared-prefix')).toEqual([]);
    expect(warningsOf(user, 'shared-prefix')).toEqual([
      ['/Stack/Two/SmsVoiceEvents', expect.stringMatching(/^'Owner\/One\/SmsVoiceEvents' also writes the events of AWS End User Messaging to s3:\/\/.*\/sms-voice\/, so every query/)],
    ]);
  });

  it.each(['lake', 'table'])('in one bucket are no warning once that is acknowledged for the later %s', (level) => {
    // GIVEN
    const bucket = eventsIn(stack);
    new EventLake(stack, 'One', { bucket }).smsVoiceEvents;
    const two = new EventLake(stack, 'Two', { bucket });
    const { smsVoiceEvents } = two;

    // WHEN
    AppAnnotations.of(level === 'lake' ? two : smsVoiceEvents).acknowledgeWarning('cdk-pinpoint-event-stream:shared-prefix');

    // THEN
    expect(warningsOf(stack, 'shared-prefix')).toEqual([]);
  });

  it.each<[string, (scope: Stack) => unknown]>([
    ['in two buckets', (scope) => ['One', 'Two'].map((id) => new EventLake(scope, id).smsVoiceEvents)],
    ['in two imported buckets', (scope) => ['One', 'Two'].map((id) =>
      new EventLake(scope, id, { bucket: eventsIn(scope, `Bucket${id}`, id.toLowerCase()) }).smsVoiceEvents)],
    ['where one has none of them yet', (scope) => {
      const bucket = eventsIn(scope);
      new EventLake(scope, 'One', { bucket });
      new EventLake(scope, 'Two', { bucket }).smsVoiceEvents;
    }],
    ['in one bucket and one database, but of two senders', (scope) => {
      const props = { bucket: eventsIn(scope), database: new glue.Database(scope, 'Database') };
      new EventLake(scope, 'One', props).emailEvents;
      new EventLake(scope, 'Two', props).smsVoiceEvents;
    }],
  ])('%s are no warning and no error', (_, add) => {
    // WHEN
    add(stack);

    // THEN
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    expect(errorsOf(stack)).toEqual([]);
  });

  it('in buckets of the same name in two regions are no warning', () => {
    // GIVEN
    const app = new App();
    const stacks = ['eu-west-1', 'us-east-1'].map((region) => new Stack(app, region, { env: { ...ENV, region } }));

    // WHEN
    stacks.forEach((each) => new EventLake(each, 'Lake', { bucket: eventsIn(each) }).smsVoiceEvents);

    // THEN
    expect(stacks.flatMap((each) => warningsOf(each, 'shared-prefix'))).toEqual([]);
  });

  it.each<[string, (scope: Stack) => glue.IDatabase]>([
    ['a database of the app', (scope) => scope.node.tryFindChild('Database') as glue.Database ?? new glue.Database(scope, 'Database')],
    ['an imported database', (scope) => glue.Database.fromDatabaseArn(scope, `Database${scope.node.children.length}`,
      'arn:aws:glue:eu-west-1:111111111111:database/analytics')],
  ])('in %s are an error, once, since a table is there once', (_, databaseIn) => {
    // WHEN
    ['One', 'Two'].forEach((id) => new EventLake(stack, id, { database: databaseIn(stack) }).emailEvents);

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack/Two/EmailEvents',
      "'Stack/One/EmailEvents' has a table email_events in the same database: use one lake, or a database for each"]]);
    expect(warningsOf(stack, 'shared-prefix')).toEqual([]);
  });

  it('in databases of the same name in two accounts are no error', () => {
    // GIVEN
    const app = new App();
    const stacks = ['111111111111', '222222222222'].map((account) => new Stack(app, `In${account}`, { env: { ...ENV, account } }));

    // WHEN
    stacks.forEach((each) => new EventLake(each, 'Lake', {
      database: glue.Database.fromDatabaseArn(each, 'Database', `arn:aws:glue:eu-west-1:${each.account}:database/analytics`),
    }).emailEvents);

    // THEN
    expect(stacks.flatMap(errorsOf)).toEqual([]);
  });

  it('in databases that only a deployment knows are no error where their names are two', () => {
    // WHEN
    ['One', 'Two'].forEach((id) => {
      const database = glue.Database.fromDatabaseArn(stack, `Database${id}`, new CfnParameter(stack, `Arn${id}`).valueAsString);
      new EventLake(stack, id, { database }).emailEvents;
    });

    // THEN
    expect(errorsOf(stack)).toEqual([]);
  });
});
