import { join } from 'path';
import { GetQueryExecutionCommand, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { DescribeStackResourcesCommand, StackResource } from '@aws-sdk/client-cloudformation';
import { DeleteDeliveryStreamCommand, FirehoseClient, ListDeliveryStreamsCommand, PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { GetTablesCommand } from '@aws-sdk/client-glue';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { EventStream } from '@aws-sdk/client-pinpoint';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bootstrap, cdk, requireSuccess } from '../support/emulators/cdk';
import { ACCOUNT, Emulators, REGION } from '../support/emulators/emulators';
import { documentedActions, isAllowed, isPermitted } from '../support/emulators/permissions';
import { EMAIL, PINPOINT, Service, SMS_VOICE } from '../support/events';

/**
 * The way from events to an answer, and the life of an event stream, for a
 * person to watch: deploys the example with the CDK CLI into emulators, sends
 * events, moves the event stream to the lake, asks the lake in SQL, and
 * removes it all. Ends with status 0 only if all of that was observed.
 */

const ROOT = join(__dirname, '..', '..');
const APP = ['--app', 'node --require ts-node/register/transpile-only examples/typescript/app.ts'];
const STACK = 'Events';
/** The bucket to which Athena writes its answers. */
const ANSWERS = 'answers';
const QUERY_TIMEOUT_MS = 30_000;

function say(text: string = ''): void {
  process.stdout.write(`${text}\n`);
}

function heading(text: string): void {
  say(`\n\x1b[1m▶ ${text}\x1b[0m`);
}

/** Says what was observed; throws where it was not. */
function observe(what: string, observed: boolean): void {
  if (!observed) {
    throw new Error(`expected that ${what}; that was not so`);
  }
  say(`  \x1b[32m✓\x1b[0m ${what}`);
}

async function demonstrate(emulators: Emulators): Promise<string> {
  const applicationId = await emulators.createApplication('demo');
  const today = new Date().toISOString().slice(0, 10);
  const context = ['-c', `applicationId=${applicationId}`];
  const deploy = async (...more: string[]) => requireSuccess(
    await cdk(emulators, ['deploy', STACK, ...APP, ...context, ...more, '--require-approval', 'never', '--progress', 'events'], { visible: true }));

  heading('Bootstrapping the emulated AWS account (cdk bootstrap)');
  await bootstrap(emulators);
  say('  \x1b[32m✓\x1b[0m bootstrapped');

  heading(`Deploying the example: a lake, and an event stream for application ${applicationId} (cdk deploy)`);
  say('  AWS::SMSVOICE::ConfigurationSet is a stand-in that creates nothing: no emulator knows it. Its role and all else are deployed.');
  await deploy();
  await showResources(emulators);
  const kinesis = await showEventStream(emulators, applicationId);
  await writeToKinesis(emulators, kinesis);

  heading('Moving the event stream from Kinesis to the lake (cdk deploy -c destination=lake)');
  await deploy('-c', 'destination=lake');
  const moved = await showEventStream(emulators, applicationId);
  observe('the event stream has moved', moved.DestinationStreamArn !== kinesis.DestinationStreamArn && moved.RoleArn !== kinesis.RoleArn);
  observe('the former role cannot write any more', !await isPermitted(emulators, kinesis));

  const senders = await findSenders(emulators, moved);
  await fillLake(emulators, senders);
  await askLake(emulators, senders, today);

  heading('Destroying the stack (cdk destroy)');
  requireSuccess(await cdk(emulators, ['destroy', STACK, ...APP, ...context, '-c', 'destination=lake', '--force'], { visible: true }));
  say('  What is skipped is retained: the bucket with the events in it, and the delivery streams, which deliver what they still have.');
  observe('Amazon Pinpoint has no event stream left', await emulators.eventStream(applicationId) === undefined);
  return applicationId;
}

async function showEventStream(emulators: Emulators, applicationId: string): Promise<EventStream> {
  const eventStream = await emulators.eventStream(applicationId);
  observe('Amazon Pinpoint has an event stream', eventStream !== undefined);
  for (const [name, value] of Object.entries(eventStream!)) {
    say(`      ${name}: ${value}`);
  }
  observe(`its role may ${documentedActions(eventStream!.DestinationStreamArn!).join(' and ')} there, says IAM`, await isPermitted(emulators, eventStream!));
  return eventStream!;
}

async function resources({ cloudFormation }: Emulators): Promise<StackResource[]> {
  return (await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: STACK }))).StackResources!;
}

