import { Annotations as AppAnnotations, App, CrossStackReferences, NestedStack, ReferenceStrength, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { EventLake, EventLakeProps, EventLakeTable, PinpointEventStream, SmsVoiceConfigurationSet } from '../../src';
import { allowing, APPLICATION_ID, arnInStack, arnOf, ENV, errorsOf, inject, KEY_ARN, logicalIdsOf, newStack, OTHER_APPLICATION_ID, warningsOf } from '../support/synth';

const DELIVERY_STREAM = 'AWS::KinesisFirehose::DeliveryStream';
const DATABASE_ARN = 'arn:aws:glue:eu-west-1:111111111111:database/analytics';
const OTHER_ACCOUNT = '222222222222';

const GETTERS: [name: string, of: (lake: EventLake) => EventLakeTable][] = [
  ['pinpointEvents', (lake) => lake.pinpointEvents],
  ['smsVoiceEvents', (lake) => lake.smsVoiceEvents],
  ['emailEvents', (lake) => lake.emailEvents],
];

const importedBucket = (scope: Construct, attributes: Partial<s3.BucketAttributes> = {}) =>
  s3.Bucket.fromBucketAttributes(scope, 'Bucket', { bucketName: 'events', ...attributes });
const withKey = (kmsMasterKeyId: string): s3.CfnBucket.BucketEncryptionProperty =>
  ({ serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId } }] });
const keyIn = (scope: Construct) => kms.Key.fromKeyArn(scope, 'Key', KEY_ARN);
const importedDatabase = (scope: Construct, arn: string = DATABASE_ARN) => glue.Database.fromDatabaseArn(scope, 'Database', arn);

function addMessages(scope: Stack, id: string, lake: EventLake): void {
  new SmsVoiceConfigurationSet(scope, id).addEventDestination('Lake', { destination: lake });
}

