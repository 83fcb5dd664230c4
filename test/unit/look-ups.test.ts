import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { EventLake, EventLakeProps, PinpointEventStream, PinpointEventStreamProps, PinpointEventStreamProvider } from '../../src';
import { APPLICATION_ID, arnInStack, errorsOf, newStack, OTHER_APPLICATION_ID, ROLE_ARN, STREAM_ARN } from '../support/synth';

/**
 * The CDK CLI synthesizes an app until nothing is missing: what is yet to be looked up has a dummy value in the first pass,
 * or a default of the user's, and is looked up only if that pass comes to its end.
 */

type Build = (stack: Stack) => void;

const lookUp = (stack: Stack, name: string, defaultValue?: string) => ssm.StringParameter.valueFromLookup(stack, name, defaultValue);

const add = (stack: Stack, props: Partial<PinpointEventStreamProps> = {}, id: string = 'Events') =>
  new PinpointEventStream(stack, id, { applicationId: APPLICATION_ID, ...props });

const toArn = (destinationArn: string) => ({ destination: { bind: () => ({ destinationArn, policyStatements: [] }) } });

/** What the CLI is asked for in the first pass, and the errors of the pass. */
function synthesize(build: Build, context?: Record<string, unknown>) {
  const app = new App({ context });
  const stack = newStack(app);
  build(stack);
  return { stack, missing: app.synth().manifest.missing ?? [], errors: errorsOf(stack) };
}

const BUILDS: Record<string, Build> = {
  'an application ID': (stack) => add(stack, { applicationId: lookUp(stack, '/value') }),
  'an application ID with a default': (stack) => add(stack, { applicationId: lookUp(stack, '/value', 'my-app') }),
  'the application ID of a reference': (stack) => PinpointEventStream.fromApplicationId(stack, 'Events', lookUp(stack, '/value')),
  'the ARN of a reference': (stack) => PinpointEventStream.fromEventStreamArn(stack, 'Events', lookUp(stack, '/value')),
  'the ARN of a destination': (stack) => add(stack, toArn(lookUp(stack, '/value'))),
};

const DATABASE_ARN = 'arn:aws:glue:eu-west-1:111111111111:database/events';
const EVENT_STREAM_ARN = `arn:aws:mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}/eventstream`;

describe('what is yet to be looked up', () => {
  it.each<[string, string, string[]]>([
    ['an application ID', APPLICATION_ID, []],
    ['an application ID with a default', APPLICATION_ID, ["applicationId must be 32 lower-case hexadecimal digits, got 'my-app'"]],
    ['the application ID of a reference', APPLICATION_ID, []],
    ['the ARN of a reference', EVENT_STREAM_ARN, []],
    ['the ARN of a destination', STREAM_ARN, []],
  ])('%s is asked for in the first pass, which comes to its end, and checked in the second', (what, value, errors) => {
    // WHEN
    const first = synthesize(BUILDS[what]);
    const [{ key }] = first.missing;
    const second = synthesize(BUILDS[what], { [key]: value });
    const secondWithAnother = synthesize(BUILDS[what], { [key]: 'Production' });

    // THEN
    expect(first.missing).toEqual([expect.objectContaining({ provider: 'ssm', props: expect.objectContaining({ parameterName: '/value' }) })]);
    expect(first.errors).toEqual(errors.map((error) => ['/Stack/Events', expect.stringContaining(error)]));
    expect([second.missing, second.errors]).toEqual([[], []]);
    expect(secondWithAnother.errors).toEqual([['/Stack/Events', expect.stringContaining("got 'Production'")]]);
  });
});

it.each<[string, Build]>([
  ['an application ID', BUILDS['an application ID']],
  ['a name in an ARN', (stack) => add(stack, toArn(STREAM_ARN.replace(/[^/]+$/, lookUp(stack, '/value'))))],
])('%s that is yet to be looked up is asked for with the flags of `cdk init`, by which errors end a synthesis', (_, build) => {
  // WHEN
  const { missing, errors } = synthesize(build, recommendedFlags);

  // THEN
  expect([missing.length, errors]).toEqual([1, []]);
});

describe('two applications that are yet to be looked up', () => {
  const build: Build = (stack) => ['/one', '/two'].forEach((name) => add(stack, { applicationId: lookUp(stack, name, APPLICATION_ID) }, name.slice(1)));

  it('and have the same default are both asked for, and no longer an error when they turn out to be two', () => {
    // WHEN
    const first = synthesize(build);
    const [one, two] = first.missing.map(({ key }) => key);
    const second = synthesize(build, { [one]: APPLICATION_ID, [two]: OTHER_APPLICATION_ID });

    // THEN
    expect(first.missing.map(({ props }) => (props as { parameterName: string }).parameterName)).toEqual(['/one', '/two']);
    expect(first.errors).toEqual([['/Stack/two', expect.stringContaining("already has the event stream 'Stack/one' in this stack")]]);
    expect(second.errors).toEqual([]);
  });

  it('are still an error when they turn out to be one', () => {
    // WHEN
    const { missing } = synthesize(build);
    const second = synthesize(build, Object.fromEntries(missing.map(({ key }) => [key, OTHER_APPLICATION_ID])));

    // THEN
    expect(second.errors).toEqual([['/Stack/two', expect.stringContaining(`application ${OTHER_APPLICATION_ID} already has the event stream`)]]);
  });
});

