import { Template } from 'aws-cdk-lib/assertions';
import { Sender } from '../../src/private/senders';
import { deliver } from '../support/delivered-objects';
import { EMAIL, JsonRecord, PINPOINT, SMS_VOICE } from '../support/events';
import { templateOfLake } from '../support/lake';
import { Trino } from '../support/trino';

const DAY = '2026-11-21';
const TIME = new Date(`${DAY}T12:00:00Z`);

/** With a sample, a field of it that is an object, and the field that holds its type. */
const SENDERS = [
  { ...PINPOINT, sample: PINPOINT.sample('_session.start'), object: 'session', type: 'event_type' },
  { ...SMS_VOICE, sample: SMS_VOICE.sample('TEXT_PROTECT_BLOCKED'), object: 'protectConfiguration', type: 'eventType' },
  { ...EMAIL, sample: EMAIL.sample('Open'), object: 'mail', type: 'eventType' },
];
/** AWS does not document whether their records end with a newline. */
const OTHERS_THAN_SES = SENDERS.filter(({ name }) => name !== EMAIL.name);
const MAPS = [
  { ...PINPOINT, sample: PINPOINT.sample('_session.start'), map: 'attributes' },
  { ...SMS_VOICE, sample: SMS_VOICE.sample('TEXT_DELIVERED'), map: 'context' },
];

let template: Template;
let trino: Trino;

beforeAll(async () => {
  template = templateOfLake();
  trino = await Trino.start(template, '2026-11-30');
}, 600_000);

afterAll(() => trino?.stop());

/** Selects all fields in a table. `recordOf` turns a row back into its record. */
function selectRecords({ tableName, columns }: Sender): string {
  const expressions = Object.entries(columns).map(([field, type]) => type.startsWith('map') ? `json_format(CAST(${field} AS json))` : field);
  return `SELECT ${expressions.join(', ')} FROM ${tableName} WHERE day = '${DAY}'`;
}

function recordOf({ columns }: Sender, row: (string | null)[]): JsonRecord {
  return Object.fromEntries(Object.entries(columns)
    .map(([field, type], index) => [field, row[index] === null ? undefined : valueOf(row[index], type)])
    .filter(([, value]) => value !== undefined));
}

/** The value that a cell stands for. A text that begins with a brace is that of an object. */
function valueOf(cell: string, type: string): unknown {
  return type === 'string' && !cell.startsWith('{') ? cell : JSON.parse(cell);
}

/** Each record as text that does not depend on the order of its fields, in an order that does not depend on that of the records. */
function sorted(records: JsonRecord[]): string[] {
  const byName = (_: string, value: unknown) => value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value;
  return records.map((record) => JSON.stringify(record, byName)).sort();
}

/** As a delivery stream would be that only a bucket is passed to. */
function withoutProcessors(original: Template): Template {
  return Template.fromJSON(JSON.parse(JSON.stringify(original.toJSON(), (key, value) => key === 'Processors' ? [] : value)));
}

test.each(SENDERS)('each record of $name is one row, which has every field with its value', async ({ sender, samples }) => {
  // GIVEN
  const records = samples.map(({ record }) => record);
  const objects = [records.slice(0, 5), records.slice(5)].map((part) => deliver(template, sender, { time: TIME, records: part }));

  // WHEN
  const { rows } = await trino.query(objects, selectRecords(sender));

  // THEN
  expect(sorted(rows.map((row) => recordOf(sender, row)))).toEqual(sorted(records));
}, 60_000);

test.each(SENDERS)('a query finds the records of $name by the day, UTC, on which Firehose got them', async ({ sender, sample }) => {
  // GIVEN
  const objects = [
    deliver(template, sender, { time: new Date('2026-11-20T23:59:59Z'), records: [sample] }),
    deliver(template, sender, { time: new Date('2026-11-21T00:00:00Z'), records: [sample, sample] }),
  ];
  const count = (condition: string) => `(SELECT count(*) FROM ${sender.tableName} WHERE ${condition})`;

  // WHEN
  const { rows } = await trino.query(objects, `SELECT ${["day = '2026-11-20'", "day = '2026-11-21'", "day = '2026-11-22'", 'true'].map(count).join(', ')}`);

  // THEN
  expect(rows).toEqual([['1', '2', '0', '3']]);
}, 60_000);

