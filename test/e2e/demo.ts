import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { EventStream } from '@aws-sdk/client-pinpoint';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bootstrap, cdk, requireSuccess } from '../support/emulators/cdk';
import { Emulators, PINPOINT_AUTHORIZATION, REGION } from '../support/emulators/emulators';
import { documentedActions, isPermitted } from '../support/emulators/permissions';

/**
 * The life of an event stream, for a person to watch: deploys the example with
 * the CDK CLI into emulators, writes events through it, moves it, removes it.
 * Ends with status 0 only if all of that was observed.
 */

const APP = ['--app', 'node --require ts-node/register/transpile-only examples/typescript/app.ts'];
const STACK = 'PinpointEvents';

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
  const context = ['-c', `applicationId=${applicationId}`];
  const deploy = async (...more: string[]) => requireSuccess(
    await cdk(emulators, ['deploy', STACK, ...APP, ...context, ...more, '--require-approval', 'never', '--progress', 'events'], { visible: true }));

  heading('Bootstrapping the emulated AWS account (cdk bootstrap)');
  await bootstrap(emulators);
  say('  \x1b[32m✓\x1b[0m bootstrapped');

  heading(`Deploying an event stream for application ${applicationId} (cdk deploy)`);
  await deploy();
  const kinesis = await showEventStream(emulators, applicationId);
  await showResources(emulators);
  await writeToKinesis(emulators, kinesis);

  heading('Moving the event stream to Firehose (cdk deploy -c destination=firehose)');
  await deploy('-c', 'destination=firehose');
  const firehose = await showEventStream(emulators, applicationId);
  observe('the event stream has moved', firehose.DestinationStreamArn !== kinesis.DestinationStreamArn && firehose.RoleArn !== kinesis.RoleArn);
  observe('the former role cannot write any more', !await isPermitted(emulators, kinesis));
  await writeToFirehose(emulators, firehose);

  heading('Destroying the stack (cdk destroy)');
  requireSuccess(await cdk(emulators, ['destroy', STACK, ...APP, ...context, '--force'], { visible: true }));
  say('  The data stream and the bucket are skipped: they are retained, with the events in them.');
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

async function showResources(emulators: Emulators): Promise<void> {
  const { StackResources } = await emulators.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: STACK }));
  say('  The stack has these resources:');
  for (const { ResourceType, PhysicalResourceId } of StackResources!) {
    say(`      ${ResourceType!.padEnd(34)} ${PhysicalResourceId}`);
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

async function writeToFirehose(emulators: Emulators, { DestinationStreamArn, RoleArn }: EventStream): Promise<void> {
  const event = newEvent();
  const client = new FirehoseClient(await asRole(emulators, RoleArn!));
  const deliveryStream = DestinationStreamArn!.split('/').pop();
  await client.send(new PutRecordBatchCommand({ DeliveryStreamName: deliveryStream, Records: [{ Data: Buffer.from(event) }] }));
  const [object, text] = await findObject(emulators, event);
  observe(`an event written as that role is in the bucket, in ${object}: ${text}`, text.includes(event));
}

/** The object that holds the text; the emulator delivers within milliseconds, AWS within minutes. */
async function findObject({ s3 }: Emulators, text: string): Promise<[string, string]> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    for (const { Name: Bucket } of Buckets!.filter(({ Name }) => Name!.startsWith(STACK.toLowerCase()))) {
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
      for (const { Key } of Contents ?? []) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const content = await Body!.transformToString();
        if (content.includes(text)) {
          return [`s3://${Bucket}/${Key}`, content];
        }
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('expected the event in the bucket within 30 s; it is not there');
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

async function explainHowToGoOn(emulators: Emulators, applicationId: string): Promise<void> {
  heading('The emulators run on. To go on by hand, in this folder:');
  for (const [name, value] of Object.entries(emulators.environment)) {
    say(`    export ${name}=${value}`);
  }
  say(`    npx cdk deploy ${STACK} --app '${APP[1]}' -c applicationId=${applicationId}`);
  say(`    curl -H 'Authorization: ${PINPOINT_AUTHORIZATION}' ${emulators.pinpointUrl}/v1/apps/${applicationId}/eventstream`);
  say(`    npx cdk destroy ${STACK} --app '${APP[1]}' -c applicationId=${applicationId}`);
  say(`\n  To stop them and delete what they wrote:\n\n    kill ${await emulators.keep()}`);
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