describe('a role that is yet to be looked up', () => {
  const build: Build = (stack) => add(stack, { role: iam.Role.fromLookup(stack, 'MyRole', { roleName: 'streams' }) });

  it.each([[ROLE_ARN, []], [ROLE_ARN.replace('111111111111', '222222222222'), [['/Stack/Events', expect.stringContaining('role must be in the account of the stack, 111111111111')]]]])(
    'is asked for in the first pass, which comes to its end, and checked in the second: %s', (arn, expected) => {
      // WHEN
      const { missing, errors } = synthesize(build);
      const second = synthesize(build, { [missing[0].key]: [{ Arn: arn }] });

      // THEN
      expect(missing).toHaveLength(1);
      // That of the CDK's dummy role.
      expect(errors).toEqual([['/Stack/Events', expect.stringContaining('got 123456789012')]]);
      expect([second.missing, second.errors]).toEqual([[], expected]);
    });
});

describe('what a lake is given and is yet to be looked up', () => {
  const REGION_ERROR = 'must be in the region of the stack, eu-west-1, got us-east-1';

  // The CDK takes neither a name nor an ARN without a default.
  it.each<[string, (stack: Stack, value: string) => EventLakeProps, byDefault: string | undefined, value: string, another: string, error: string]>([
    ['the ARN of its bucket', (stack, arn) => ({ bucket: s3.Bucket.fromBucketArn(stack, 'Bucket', arn) }), 'arn:aws:s3:::default',
      'arn:aws:s3:::events', 'arn:aws:sns:eu-west-1:111111111111:events', 'bucket must be the ARN of an S3 bucket (arn:…:s3:::NAME)'],
    ['the region of its bucket', (stack, region) => ({ bucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'events', region }) }), undefined,
      'eu-west-1', 'us-east-1', `bucket ${REGION_ERROR}`],
    ['the ARN of its database', (stack, arn) => ({ database: glue.Database.fromDatabaseArn(stack, 'Database', arn) }), DATABASE_ARN,
      DATABASE_ARN, DATABASE_ARN.replace('eu-west-1', 'us-east-1'), `database ${REGION_ERROR}`],
  ])('%s is asked for in the first pass, which comes to its end, and checked in the second', (_, propsOf, byDefault, value, another, error) => {
    // GIVEN
    const build: Build = (stack) => new EventLake(stack, 'Lake', propsOf(stack, lookUp(stack, '/value', byDefault))).smsVoiceEvents;

    // WHEN
    const first = synthesize(build);
    const [second, secondWithAnother] = [value, another].map((each) => synthesize(build, { [first.missing[0].key]: each }));

    // THEN
    expect([first.missing.length, first.errors]).toEqual([1, []]);
    expect([second.missing, second.errors]).toEqual([[], []]);
    expect(secondWithAnother.errors).toEqual([['/Stack/Lake', expect.stringContaining(error)]]);
  });

  it('the name of its bucket is asked for in the first pass, and told to Firehose in the second', () => {
    // GIVEN
    const build: Build = (stack) =>
      new EventLake(stack, 'Lake', { bucket: s3.Bucket.fromBucketName(stack, 'Bucket', lookUp(stack, '/value', 'default')) }).smsVoiceEvents;

    // WHEN
    const first = synthesize(build);
    const second = synthesize(build, { [first.missing[0].key]: 'events' });

    // THEN
    expect([first.errors, second.missing, second.errors]).toEqual([[], [], []]);
    Template.fromStack(second.stack).hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: { BucketARN: arnInStack('s3:::events') },
    });
  });
});

it('a VPC and a key of the provider that are yet to be looked up are asked for in the first pass, which has no error', () => {
  // WHEN
  const { missing, errors } = synthesize((stack) => {
    PinpointEventStreamProvider.forStack(stack, {
      vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0' }),
      environmentEncryption: kms.Key.fromLookup(stack, 'Key', { aliasName: 'alias/functions' }),
    });
    add(stack);
  });

  // THEN
  expect(missing.map(({ provider }) => provider)).toEqual(['vpc-provider', 'key-provider']);
  expect(errors).toEqual([]);
});

it('what CloudFormation resolves is not checked, and passed on as it is', () => {
  // GIVEN
  const [applicationId, arn] = ['{{resolve:ssm:/app}}', '{{resolve:ssm:/stream}}'];

  // WHEN
  const { stack, errors } = synthesize((scope) => add(scope, { applicationId, ...toArn(arn) }));

  // THEN
  expect(errors).toEqual([]);
  Template.fromStack(stack).hasResourceProperties('Custom::PinpointEventStream', { ApplicationId: applicationId, DestinationStreamArn: arn });
});