test.each(SENDERS)('a query finds no record of $name before the first day of the lake', async ({ sender, sample }) => {
  // GIVEN
  const objects = ['2025-12-31', '2026-01-01'].map((day) => deliver(template, sender, { time: new Date(day), records: [sample] }));

  // WHEN
  const { rows } = await trino.query(objects, `SELECT day FROM ${sender.tableName}`);

  // THEN
  expect(rows).toEqual([['2026-01-01']]);
}, 60_000);

test.each(SENDERS)('a record of $name with new fields is a row, which has those within objects', async ({ sender, sample, object }) => {
  // GIVEN
  const inside = { ...sample[object] as JsonRecord, newField: { New: [1.5, null, 'ä"\n'] } };
  const objects = [deliver(template, sender, { time: TIME, records: [{ ...sample, newField: 'new', [object]: inside }] })];

  // WHEN
  const { rows } = await trino.query(objects, selectRecords(sender));

  // THEN
  expect(rows.map((row) => recordOf(sender, row))).toEqual([{ ...sample, [object]: inside }]);
}, 60_000);

test.each(MAPS)('$map of $name keeps names that differ only in case', async ({ sender, sample, map }) => {
  // GIVEN
  const objects = [deliver(template, sender, { time: TIME, records: [{ ...sample, [map]: { Order: 'a', order: 'b' } }] })];

  // WHEN
  const { rows } = await trino.query(objects, `SELECT element_at(${map}, 'Order'), element_at(${map}, 'order') FROM ${sender.tableName}`);

  // THEN
  expect(rows).toEqual([['a', 'b']]);
}, 60_000);

test.each(MAPS)('$map of $name has a null as NULL, as element_at() gives for a name that is not there', async ({ sender, sample, map }) => {
  // GIVEN
  const objects = [deliver(template, sender, { time: TIME, records: [{ ...sample, [map]: { nothing: null, empty: '' } }] })];
  const values = ['nothing', 'missing', 'empty'].map((name) => `element_at(${map}, '${name}')`);

  // WHEN
  const { rows } = await trino.query(objects, `SELECT ${values.join(', ')} FROM ${sender.tableName}`);

  // THEN
  expect(rows).toEqual([[null, null, '']]);
}, 60_000);

test.each(MAPS)('reading a name that $map of $name lacks fails without element_at()', async ({ sender, sample, map }) => {
  // GIVEN
  const objects = [deliver(template, sender, { time: TIME, records: [sample] })];

  // WHEN
  const query = trino.query(objects, `SELECT ${map}['missing'] FROM ${sender.tableName}`);

  // THEN
  await expect(query).rejects.toThrow('Key not present in map: missing');
}, 60_000);

test.each(OTHERS_THAN_SES)('where records of $name end with a newline already, the rows of NULLs between them are left out by their type', async ({ sender, sample, type }) => {
  // GIVEN
  const objects = [deliver(template, sender, { time: TIME, records: [sample, sample], endsRecords: true })];

  // WHEN
  const { rows } = await trino.query(objects, selectRecords(sender));
  const { rows: events } = await trino.query(objects, `${selectRecords(sender)} AND ${type} IS NOT NULL`);

  // THEN
  expect(rows.map((row) => recordOf(sender, row))).toEqual([sample, {}, sample, {}]);
  expect(events.map((row) => recordOf(sender, row))).toEqual([sample, sample]);
}, 60_000);

test.each(SENDERS)('of records of $name without newlines, a query would find the first of each object', async ({ sender, samples }) => {
  // GIVEN
  const records = samples.map(({ record }) => record);
  const objects = [deliver(withoutProcessors(template), sender, { time: TIME, records, endsRecords: false })];

  // WHEN
  const { rows } = await trino.query(objects, selectRecords(sender));

  // THEN
  expect(rows.map((row) => recordOf(sender, row))).toEqual([records[0]]);
}, 60_000);