/** Matches the statement by which the role that delivers may use a key for the objects of a bucket. */
const decryptStatement = (key: unknown, arns: unknown) => Match.objectEquals({
  Effect: 'Allow',
  Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  Resource: key,
  Condition: { StringLike: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com*', 'kms:EncryptionContext:aws:s3:arn': arns } },
});

const hasNothingToSay = (scope: Stack) => {
  Annotations.fromStack(scope).hasNoWarning('*', Match.anyValue());
  expect(errorsOf(scope)).toEqual([]);
};

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('a lake to which nothing sends', () => {
  it('is a bucket, its policy and a database, without a warning', () => {
    // WHEN
    const lake = new EventLake(stack, 'Lake');

    // THEN
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
    expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::Glue::Database']);
    expect([lake.bucket, lake.database]).toEqual([lake.node.findChild('Bucket'), lake.node.findChild('Database')]);
    hasNothingToSay(stack);
  });

  it('keeps its bucket, encrypted and closed to the public, when it is removed', () => {
    // WHEN
    new EventLake(stack, 'Lake');

    // THEN
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('refuses plain HTTP to its bucket for as long as that exists', () => {
    // WHEN
    new EventLake(stack, 'Lake');

    // THEN
    Template.fromStack(stack).hasResource('AWS::S3::BucketPolicy', {
      Properties: { PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] } },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('deletes its database, which is definitions only', () => {
    // WHEN
    new EventLake(stack, 'Lake');

    // THEN
    Template.fromStack(stack).hasResource('AWS::Glue::Database', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

describe('the events of a sender', () => {
  it.each(GETTERS)('are made where they are first named, and once: %s', (_, of) => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake');

    // WHEN
    const [first, second] = [of(lake), of(lake)];

    // THEN
    expect(first).toBeInstanceOf(EventLakeTable);
    expect(second).toBe(first);
    for (const type of [DELIVERY_STREAM, 'AWS::IAM::Role', 'AWS::Logs::LogGroup', 'AWS::Glue::Table']) {
      Template.fromStack(stack).resourceCountIs(type, 1);
    }
  });

  it('are each in a table of their own, in one database and one bucket', () => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake');

    // WHEN
    const tables = GETTERS.map(([, of]) => of(lake));

    // THEN
    expect(new Set(tables).size).toBe(3);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::Glue::Table', { DatabaseName: { Ref: logicalIdsOf(stack, 'AWS::Glue::Database')[0] } }, 3);
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 1);
    hasNothingToSay(stack);
  });
});

describe('a lake as a destination', () => {
  it('takes the events of several event streams of Pinpoint by one delivery stream', () => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake');

    // WHEN
    for (const applicationId of [APPLICATION_ID, OTHER_APPLICATION_ID]) {
      new PinpointEventStream(stack, applicationId, { applicationId, destination: lake });
    }

    // THEN
    Template.fromStack(stack).resourceCountIs(DELIVERY_STREAM, 1);
    const deliveryStream = arnOf('LakePinpointEventsDeliveryStream');
    Template.fromStack(stack).resourcePropertiesCountIs('Custom::PinpointEventStream', { DestinationStreamArn: deliveryStream }, 2);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'pinpoint.amazonaws.com' } }] },
      Policies: [{ PolicyDocument: allowing({ Action: ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'], Resource: deliveryStream }) }],
    }, 2);
    expect(warningsOf(stack, 'encryption-key')).toEqual([]);
  });

  it('takes the events of several configuration sets of End User Messaging by one delivery stream', () => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake');

    // WHEN
    ['Marketing', 'Orders'].forEach((id) => addMessages(stack, id, lake));

    // THEN
    Template.fromStack(stack).resourceCountIs(DELIVERY_STREAM, 1);
    const deliveryStream = arnOf('LakeSmsVoiceEventsDeliveryStream');
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::SMSVOICE::ConfigurationSet', {
      EventDestinations: [{ EventDestinationName: 'Lake-Firehose', KinesisFirehoseDestination: { DeliveryStreamArn: deliveryStream } }],
    }, 2);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'sms-voice.amazonaws.com' } }] },
      Policies: [{ PolicyDocument: allowing({ Action: 'firehose:PutRecord', Resource: deliveryStream }) }],
    }, 2);
    hasNothingToSay(stack);
  });

  it('takes the events of several configuration sets of SES by one delivery stream', () => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake');

    // WHEN
    for (const id of ['Marketing', 'Orders']) {
      new ses.ConfigurationSet(stack, id).addEventDestination('Lake', {
        destination: ses.EventDestination.firehoseDeliveryStream({ deliveryStream: lake.emailEvents.deliveryStream }),
      });
    }

    // THEN
    Template.fromStack(stack).resourceCountIs(DELIVERY_STREAM, 1);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: { KinesisFirehoseDestination: { DeliveryStreamARN: arnOf('LakeEmailEventsDeliveryStream') } },
    }, 2);
    hasNothingToSay(stack);
  });

  it('takes events from another stack of its region and account', () => {
    // GIVEN
    const app = new App();
    const owner = newStack(app, 'Owner');
    const lake = new EventLake(owner, 'Lake');
    const sender = newStack(app, 'Sender');

    // WHEN
    new PinpointEventStream(sender, 'Events', { applicationId: APPLICATION_ID, destination: lake });
    addMessages(sender, 'Messages', lake);

    // THEN
    const imported = (id: string) => ({ 'Fn::ImportValue': Match.stringLikeRegexp(id) });
    Template.fromStack(sender).resourceCountIs(DELIVERY_STREAM, 0);
    Template.fromStack(sender).hasResourceProperties('Custom::PinpointEventStream', { DestinationStreamArn: imported('LakePinpointEventsDeliveryStream') });
    Template.fromStack(sender).hasResourceProperties('AWS::SMSVOICE::ConfigurationSet', {
      EventDestinations: [{ KinesisFirehoseDestination: { DeliveryStreamArn: imported('LakeSmsVoiceEventsDeliveryStream') } }],
    });
    Template.fromStack(owner).resourceCountIs(DELIVERY_STREAM, 2);
    expect([owner, sender].flatMap(errorsOf)).toEqual([]);
  });

  it('takes events from a nested stack', () => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake');

    // WHEN
    const nested = new NestedStack(stack, 'Nested');
    addMessages(nested, 'Messages', lake);

    // THEN
    Template.fromStack(stack).resourceCountIs(DELIVERY_STREAM, 1);
    Template.fromStack(nested).resourceCountIs(DELIVERY_STREAM, 0);
    hasNothingToSay(stack);
  });

  it.each([['region', 'us-east-1'], ['account', OTHER_ACCOUNT]])('is refused in another %s', (name, value) => {
    // GIVEN
    const app = new App();
    const lake = new EventLake(new Stack(app, 'Owner', { env: { ...ENV, [name]: value } }), 'Lake');

    // WHEN
    const add = () => addMessages(newStack(app), 'Messages', lake);

    // THEN
    expect(add).toThrow(`in the ${name} of the stack`);
  });
});