async function physicalId(emulators: Emulators, type: string, logicalId: string): Promise<string> {
  const found = await resources(emulators);
  return found.find(({ ResourceType, LogicalResourceId }) => ResourceType === type && LogicalResourceId!.startsWith(logicalId))!.PhysicalResourceId!;
}

async function showResources(emulators: Emulators): Promise<void> {
  say('  The stack has these resources:');
  for (const { ResourceType, PhysicalResourceId } of await resources(emulators)) {
    say(`      ${ResourceType!.padEnd(42)} ${PhysicalResourceId}`);
  }
}

/** An event as a custom app event of Amazon Pinpoint looks, as far as this demonstration needs it. */
function newEvent(): string {
  return JSON.stringify({ event_type: 'demo.ordered', event_timestamp: Date.now(), attributes: { order: `order-${process.pid}-${process.hrtime.bigint()}` } });
}

async function writeToKinesis(emulators: Emulators, { DestinationStreamArn, RoleArn }: EventStream): Promise<void> {
  const event = newEvent();
  const client = new KinesisClient({ ...await asRole(emulators, RoleArn!), requestHandler: new NodeHttpHandler() });
  await client.send(new PutRecordsCommand({ StreamARN: DestinationStreamArn, Records: [{ PartitionKey: 'demo', Data: Buffer.from(event) }] }));
  const read = await readFromKinesis(emulators, DestinationStreamArn!);
  observe(`an event written as that role is in the data stream: ${event}`, read.includes(event));
}

