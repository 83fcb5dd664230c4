import { DescribeDeliveryStreamCommand, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetDatabasesCommand, GetTableCommand } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { EventLake, PinpointEventStream } from '../../src';
import { bootstrap } from '../support/emulators/cdk';
import { Emulators } from '../support/emulators/emulators';
import { isPermitted } from '../support/emulators/permissions';
import { TestStack } from '../support/emulators/test-stack';

jest.setTimeout(180_000);

let emulators: Emulators;

beforeAll(async () => {
  emulators = await Emulators.start();
  await bootstrap(emulators);
});

afterAll(() => emulators.stop());

/** The keys of the objects of a bucket, with their contents. */
async function objectsIn(bucket: string): Promise<[key: string, content: string][]> {
  const { Contents = [] } = await emulators.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Promise.all(Contents.map(async ({ Key }): Promise<[string, string]> => {
    const { Body } = await emulators.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return [Key!, await Body!.transformToString()];
  }));
}

test('an event of Amazon Pinpoint is where the table of the lake looks for it, and stays with its delivery stream when the lake is destroyed, its database does not', async () => {
  // GIVEN
  const applicationId = await emulators.createApplication('lake');
  const stack = new TestStack(emulators, 'Lake');
  const event = JSON.stringify({ event_type: '_session.start' });

  // WHEN
  await stack.deploy((scope) => { new PinpointEventStream(scope, 'Events', { applicationId, destination: new EventLake(scope, 'Lake') }); });
  const eventStream = (await emulators.eventStream(applicationId))!;
  const deliveryStream = eventStream.DestinationStreamArn!.split('/').pop()!;
  await emulators.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: deliveryStream, Records: [{ Data: Buffer.from(event) }] }));

  // THEN
  const [bucket] = await stack.physicalIds('AWS::S3::Bucket');
  const [database] = await stack.physicalIds('AWS::Glue::Database');
  const { Table } = await emulators.glue.send(new GetTableCommand({ DatabaseName: database, Name: 'pinpoint_events' }));
  const [[key, content], ...others] = await objectsIn(bucket);
  expect(await isPermitted(emulators, eventStream)).toBe(true);
  expect(key).toMatch(/^pinpoint\/day=\d{4}-\d{2}-\d{2}\/[^/]+$/);
  expect(content).toContain(event);
  expect(others).toEqual([]);
  expect(Table).toMatchObject({ StorageDescriptor: { Location: `s3://${bucket}/pinpoint/` }, PartitionKeys: [{ Name: 'day', Type: 'string' }] });

  // WHEN
  await stack.destroy();

  // THEN
  const { DeliveryStreamDescription } = await emulators.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: deliveryStream }));
  expect(DeliveryStreamDescription!.DeliveryStreamStatus).toBe('ACTIVE');
  expect(await objectsIn(bucket)).toEqual([[key, content]]);
  expect((await emulators.glue.send(new GetDatabasesCommand({}))).DatabaseList!.map(({ Name }) => Name)).not.toContain(database);
});