describe('the bucket of a lake that is passed in', () => {
  it('takes the events, and stays as it is', () => {
    // GIVEN
    const bucket = new s3.Bucket(stack, 'Bucket');

    // WHEN
    const lake = new EventLake(stack, 'Lake', { bucket });
    lake.smsVoiceEvents;

    // THEN
    expect(lake.bucket).toBe(bucket);
    const template = Template.fromStack(stack);
    template.hasResourceProperties(DELIVERY_STREAM, { ExtendedS3DestinationConfiguration: { BucketARN: arnOf('Bucket') } });
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: { StorageDescriptor: { Location: { 'Fn::Join': ['', ['s3://', { Ref: logicalIdsOf(stack, 'AWS::S3::Bucket')[0] }, '/sms-voice/']] } } },
    });
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::S3::BucketPolicy', 0);
    hasNothingToSay(stack);
  });

  const [inApp, imported] = [
    [arnOf('Bucket'), { 'Fn::Join': ['', [arnOf('Bucket'), '/*']] }],
    [arnInStack('s3:::events'), arnInStack('s3:::events/*')],
  ];

  it.each<[string, (scope: Stack) => s3.IBucket, unknown, unknown]>([
    ['its key', (scope) => new s3.Bucket(scope, 'Bucket', { encryptionKey: new kms.Key(scope, 'Key') }), arnOf('Key'), inApp],
    ['the key that has its alias', (scope) => new s3.Bucket(scope, 'Bucket', { encryptionKey: new kms.Key(scope, 'Key').addAlias('lake') }), arnOf('Key'), inApp],
    ['the key with which it is imported', (scope) => importedBucket(scope, { encryptionKey: keyIn(scope) }), KEY_ARN, imported],
    // The CDK's own grant would name the role in the policy of this key, which the role depends on.
    ['the key of its resource', (scope) => s3.Bucket.fromCfnBucket(new s3.CfnBucket(scope, 'Bucket', {
      bucketEncryption: withKey(new kms.CfnKey(scope, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [] } }).attrArn),
    })), arnOf('Key'), inApp],
  ])('lets Firehose use %s for its objects, and for nothing else', (_, bucketIn, key, arns) => {
    // GIVEN
    const bucket = bucketIn(stack);

    // WHEN
    new EventLake(stack, 'Lake', { bucket }).smsVoiceEvents;

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: { Statement: [Match.anyValue(), Match.anyValue(), Match.anyValue(), decryptStatement(key, arns)] },
      }],
    });
    hasNothingToSay(stack);
  });

  it('lets Firehose use the key that has the alias, where that does not tell its key', () => {
    // GIVEN
    const bucket = importedBucket(stack, { encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/lake') });

    // WHEN
    new EventLake(stack, 'Lake', { bucket }).smsVoiceEvents;

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: arnInStack('kms:eu-west-1:111111111111:key/*'),
            Condition: Match.objectLike({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/lake' } }),
          })]),
        },
      }],
    });
    hasNothingToSay(stack);
  });

  it.each<[string, string, (scope: Stack) => s3.IBucket]>([
    ['that is imported without a key', 'Stack/Bucket', (scope) => importedBucket(scope)],
    ['that is a CfnBucket with the ARN of a key', 'Stack/Bucket/@FromCfnBucket', (scope) => s3.Bucket.fromCfnBucket(new s3.CfnBucket(scope, 'Bucket', {
      bucketEncryption: withKey(KEY_ARN),
    }))],
  ])('%s has a warning, since its key is not known', (_, path, bucketIn) => {
    // WHEN
    new EventLake(stack, 'Lake', { bucket: bucketIn(stack) });

    // THEN
    expect(warningsOf(stack, 'encryption-key')).toEqual([['/Stack/Lake',
      `the key of the bucket '${path}' is not known: if it is a customer managed one, ` +
      'pass it as encryptionKey to Bucket.fromBucketAttributes(), or events are lost']]);
    expect(errorsOf(stack)).toEqual([]);
  });

  it.each<[string, (scope: Stack) => s3.CfnBucketProps]>([
    ['says nothing of encryption', () => ({})],
    ['has the key of Amazon S3', () => ({
      bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] },
    })],
  ])('that is a CfnBucket which %s has no warning, and lets Firehose use no key', (_, propsIn) => {
    // GIVEN
    const bucket = s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Bucket', propsIn(stack)));

    // WHEN
    new EventLake(stack, 'Lake', { bucket }).smsVoiceEvents;

    // THEN
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'))).not.toContain('kms:');
    hasNothingToSay(stack);
  });

  it('has no warning of its key once that is acknowledged', () => {
    // GIVEN
    const lake = new EventLake(stack, 'Lake', { bucket: importedBucket(stack) });

    // WHEN
    AppAnnotations.of(lake).acknowledgeWarning('cdk-pinpoint-event-stream:encryption-key');

    // THEN
    hasNothingToSay(stack);
  });

  describe('and is of another account', () => {
    const addLake = (scope: Stack) => {
      const lake = new EventLake(scope, 'Lake', { bucket: importedBucket(scope, { account: OTHER_ACCOUNT, encryptionKey: keyIn(scope) }) });
      lake.smsVoiceEvents;
      return lake;
    };

    it('is given the objects that are written to it', () => {
      // WHEN
      addLake(stack);

      // THEN
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
        Policies: [{
          PolicyDocument: {
            Statement: Match.arrayWith([{
              Effect: 'Allow',
              Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject', 's3:PutObjectAcl'],
              Resource: [arnInStack('s3:::events/sms-voice/*'), arnInStack('s3:::events/errors/sms-voice/*')],
            }]),
          },
        }],
      });
    });

    it.each<[string, (scope: App) => Stack, string]>([
      ['the account of the stack', (scope) => newStack(scope), '111111111111'],
      ['no account, as far as synthesis knows', (scope) => new Stack(scope, 'Stack'), '${AWS::AccountId}'],
    ])('is a warning that has the statements of its policy, for %s', (_, stackIn, account) => {
      // GIVEN
      const own = stackIn(new App());

      // WHEN
      addLake(own);

      // THEN
      const [[path, message], ...others] = warningsOf(own, 'bucket-policy');
      const [before, bucketStatement, objectsStatement, after] = message.split(/ add to it (?=\{)| and (?=\{)|(?<=\}), and if/);
      const principal = { AWS: `arn:\${AWS::Partition}:iam::${account}:root` };
      expect([path, others]).toEqual(['/Stack/Lake', []]);
      expect(before).toBe(`the policy of the bucket 'Stack/Bucket' of account ${OTHER_ACCOUNT} cannot be changed from here:`);
      expect(JSON.parse(bucketStatement)).toEqual({
        Effect: 'Allow',
        Principal: principal,
        Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        Resource: 'arn:${AWS::Partition}:s3:::events',
      });
      expect(JSON.parse(objectsStatement)).toEqual({
        Effect: 'Allow',
        Principal: principal,
        Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject', 's3:PutObjectAcl'],
        Resource: ['pinpoint/', 'errors/pinpoint/', 'sms-voice/', 'errors/sms-voice/', 'email/', 'errors/email/']
          .map((prefix) => `arn:\${AWS::Partition}:s3:::events/${prefix}*`),
      });
      expect(after).toBe(` the bucket has a key, let account ${account} use kms:Decrypt and kms:GenerateDataKey with that`);
      expect(errorsOf(own)).toEqual([]);
    });

    it('is no warning once that is acknowledged', () => {
      // GIVEN
      const lake = addLake(stack);

      // WHEN
      AppAnnotations.of(lake).acknowledgeWarning('cdk-pinpoint-event-stream:bucket-policy');

      // THEN
      hasNothingToSay(stack);
    });

    it.each<[string, (app: App) => Stack, string]>([
      ['known', (app) => new Stack(app, 'Owner', { env: { ...ENV, account: OTHER_ACCOUNT } }), OTHER_ACCOUNT],
      ['not known', (app) => new Stack(app, 'Owner'), '${AWS::AccountId}'],
    ])('can be a bucket of the app with a name, whose account is %s, and its policy stays as it is', (_, ownerIn, account) => {
      // GIVEN
      const app = new App();
      const owner = ownerIn(app);
      const own = newStack(app);

      // WHEN
      new EventLake(own, 'Lake', { bucket: new s3.Bucket(owner, 'Bucket', { bucketName: 'events' }) }).emailEvents;

      // THEN
      Template.fromStack(own).hasResourceProperties(DELIVERY_STREAM, { ExtendedS3DestinationConfiguration: { BucketARN: arnInStack('s3:::events') } });
      Template.fromStack(owner).resourceCountIs('AWS::S3::BucketPolicy', 0);
      expect(warningsOf(own, 'bucket-policy')).toEqual([['/Stack/Lake', expect.stringContaining(`'Owner/Bucket' of account ${account} cannot be changed from here`)]]);
    });
  });

  it('is refused where it is a bucket of the app in another region', () => {
    // GIVEN
    const app = new App();
    const bucket = new s3.Bucket(new Stack(app, 'Owner', { env: { ...ENV, region: 'us-east-1' } }), 'Bucket', { bucketName: 'events' });

    // WHEN
    const add = () => new EventLake(newStack(app), 'Lake', { bucket });

    // THEN
    expect(add).toThrow('bucket must be in the region of the stack, eu-west-1, got us-east-1: pass one of that region, or use a stack in us-east-1 (at Stack/Lake)');
  });

  it('is an error where it is imported from another region', () => {
    // WHEN
    new EventLake(stack, 'Lake', { bucket: importedBucket(stack, { region: 'us-east-1', encryptionKey: keyIn(stack) }) });

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack/Lake', 'bucket must be in the region of the stack, eu-west-1, got us-east-1: pass one of that region, or use a stack in us-east-1']]);
  });

  it('is an error where its ARN is that of something else', () => {
    // WHEN
    new EventLake(stack, 'Lake', { bucket: importedBucket(stack, { bucketArn: 'arn:aws:sns:eu-west-1:111111111111:events' }) });

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack/Lake', "bucket must be the ARN of an S3 bucket (arn:…:s3:::NAME), got 'arn:aws:sns:eu-west-1:111111111111:events'"]]);
  });

  it('can be in a stack whose environment is not known', () => {
    // GIVEN
    const own = new Stack(new App(), 'Stack');

    // WHEN
    new EventLake(own, 'Lake', { bucket: importedBucket(own, { region: 'us-east-1', encryptionKey: keyIn(own) }) }).smsVoiceEvents;

    // THEN
    Template.fromStack(own).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Condition: { StringEquals: { 'sts:ExternalId': { Ref: 'AWS::AccountId' } } } }] },
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'] })]) } }],
    });
    hasNothingToSay(own);
  });
});