async function readFromKinesis({ kinesis }: Emulators, StreamARN: string): Promise<string[]> {
  const { Shards } = await kinesis.send(new ListShardsCommand({ StreamARN }));
  const shards = await Promise.all(Shards!.map(async ({ ShardId }) => {
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({ StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
    const { Records } = await kinesis.send(new GetRecordsCommand({ StreamARN, ShardIterator }));
    return Records!.map(({ Data }) => Buffer.from(Data!).toString());
  }));
  return shards.flat();
}

/** Who sends events to the lake, and how. */
interface Sender {
  readonly service: Service;
  readonly roleArn: string;
  readonly deliveryStream: string;
  /** The only call with which it sends events. */
  readonly call: 'PutRecord' | 'PutRecordBatch';
}

async function findSenders(emulators: Emulators, { RoleArn, DestinationStreamArn }: EventStream): Promise<Sender[]> {
  const role = async (logicalId: string) => `arn:aws:iam::${ACCOUNT}:role/${await physicalId(emulators, 'AWS::IAM::Role', logicalId)}`;
  const deliveryStream = (logicalId: string) => physicalId(emulators, 'AWS::KinesisFirehose::DeliveryStream', logicalId);
  return [
    { service: PINPOINT, roleArn: RoleArn!, deliveryStream: DestinationStreamArn!.split('/').pop()!, call: 'PutRecordBatch' },
    { service: SMS_VOICE, roleArn: await role('MessagesAll'), deliveryStream: await deliveryStream('LakeSmsVoiceEvents'), call: 'PutRecord' },
    { service: EMAIL, roleArn: await role('EmailsAll'), deliveryStream: await deliveryStream('LakeEmailEvents'), call: 'PutRecordBatch' },
  ];
}

async function fillLake(emulators: Emulators, senders: Sender[]): Promise<void> {
  heading('Sending events to the lake, as the role of each service');
  const bucket = await physicalId(emulators, 'AWS::S3::Bucket', 'LakeBucket');
  for (const sender of senders) {
    const { service: { name, samples, sender: { prefix } }, roleArn, deliveryStream, call } = sender;
    const arn = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/${deliveryStream}`;
    observe(`the role of ${name} may firehose:${call} there, says IAM`, await isAllowed(emulators, roleArn, `firehose:${call}`, arn));
    await send(emulators, sender);
    const keys = await findObjects(emulators, bucket, `${prefix}day=`, samples.length);
    observe(`its ${samples.length} events are in the bucket, the last in s3://${bucket}/${keys.at(-1)}`, keys.length === samples.length);
  }
  say('  On AWS, an object has many events, a line each, and is compressed. This emulator writes an object for each, as it came.');
}

/** Sends one event of each type. */
async function send(emulators: Emulators, { service, roleArn, deliveryStream, call }: Sender): Promise<void> {
  const client = new FirehoseClient(await asRole(emulators, roleArn));
  const records = service.samples.map(({ record }) => ({ Data: Buffer.from(JSON.stringify(record)) }));
  if (call === 'PutRecordBatch') {
    await client.send(new PutRecordBatchCommand({ DeliveryStreamName: deliveryStream, Records: records }));
    return;
  }
  for (const record of records) {
    await client.send(new PutRecordCommand({ DeliveryStreamName: deliveryStream, Record: record }));
  }
}

/** The keys of the objects, once there are so many; the emulator delivers within milliseconds, AWS within minutes. */
async function findObjects({ s3 }: Emulators, bucket: string, prefix: string, count: number): Promise<string[]> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    if (Contents.length >= count) {
      return Contents.map(({ Key }) => Key!);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`expected ${count} objects below ${prefix} within 30 s; they are not there`);
}

async function askLake(emulators: Emulators, senders: Sender[], since: string): Promise<void> {
  const database = await physicalId(emulators, 'AWS::Glue::Database', 'LakeDatabase');
  heading(`Asking the lake in SQL (Athena, database ${database})`);
  const { TableList } = await emulators.glue.send(new GetTablesCommand({ DatabaseName: database }));
  say('  Its tables:');
  for (const { Name, StorageDescriptor } of TableList!) {
    say(`      ${Name!.padEnd(18)} ${StorageDescriptor!.Location}`);
  }
  await emulators.s3.send(new CreateBucketCommand({ Bucket: ANSWERS }));

  say('\n  How many events of today are there?\n');
  const counts = senders.map(({ service: { name, sender } }) =>
    `SELECT '${name}' AS sender, count(*) AS events FROM ${sender.tableName} WHERE day >= '${since}'`);
  const found = await ask(emulators, database, `${counts.join('\nUNION ALL\n')}\nORDER BY sender`);
  observe('each event is a row', isAnswer(found, senders.map(({ service: { name, samples } }) => [name, String(samples.length)])));

  say('\n  How many messages were sent, and what did they cost? A message has several events, and more than one of them may have its price.\n');
  const costs = await ask(emulators, database, [
    'SELECT kind, count(*) AS messages, round(sum(price), 5) AS usd',
    'FROM (',
    "  SELECT split_part(eventtype, '_', 1) AS kind, messageid, max(totalmessageprice) AS price",
    '  FROM sms_voice_events',
    `  WHERE day >= '${since}'`,
    "  GROUP BY split_part(eventtype, '_', 1), messageid",
    ')',
    'GROUP BY kind',
    'ORDER BY messages DESC, kind',
  ].join('\n'));
  observe('messages and costs are those of the events', isAnswer(costs.map(([kind, messages, usd]) => [kind, messages, Number(usd).toFixed(5)]), costsOfSamples()));
  say('  This engine, DuckDB, forgives what that of Athena does not: it also reads records with nothing between them. What Firehose');
  say('  writes on AWS is judged by Trino, on which the engine of Athena is built: npm run test:packages.');
}

/** Whether an answer has these rows, in any order. */
function isAnswer(rows: string[][], expected: string[][]): boolean {
  return rows.map(String).sort().join('\n') === expected.map(String).sort().join('\n');
}

/** Kind, messages and US dollars of the events that were sent, as the lake should say. */
function costsOfSamples(): string[][] {
  const prices = new Map<string, Map<string, number>>();
  for (const { record: { eventType, messageId, totalMessagePrice } } of SMS_VOICE.samples) {
    const [kind] = String(eventType).split('_');
    const ofKind = prices.get(kind) ?? new Map<string, number>();
    ofKind.set(String(messageId), Math.max(ofKind.get(String(messageId)) ?? 0, Number(totalMessagePrice ?? 0)));
    prices.set(kind, ofKind);
  }
  return [...prices].map(([kind, ofKind]) => [kind, String(ofKind.size), [...ofKind.values()].reduce((sum, price) => sum + price, 0).toFixed(5)]);
}

/** Shows a question and its answer. */
async function ask(emulators: Emulators, database: string, question: string): Promise<string[][]> {
  say(question.replace(/^/gm, '      '));
  const [names, ...rows] = await query(emulators, database, question);
  const widths = names.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)));
  say();
  for (const row of [names, widths.map((width) => '─'.repeat(width)), ...rows]) {
    say(`      ${row.map((value, column) => value.padEnd(widths[column])).join('  ').trimEnd()}`);
  }
  say();
  return rows;
}

