import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EventLake } from '../../../src';
import { Deployment } from '../../support/deployment';
import { EMAIL, PINPOINT, SMS_VOICE } from '../../support/events';
import { Guide } from '../../support/guide';
import { addLake } from '../../support/lake';
import { isAllowed } from '../../support/policy-evaluator';
import { STORY } from '../../support/story';
import { arnOf, ENV, newStack } from '../../support/synth';

// The samples of the guides on the lake, run as they are in the documents.

const ALARM = 'AWS::CloudWatch::Alarm';
const DELIVERY_STREAM = 'AWS::KinesisFirehose::DeliveryStream';
const TABLE = 'AWS::Glue::Table';

const query = new Guide('query.md');
const run = new Guide('lake.md');

function lambdaFunction(stack: Stack): lambda.IFunction {
  return lambda.Function.fromFunctionArn(stack, 'Redact', `arn:aws:lambda:${ENV.region}:${ENV.account}:function:redact`);
}

/** A stack with a lake, with what a sample adds, and what else is given to it. */
function templateOf(guide: Guide, heading: string, given: (stack: Stack) => Record<string, unknown> = () => ({})): Template {
  const stack = newStack();
  const lake = new EventLake(stack, 'Lake');
  guide.runSample(heading, { stack, lake, ...given(stack) });
  return Template.fromStack(stack);
}

/** The one delivery stream of another than the lake. */
function ownDeliveryStream(template: Template) {
  const found = Object.entries(template.findResources(DELIVERY_STREAM)).filter(([id]) => !id.startsWith('Lake'));
  expect(found).toHaveLength(1);
  return found[0][1].Properties.ExtendedS3DestinationConfiguration;
}

describe('the guide docs/query.md', () => {
  it('puts the results of the workgroup where the analysts may write', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    query.runSample('Deploy', { stack, analysts: new iam.Role(stack, 'Analysts', { assumedBy: new iam.AccountRootPrincipal() }) });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'events',
      WorkGroupConfiguration: {
        ResultConfiguration: { OutputLocation: { 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('^Results') }, '/queries/']] } },
      },
    });
  });

  it('lets analysts query the events of a sender, and read those of no other', async () => {
    // GIVEN
    const deployment = new Deployment('aws', ENV.region, (stack) => {
      query.runSample('Deploy', { stack, analysts: new iam.Role(stack, 'Analysts', { assumedBy: new iam.AccountRootPrincipal() }) });
    });
    const { arn, policies } = deployment.role('Analysts');
    const bucket = deployment.arnOf('AWS::S3::Bucket', 'LakeBucket');
    const results = deployment.arnOf('AWS::S3::Bucket', 'Results');

    // WHEN
    const may = (action: string, resource: string) =>
      isAllowed({ principal: arn, action, resource, account: ENV.account, identityPolicies: policies });

    // THEN
    expect(await may('athena:StartQueryExecution', `arn:aws:athena:${ENV.region}:${ENV.account}:workgroup/events`)).toBe(true);
    expect(await may('athena:StartQueryExecution', `arn:aws:athena:${ENV.region}:${ENV.account}:workgroup/primary`)).toBe(false);
    expect(await may('s3:PutObject', `${results}/queries/result.csv`)).toBe(true);
    expect(await may('s3:GetObject', `${bucket}/sms-voice/day=2026-11-30/events.gz`)).toBe(true);
    expect(await may('s3:GetObject', `${bucket}/email/day=2026-11-30/events.gz`)).toBe(false);
    expect(await may('s3:GetObject', `${bucket}/errors/sms-voice/processing-failed/day=2026-11-30/events.gz`)).toBe(false);
    expect(await may('s3:PutObject', `${bucket}/sms-voice/day=2026-11-30/events.gz`)).toBe(false);
  });

  it('adds a column after all others, and a mapping beside all others', () => {
    // GIVEN
    const stack = newStack();
    const original = new EventLake(stack, 'Lake').smsVoiceEvents.table.columns.length;

    // WHEN
    const [table] = Object.values(templateOf(query, 'The tables').findResources(TABLE));

    // THEN
    const { Columns, SerdeInfo } = table.Properties.TableInput.StorageDescriptor;
    expect(Columns).toHaveLength(original + 1);
    expect(Columns.at(-1)).toEqual({ Name: 'newfield', Type: 'string' });
    expect(SerdeInfo.Parameters).toMatchObject({ 'case.insensitive': 'FALSE', 'mapping.newfield': 'newField', 'mapping.messageid': 'messageId' });
  });

  test.each([
    { service: PINPOINT, records: STORY.pinpoint },
    { service: SMS_VOICE, records: STORY['sms-voice'] },
    { service: EMAIL, records: STORY.email },
  ])('tells a story of records of $service.name that its schema takes', ({ service, records }) => {
    // WHEN
    const errors = records.flatMap((record) => service.errorsOf(record));

    // THEN
    expect(errors).toEqual([]);
    expect(records.length).toBeGreaterThan(0);
  });
});