describe('the database of a lake that is passed in', () => {
  it.each<[string, (scope: Stack) => glue.IDatabase, unknown]>([
    ['of the app', (scope) => new glue.Database(scope, 'Database', { databaseName: 'analytics' }), { Ref: Match.stringLikeRegexp('^Database') }],
    ['that is imported', (scope) => importedDatabase(scope), 'analytics'],
  ])('has the tables, where it is one %s, and no other is created', (_, databaseIn, name) => {
    // GIVEN
    const database = databaseIn(stack);

    // WHEN
    const lake = new EventLake(stack, 'Lake', { database });
    lake.smsVoiceEvents;

    // THEN
    expect(lake.database).toBe(database);
    Template.fromStack(stack).hasResourceProperties('AWS::Glue::Table', { DatabaseName: name, TableInput: { Name: 'sms_voice_events' } });
    expect(logicalIdsOf(stack, 'AWS::Glue::Database').filter((id) => id.startsWith('Lake'))).toEqual([]);
    hasNothingToSay(stack);
  });

  it.each([
    ['region', DATABASE_ARN.replace('eu-west-1', 'us-east-1'), 'database must be in the region of the stack, eu-west-1, got us-east-1: pass one of that region, or use a stack in us-east-1'],
    ['account', DATABASE_ARN.replace('111111111111', OTHER_ACCOUNT), `database must be in the account of the stack, 111111111111, got ${OTHER_ACCOUNT}: pass one of that account, or use a stack in ${OTHER_ACCOUNT}`],
    ['kind', DATABASE_ARN.replace('database/', 'table/analytics/'), `database must be the ARN of a Glue database (arn:…:database/NAME), got '${DATABASE_ARN.replace('database/', 'table/analytics/')}'`],
  ])('is an error where its ARN is of another %s', (_, arn, error) => {
    // WHEN
    new EventLake(stack, 'Lake', { database: importedDatabase(stack, arn) });

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack/Lake', error]]);
  });

  it.each([
    ['region', 'us-east-1', 'database must be in the region of the stack, eu-west-1, got us-east-1: pass one of that region, or use a stack in us-east-1'],
    ['account', OTHER_ACCOUNT, `database must be in the account of the stack, 111111111111, got ${OTHER_ACCOUNT}: pass one of that account, or use a stack in ${OTHER_ACCOUNT}`],
  ])('is refused where it is one of the app in another %s', (name, value, error) => {
    // GIVEN
    const app = new App();
    const database = new glue.Database(new Stack(app, 'Owner', { env: { ...ENV, [name]: value } }), 'Database', { databaseName: 'analytics' });

    // WHEN
    const add = () => new EventLake(newStack(app), 'Lake', { database });

    // THEN
    expect(add).toThrow(`${error} (at Stack/Lake)`);
  });
});