/** The rows of the answer, below the names of the columns; throws where Athena gives none. */
async function query({ athena }: Emulators, database: string, sql: string): Promise<string[][]> {
  const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand({
    QueryString: sql,
    QueryExecutionContext: { Database: database },
    ResultConfiguration: { OutputLocation: `s3://${ANSWERS}/` },
  }));
  const deadline = Date.now() + QUERY_TIMEOUT_MS;
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution!.Status!;
    if (State === 'SUCCEEDED') {
      const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      return ResultSet!.Rows!.map(({ Data }) => Data!.map(({ VarCharValue = '' }) => VarCharValue));
    }
    if (State === 'FAILED' || State === 'CANCELLED') {
      throw new Error(`expected an answer, but the query is ${State}: ${StateChangeReason}`);
    }
    if (Date.now() > deadline) {
      throw new Error(`expected an answer within ${QUERY_TIMEOUT_MS / 1_000} s, but the query is still ${State}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A client configuration that acts as a role. */
async function asRole(emulators: Emulators, roleArn: string) {
  const { Credentials } = await emulators.sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'demo' }));
  return {
    endpoint: emulators.awsUrl,
    region: REGION,
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken,
    },
  };
}

/** Makes room for another lake: AWS would give new names to its delivery streams, this emulator gives the same ones again. */
async function deleteRetained({ firehose }: Emulators): Promise<void> {
  const { DeliveryStreamNames } = await firehose.send(new ListDeliveryStreamsCommand({}));
  for (const name of DeliveryStreamNames!) {
    await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }));
  }
}

async function explainHowToGoOn(emulators: Emulators, applicationId: string): Promise<void> {
  heading('The emulators run on. Go on by hand: tell the CDK CLI, the AWS CLI and SDKs where they are');
  for (const [name, value] of Object.entries(emulators.environment)) {
    say(`    export ${name}=${value}`);
  }
  const sample = join(ROOT, 'docs', 'schemas', 'samples', 'sms-voice', 'TEXT_DELIVERED.json');
  say(`
  Deploy an app of your own, in its folder:

    cdk deploy

  Or deploy this example with an event stream, in ${ROOT}:

    npx cdk deploy ${STACK} --app '${APP[1]}' -c applicationId=${applicationId}
    aws pinpoint get-event-stream --application-id ${applicationId}

  The emulators refuse a resource that they do not know ('Unrecognized resource types'). AWS::SMSVOICE::ConfigurationSet is a stand-in
  that creates nothing, so put-record below stands for sending a message.

  Send an event, as AWS End User Messaging would:

    STREAM=$(aws firehose list-delivery-streams --query "DeliveryStreamNames[?contains(@, 'LakeSmsVoiceEvents')] | [0]" --output text)
    node -p 'JSON.stringify(require(process.argv[1]))' ${sample} > event.json
    aws firehose put-record --delivery-stream-name "$STREAM" --record Data@=fileb://event.json

  Ask in SQL:

    DATABASE=$(aws glue get-databases --query "DatabaseList[?contains(Name, 'lake')] | [0].Name" --output text)
    QUERY=$(aws athena start-query-execution --query-execution-context Database="$DATABASE" --result-configuration OutputLocation=s3://${ANSWERS}/ \\
      --query-string 'SELECT day, eventtype, messageid FROM sms_voice_events' --query QueryExecutionId --output text)
    aws athena get-query-results --query-execution-id "$QUERY" --query 'ResultSet.Rows[*].Data[*].VarCharValue' --output text

  After cdk destroy, delete the delivery streams that it retained, before you deploy a lake again. AWS gives new ones new names, this
  emulator the same ones, and says 'already exists':

    for NAME in $(aws firehose list-delivery-streams --query 'DeliveryStreamNames[]' --output text); do
      aws firehose delete-delivery-stream --delivery-stream-name "$NAME"
    done

  Stop the emulators, and delete what they wrote:

    kill ${await emulators.keep()}`);
}

async function main(args: string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--keep');
  if (unknown.length > 0) {
    throw new Error(`unknown argument ${unknown.join(' ')}, expected none or --keep`);
  }
  heading('Starting the emulators (ministack for AWS, moto for Amazon Pinpoint, microburst between them)');
  const emulators = await Emulators.start();
  say('  They differ from AWS in the order and the labels of the stack\'s events, and their Pinpoint is one hour behind.');
  let keep = false;
  try {
    const applicationId = await demonstrate(emulators);
    heading('All of this was observed.');
    if (args.includes('--keep')) {
      await deleteRetained(emulators);
      await explainHowToGoOn(emulators, applicationId);
      keep = true;
    }
  } finally {
    if (!keep) {
      await emulators.stop();
      say('\nThe emulators are stopped, and what they wrote is deleted.');
    }
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`\ndemo: ${error.message}\n`);
  process.exitCode = 1;
});