describe('the guide docs/lake.md', () => {
  it('has the bucket of a lake delete its events after a time', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    run.runSample('Keep events for a time', { stack });

    // THEN
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 400, Status: 'Enabled' }] },
    });
  });

  it('has a delivery stream that redacts, which writes where and how that of the lake does', () => {
    // GIVEN
    const stack = newStack();
    const lake = new EventLake(stack, 'Lake');
    lake.smsVoiceEvents;

    // WHEN
    run.runSample('Redact before events are stored', { stack, lake, redact: lambdaFunction(stack) });

    // THEN
    const template = Template.fromStack(stack);
    const [[, ofTheLake]] = Object.entries(template.findResources(DELIVERY_STREAM)).filter(([id]) => id.startsWith('Lake'));
    const { BucketARN, Prefix, ErrorOutputPrefix, CompressionFormat } = ofTheLake.Properties.ExtendedS3DestinationConfiguration;
    expect(ownDeliveryStream(template)).toMatchObject({
      BucketARN, Prefix, ErrorOutputPrefix, CompressionFormat, ProcessingConfiguration: { Processors: [{ Type: 'Lambda' }] },
    });
    template.hasResourceProperties('AWS::SMSVOICE::ConfigurationSet', {
      EventDestinations: [{ KinesisFirehoseDestination: { DeliveryStreamArn: arnOf('Redacted') } }],
    });
  });

  it('masks phone numbers in a log group of messages', () => {
    // WHEN
    const template = templateOf(run, 'Mask events in a log group');

    // THEN
    const [{ Properties: { DataProtectionPolicy: policy } }] = Object.values(template.findResources('AWS::Logs::LogGroup'));
    const [{ Regex }] = policy.Configuration.CustomDataIdentifier;
    expect('"destinationPhoneNumber":"+14255550100"'.replace(new RegExp(Regex), '*')).toBe('"destinationPhoneNumber":"*"');
    expect(policy.Statement).toContainEqual(expect.objectContaining({ Operation: { Deidentify: { MaskConfig: {} } } }));
  });

  it('lets another account assume a role that reads', async () => {
    // GIVEN
    const deployment = new Deployment('aws', ENV.region, (stack) => run.runSample('Read from another account', { stack, lake: new EventLake(stack, 'Lake') }));
    const { arn, trust, policies } = deployment.role('Analysts');
    const object = `${deployment.arnOf('AWS::S3::Bucket', 'LakeBucket')}/sms-voice/day=2026-11-30/events.gz`;

    // WHEN
    const assume = (account: string) => isAllowed({
      principal: `arn:aws:iam::${account}:role/reader`,
      action: 'sts:AssumeRole',
      resource: arn,
      account: ENV.account,
      identityPolicies: [{ name: 'reader', policy: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn } } }],
      resourcePolicy: trust,
    });

    // THEN
    expect(await assume('222222222222')).toBe(true);
    expect(await assume('333333333333')).toBe(false);
    expect(await isAllowed({ principal: arn, action: 's3:GetObject', resource: object, account: ENV.account, identityPolicies: policies })).toBe(true);
  });

  it('has alarms for a delivery stream that gets nothing, and for one that cannot deliver', () => {
    // WHEN
    const template = templateOf(run, 'Alarms');

    // THEN
    const Dimensions = [{ Name: 'DeliveryStreamName', Value: { Ref: Match.stringLikeRegexp('^LakeSmsVoiceEvents') } }];
    template.resourceCountIs(ALARM, 2);
    template.hasResourceProperties(ALARM, {
      MetricName: 'IncomingRecords', Statistic: 'Sum', ComparisonOperator: 'LessThanThreshold', Threshold: 1, TreatMissingData: 'breaching', Dimensions,
    });
    template.hasResourceProperties(ALARM, {
      MetricName: 'DeliveryToS3.DataFreshness', Statistic: 'Maximum', ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 900, Dimensions,
    });
  });

  it('brings the events of WhatsApp to the bucket of the lake, below no prefix of a table', () => {
    // WHEN
    const template = templateOf(run, 'WhatsApp, and other events of EventBridge');

    // THEN
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.social-messaging'] }, Targets: [Match.objectLike({ Arn: arnOf('WhatsApp') })],
    });
    expect(ownDeliveryStream(template)).toMatchObject({
      Prefix: expect.not.stringMatching(/^(pinpoint|sms-voice|email)\//),
      ProcessingConfiguration: { Processors: [{ Type: 'AppendDelimiterToRecord' }] },
    });
  });

  it('takes a lake down with all that is in it but the bucket', () => {
    // GIVEN
    const stack = newStack();
    addLake(stack);

    // WHEN
    run.runSample('Take a lake down', { lake: stack.node.findChild('Lake') });

    // THEN
    const template = Template.fromStack(stack);
    template.resourceCountIs(TABLE, 3);
    const retained = Object.values(template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>)
      .filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')
      .map(({ Type }) => Type);
    expect(retained).toEqual(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy']);
  });
});