describe('what is neither a bucket nor a database', () => {
  it.each<[string, (scope: Stack) => object, string]>([
    ['a construct as the bucket', (scope) => ({ bucket: new kms.Key(scope, 'Key') }), "EventLake takes a bucket, got 'Stack/Key'"],
    ['a CfnBucket as the bucket', (scope) => ({ bucket: new s3.CfnBucket(scope, 'Events') }), "EventLake takes a bucket, got 'Stack/Events'"],
    ['a text as the bucket', () => ({ bucket: 'events' }), 'EventLake takes a bucket, got a value of type String'],
    ['a construct as the database', (scope) => ({ database: new kms.Key(scope, 'Key') }), "EventLake takes a Glue database, got 'Stack/Key'"],
    ['a text as the database', () => ({ database: 'analytics' }), 'EventLake takes a Glue database, got a value of type String'],
  ])('is refused, also in languages that do not check it: %s', (_, propsIn, error) => {
    // GIVEN
    const props = propsIn(stack) as EventLakeProps;

    // WHEN
    const add = () => new EventLake(stack, 'Lake', props);

    // THEN
    expect(add).toThrow(`${error} (at Stack/Lake)`);
  });
});

describe('a lake with a bucket and a database of another stack', () => {
  const warningOf = (what: string, path: string) => ['/Stack/Lake',
    `the ${what} '${path}' of another stack is referenced weakly, so CloudFormation may delete it before the events have moved: ` +
    `call CrossStackReferences.of(x).produce(ReferenceStrength.STRONG), where x is '${path}'`];

  function addLake(app: App, prepare: (owned: Construct[]) => void = () => undefined): Stack {
    const owner = newStack(app, 'Owner');
    const [bucket, database] = [new s3.Bucket(owner, 'Bucket'), new glue.Database(owner, 'Database')];
    prepare([bucket, database]);
    const user = newStack(app);
    new EventLake(user, 'Lake', { bucket, database }).smsVoiceEvents;
    return user;
  }

  it('warns of references that are weak', () => {
    // WHEN
    const user = addLake(new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'weak' } }));

    // THEN
    expect(warningsOf(user, 'weak-reference')).toEqual([warningOf('bucket', 'Owner/Bucket'), warningOf('database', 'Owner/Database')]);
  });

  it('does not warn where what it refers to is told to be referenced strongly', () => {
    // WHEN
    const user = addLake(new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'weak' } }),
      (owned) => owned.forEach((each) => CrossStackReferences.of(each).produce(ReferenceStrength.STRONG)));

    // THEN
    expect(warningsOf(user, 'weak-reference')).toEqual([]);
  });

  it('does not warn of references that are strong', () => {
    // WHEN
    const user = addLake(new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } }));

    // THEN
    hasNothingToSay(user);
  });
});

