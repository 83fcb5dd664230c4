import { EmailSendingEvent } from 'aws-cdk-lib/aws-ses';
import { SmsVoiceEventType } from '../../../src';
import { codeIn, PINPOINT, readDocument, SMS_VOICE, tableUnder } from '../../support/events';

const REFERENCE = readDocument('events.md');
const MIGRATION = readDocument('from-pinpoint-to-successors.md');

const column = (index: number, rows: string[][]) => rows.flatMap((row) => codeIn(row[index]));
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

describe('docs/events.md', () => {
  test.each([
    ["Pinpoint's event types", PINPOINT],
    ["End User Messaging's event types", SMS_VOICE],
  ])('lists under "%s" those of the schema, in its order', (heading, service) => {
    expect(column(0, tableUnder(heading, REFERENCE))).toEqual(service.eventTypes);
  });

  test.each([
    ["Pinpoint's envelope", PINPOINT],
    ["End User Messaging's fields", SMS_VOICE],
  ])('lists under "%s" those of the schema', (heading, service) => {
    expect(sorted(column(0, tableUnder(heading, REFERENCE)))).toEqual(sorted(Object.keys(service.schema.properties!)));
  });

  test('names only attributes and metrics of Pinpoint that the schema has', () => {
    const rows = tableUnder('What each family has', REFERENCE);

    const unknown = column(1, rows).filter((name) =>
      !['attributes', 'metrics', 'device', 'session', 'mail'].includes(name) && !PINPOINT.field(name) && !PINPOINT.field(`attributes.${name}`));

    expect(rows).toHaveLength(5);
    expect(unknown).toEqual([]);
  });

  test('has what an event destination can choose one by one, and no others', () => {
    const chosen = Object.values(SmsVoiceEventType).map(({ name }: SmsVoiceEventType) => name).filter((name) => !/(^|_)ALL$/.test(name));

    expect(sorted(SMS_VOICE.eventTypes)).toEqual(sorted(chosen));
  });

  test("lists all events of the CDK's enum for SES", () => {
    expect(sorted(column(2, tableUnder('Amazon SES', REFERENCE)))).toEqual(sorted(Object.keys(EmailSendingEvent)));
  });
});

describe('docs/from-pinpoint-to-successors.md', () => {
  const named = codeIn(MIGRATION);

  test('says of each of Pinpoint\'s event types what becomes of it, and names no others', () => {
    expect(sorted(named.filter((name) => /^_\w+\.\w+$/.test(name)))).toEqual(sorted(PINPOINT.eventTypes));
  });

  test("names all of End User Messaging's SMS events, and no event that it does not have", () => {
    const events = named.filter((name) => /^(TEXT|VOICE|MEDIA|RCS)_[A-Z_]+$/.test(name));

    expect(events.filter((name) => !SMS_VOICE.eventTypes.includes(name))).toEqual([]);
    expect(sorted(events)).toEqual(expect.arrayContaining(SMS_VOICE.eventTypes.filter((name) => name.startsWith('TEXT_'))));
  });

  test("names all of SES's events, and no others", () => {
    const notEvents = ['bounceType', 'Permanent', 'Transient'];

    const events = column(1, tableUnder('Email', MIGRATION)).filter((name) => !notEvents.includes(name));

    expect(sorted(events)).toEqual(sorted(column(0, tableUnder('Amazon SES', REFERENCE))));
  });

  test('says of each record_status what becomes of it, once', () => {
    const statuses = [
      ...column(1, tableUnder('SMS', MIGRATION)),
      ...column(0, tableUnder('Failures that become errors of the call', MIGRATION)),
    ];

    expect(statuses.sort()).toEqual([...PINPOINT.field('attributes.record_status')!.examples!].sort());
  });

  test.each(['Fields of SMS', 'Fields of email'])('names under "%s" only fields of Pinpoint that the schema has', (heading) => {
    const fields = column(0, tableUnder(heading, MIGRATION));

    expect(fields.length).toBeGreaterThan(10);
    expect(fields.filter((path) => !PINPOINT.field(path))).toEqual([]);
  });

  test('says of each attribute and metric of SMS what becomes of it', () => {
    const sample = PINPOINT.sample('_SMS.SUCCESS') as { attributes: object; metrics: object };

    expect(column(0, tableUnder('Fields of SMS', MIGRATION))).toEqual(expect.arrayContaining([
      ...Object.keys(sample.attributes).map((name) => `attributes.${name}`),
      ...Object.keys(sample.metrics).map((name) => `metrics.${name}`),
    ]));
  });

  test('names only fields of End User Messaging that the schema has', () => {
    const values = ['Transactional', 'TRANSACTIONAL'];

    const fields = column(1, tableUnder('Fields of SMS', MIGRATION)).filter((name) => !values.includes(name));

    expect(fields.length).toBeGreaterThan(10);
    expect(fields.filter((name) => !SMS_VOICE.field(name))).toEqual([]);
  });

  test.each([
    'In short', 'SMS', 'Failures that become errors of the call', 'Email', 'What has no successor', 'Fields of SMS', 'Fields of email',
  ])('marks each row under "%s" as inferred, or as documented with a link to AWS', (heading) => {
    const marks = tableUnder(heading, MIGRATION).map((row) => row.at(-1)!);

    expect(marks.filter((mark) => !/^\*inferred\*$|\*\*documented\*\*.*\(https:\/\/docs\.aws\.amazon\.com\//.test(mark))).toEqual([]);
  });
});