describe('a lake in an app with property injectors', () => {
  it('takes the properties that one gives it', () => {
    // GIVEN
    inject(stack, EventLake.PROPERTY_INJECTION_ID, { database: importedDatabase(stack) });

    // WHEN
    new EventLake(stack, 'Lake').smsVoiceEvents;

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::Glue::Database', 0);
    Template.fromStack(stack).hasResourceProperties('AWS::Glue::Table', { DatabaseName: 'analytics' });
  });

  it('lets Firehose use the key that one gives its bucket', () => {
    // GIVEN
    inject(stack, s3.Bucket.PROPERTY_INJECTION_ID, { encryption: s3.BucketEncryption.KMS, encryptionKey: keyIn(stack) });

    // WHEN
    new EventLake(stack, 'Lake').smsVoiceEvents;

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([decryptStatement(KEY_ARN, [arnOf('LakeBucket'), Match.anyValue()])]) } }],
    });
    hasNothingToSay(stack);
  });

  it('goes on where its bucket has no policy, since the organisation refuses plain HTTP by other means', () => {
    // GIVEN
    inject(stack, s3.Bucket.PROPERTY_INJECTION_ID, { enforceSSL: false });

    // WHEN
    new EventLake(stack, 'Lake');

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::S3::BucketPolicy', 0);
  });

  it('lets those who write to its delivery streams use the key that one gives them', () => {
    // GIVEN
    inject(stack, firehose.DeliveryStream.PROPERTY_INJECTION_ID, { encryption: firehose.StreamEncryption.customerManagedKey(keyIn(stack)) });

    // WHEN
    addMessages(stack, 'Messages', new EventLake(stack, 'Lake'));

    // THEN
    Template.fromStack(stack).hasResourceProperties(DELIVERY_STREAM, { DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: KEY_ARN } });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'sms-voice.amazonaws.com' } }] },
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY_ARN }]) } }],
    });
    hasNothingToSay(stack);
  });

  it.each<[string, string, string, (scope: Stack) => [wanted: object, expected: object]]>([
    ['log groups', logs.LogGroup.PROPERTY_INJECTION_ID, 'AWS::Logs::LogGroup',
      (scope) => [{ encryptionKey: keyIn(scope), retention: logs.RetentionDays.ONE_MONTH }, { KmsKeyId: KEY_ARN, RetentionInDays: 30 }]],
    ['roles', iam.Role.PROPERTY_INJECTION_ID, 'AWS::IAM::Role',
      (scope) => [
        { permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyName(scope, 'Boundary', 'boundary') },
        { PermissionsBoundary: arnInStack('iam::111111111111:policy/boundary'), Policies: [{ PolicyName: 'Delivery' }] },
      ]],
    ['tables', glue.S3Table.PROPERTY_INJECTION_ID, 'AWS::Glue::Table',
      () => [{ enablePartitionFiltering: true }, { TableInput: { Name: 'sms_voice_events', Parameters: { 'partition_filtering.enabled': true, 'projection.enabled': 'true' } } }]],
    ['databases', glue.Database.PROPERTY_INJECTION_ID, 'AWS::Glue::Database',
      () => [{ databaseName: 'analytics' }, { DatabaseInput: { Name: 'analytics' } }]],
  ])('has its %s as one wants them', (_, id, type, wantedIn) => {
    // GIVEN
    const [wanted, expected] = wantedIn(stack);
    inject(stack, id, wanted);

    // WHEN
    new EventLake(stack, 'Lake').smsVoiceEvents;

    // THEN
    Template.fromStack(stack).hasResourceProperties(type, expected);
    hasNothingToSay(stack);
  });

  it('keeps its log groups, which its delivery streams go on writing to, where one deletes log groups', () => {
    // GIVEN
    inject(stack, logs.LogGroup.PROPERTY_INJECTION_ID, { removalPolicy: RemovalPolicy.DESTROY });

    // WHEN
    new EventLake(stack, 'Lake').smsVoiceEvents;

    // THEN
    Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
});
