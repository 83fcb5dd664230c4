import { SmsVoiceEventType } from '../../../src';
import { EMAIL, JsonRecord, PINPOINT, Service, SMS_VOICE } from '../../support/events';
import { Guide } from '../../support/guide';

/** What a map has as values, where it takes no strings. */
const MAP_VALUES: JsonRecord = { metrics: 7, tags: ['new'], linkTags: ['new'] };

/** The same with a field that nobody knows in each object at all levels. */
function withNewFields<T>(value: T, itsName: string = ''): T {
  if (Array.isArray(value)) {
    return value.map((item) => withNewFields(item)) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const fields = Object.entries(value).map(([name, inner]) => [name, withNewFields(inner, name)]);
  return { ...Object.fromEntries(fields), newField: MAP_VALUES[itsName] ?? 'new' } as T;
}

/** The same with another value at a path with dots; without the field if there is none. */
function changed(record: JsonRecord, path: string, value: unknown): JsonRecord {
  const [name, ...rest] = path.split('.');
  if (rest.length > 0) {
    return { ...record, [name]: changed(record[name] as JsonRecord, rest.join('.'), value) };
  }
  const { [name]: _, ...others } = record;
  return value === undefined ? others : { ...others, [name]: value };
}

const SERVICES = [PINPOINT, SMS_VOICE, EMAIL];

describe.each(SERVICES)('the schema of $name', (service) => {
  test('has a sample of each event type that it knows, and of no other', () => {
    // WHEN
    const samples = Object.fromEntries(service.samples.map(({ file, record }) => [file, record.eventType ?? record.event_type]));

    // THEN
    expect(samples).toEqual(Object.fromEntries(service.eventTypes.map((eventType) => [`${eventType.replace(' ', '_')}.json`, eventType])));
  });

  test.each(service.samples)('takes the sample $file', ({ record }) => {
    // THEN
    expect(service.errorsOf(record)).toEqual([]);
  });

  test.each(service.samples)('takes the sample $file with new fields at all levels', ({ record }) => {
    // THEN
    expect(service.errorsOf(withNewFields(record))).toEqual([]);
  });

  test.each(SERVICES.filter((other) => other !== service))('refuses every sample of $name', ({ samples }) => {
    // WHEN
    const taken = samples.filter(({ record }) => service.errorsOf(record).length === 0);

    // THEN
    expect(taken).toEqual([]);
  });
});

/** The names in a cell of a table. */
function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`(.*?)`/g)].map(([, name]) => name);
}

/** The names without repetitions, in order. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

describe('the document docs/schemas/README.md', () => {
  const reference = new Guide('schemas/README.md');

  /** The names in the first cells of the table under a heading. */
  function namesUnder(heading: string): string[] {
    return reference.tableUnder(heading).flatMap(([cell]) => namesIn(cell)).sort();
  }

  test.each([
    { service: PINPOINT, heading: "Pinpoint's event types" },
    { service: SMS_VOICE, heading: "End User Messaging's event types" },
    { service: EMAIL, heading: "SES's event types" },
  ])('tells of each event type that the schema of $service.name knows', ({ service, heading }) => {
    // THEN
    expect(namesUnder(heading)).toEqual([...service.eventTypes].sort());
  });

  test.each([
    { service: PINPOINT, heading: "Pinpoint's envelope" },
    { service: SMS_VOICE, heading: "End User Messaging's fields" },
  ])('tells of each field that the schema of $service.name has', ({ service, heading }) => {
    // THEN
    expect(namesUnder(heading)).toEqual(Object.keys(service.schema.properties).sort());
  });

  test('tells of each field in the objects for what happened that the schema of Amazon SES has', () => {
    // WHEN
    const objects = reference.tableUnder("SES's event types").map(([, , cell]) => namesIn(cell)).map(([name, ...fields]) => [name, fields.sort()]);

    // THEN
    const { eventType: _, mail: __, ...others } = EMAIL.schema.properties;
    expect(Object.fromEntries(objects)).toEqual(
      Object.fromEntries(Object.entries(others).map(([name, { properties = {} }]) => [name, Object.keys(properties).sort()])),
    );
  });

  describe.each([
    { heading: 'Fields of SMS', successor: SMS_VOICE, eventType: '_SMS.SUCCESS', path: 'attributes' },
    { heading: 'Fields of email', successor: EMAIL, eventType: '_email.click', path: 'facets.email_channel.mail_event.mail' },
  ])('compares under $heading', ({ heading, successor, eventType, path }) => {
    const rows = reference.tableUnder(heading);

    test('fields that the schemas have', () => {
      // GIVEN
      const fields = rows.flatMap(([cell]) => namesIn(cell));
      const successors = rows.flatMap(([, cell]) => namesIn(cell.split(/[;:]|, with/)[0]));

      // THEN
      expect(fields.filter((field) => !PINPOINT.field(field))).toEqual([]);
      expect(successors.filter((field) => !successor.field(field))).toEqual([]);
    });

    test('all that the sample of Pinpoint has', () => {
      // GIVEN
      const sample = path.split('.').reduce<JsonRecord>((outer, name) => outer[name] as JsonRecord, PINPOINT.sample(eventType));

      // THEN
      expect(rows.flatMap(([cell]) => namesIn(cell))).toEqual(expect.arrayContaining(Object.keys(sample).map((name) => `${path}.${name}`)));
    });
  });
});

describe('the document docs/from-pinpoint-to-successors.md', () => {
  const guide = new Guide('from-pinpoint-to-successors.md');
  const [families, sms, failures, email] = ['What becomes of each event', 'SMS', 'Failures that become errors of the call', 'Email']
    .map((heading) => guide.tableUnder(heading));

  /** The event types of a service with a prefix, in order. */
  function typesOf({ eventTypes }: Service, prefix: string): string[] {
    return eventTypes.filter((eventType) => eventType.startsWith(prefix)).sort();
  }

  test('says what becomes of each family of events, and of each event of SMS and email', () => {
    // WHEN
    const prefixes = families.flatMap(([cell]) => namesIn(cell)).filter((name) => name.endsWith('.*')).map((name) => name.replace('*', ''));

    // THEN
    expect(PINPOINT.eventTypes.filter((eventType) => !prefixes.some((prefix) => eventType.startsWith(prefix)))).toEqual([]);
    expect(prefixes.filter((prefix) => typesOf(PINPOINT, prefix).length === 0)).toEqual([]);
    expect(sorted(sms.flatMap(([cell]) => namesIn(cell)))).toEqual(typesOf(PINPOINT, '_SMS.'));
    expect(sorted(email.flatMap(([cell]) => namesIn(cell)))).toEqual(typesOf(PINPOINT, '_email.'));
  });

  test('says of each status of SMS which event it becomes, or which error of the call', () => {
    // WHEN
    const [events, errors] = [sms, failures].map((table) => table.flatMap(([, cell]) => namesIn(cell)));

    // THEN
    expect(sorted([...events, ...errors])).toEqual([...PINPOINT.field('attributes.record_status')!.examples!].sort());
    expect(events.filter((status) => errors.includes(status))).toEqual([]);
  });

  test('names each event of SMS and email that follows', () => {
    // WHEN
    const texts = sms.flatMap(([, statuses, cell]) => namesIn(cell).flatMap((name) => name === 'TEXT_' ? namesIn(statuses).map((word) => name + word) : [name]));
    const emails = email.flatMap(([, cell]) => namesIn(cell)).filter((name) => EMAIL.eventTypes.includes(name));

    // THEN
    expect(sorted(texts.filter((name) => name !== 'isFinal'))).toEqual(typesOf(SMS_VOICE, 'TEXT_'));
    expect(sorted(emails)).toEqual(typesOf(EMAIL, ''));
  });
});

test('the schema of AWS End User Messaging takes each event that an event destination can choose one by one', () => {
  // GIVEN
  const eventTypes = Object.values(SmsVoiceEventType).map(({ name }: SmsVoiceEventType) => name).filter((name) => !/(^|_)ALL$/.test(name));

  // WHEN
  const refused = eventTypes.filter((eventType) => SMS_VOICE.errorsOf({ ...SMS_VOICE.sample('TEXT_DELIVERED'), eventType }).length > 0);

  // THEN
  expect(refused).toEqual([]);
});

describe('a record', () => {
  const missing = "must have required property '%s'";
  const wrong: [string, Service, string, string, unknown, string][] = [
    ['no event_type', PINPOINT, '_SMS.SUCCESS', 'event_type', undefined, missing],
    ['an empty event_type', PINPOINT, '_session.start', 'event_type', '', 'must NOT have fewer than 1 characters'],
    ['an unknown type of a family of the service', PINPOINT, '_SMS.SUCCESS', 'event_type', '_SMS.DELIVERED', 'must be equal to one of the allowed values'],
    ['a time as a date', PINPOINT, '_email.send', 'event_timestamp', '2026-10-30T00:00:00Z', 'must be integer'],
    ['no time of arrival', PINPOINT, '_email.send', 'arrival_timestamp', undefined, missing],
    ['a version as a number', PINPOINT, '_email.send', 'event_version', 3.1, 'must be string'],
    ['no application', PINPOINT, '_journey.send', 'application', undefined, missing],
    ['no ID of the application', PINPOINT, '_journey.send', 'application.app_id', undefined, missing],
    ['a price as a string', PINPOINT, '_SMS.SUCCESS', 'metrics.price_in_millicents_usd', '645', 'must be number,null'],
    ['parts as a number', PINPOINT, '_SMS.SUCCESS', 'attributes.number_of_message_parts', 1, 'must be string,null'],
    ['a context as an object', PINPOINT, '_SMS.SUCCESS', 'attributes.customer_context', {}, 'must be string,null'],
    ['an attribute of an app as a number', PINPOINT, '_session.start', 'attributes.level', 7, 'must be string,null'],
    ['a metric of an app as a string', PINPOINT, '_session.start', 'metrics.score', '7', 'must be number,null'],
    ['an endpoint as a string', PINPOINT, '_session.start', 'endpoint', '{}', 'must be object'],
    ['an endpoint as an object', PINPOINT, '_campaign.send', 'client_context.custom.endpoint', {}, 'must be string'],
    ['a session that began at a date', PINPOINT, '_session.stop', 'session.start_timestamp', '2026-10-30', 'must be integer'],
    ['one recipient instead of a list', PINPOINT, '_email.send', 'facets.email_channel.mail_event.mail.destination', 'a@example.com', 'must be array'],
    ['an account that is none', PINPOINT, '_email.send', 'awsAccountId', '1234', 'must match pattern "^[0-9]{12}$"'],
    ['no eventType', SMS_VOICE, 'TEXT_DELIVERED', 'eventType', undefined, missing],
    ['an unknown event type', SMS_VOICE, 'TEXT_DELIVERED', 'eventType', 'TEXT_LOST', 'must be equal to one of the allowed values'],
    ['a name that only event destinations have', SMS_VOICE, 'TEXT_DELIVERED', 'eventType', 'TEXT_ALL', 'must be equal to one of the allowed values'],
    ['a time as a string', SMS_VOICE, 'TEXT_DELIVERED', 'eventTimestamp', '1790000000000', 'must be integer'],
    ['no mark of the last status', SMS_VOICE, 'VOICE_COMPLETED', 'isFinal', undefined, missing],
    ['a mark as a string', SMS_VOICE, 'VOICE_COMPLETED', 'isFinal', 'true', 'must be boolean'],
    ['no ID of the message', SMS_VOICE, 'MEDIA_DELIVERED', 'messageId', undefined, missing],
    ['a price as a string', SMS_VOICE, 'MEDIA_DELIVERED', 'totalMessagePrice', '0.0195', 'must be number'],
    ['parts of a part', SMS_VOICE, 'TEXT_DELIVERED', 'totalMessageParts', 1.5, 'must be integer'],
    ['a context as a string', SMS_VOICE, 'TEXT_DELIVERED', 'context', '{}', 'must be object'],
    ['a number in the context', SMS_VOICE, 'TEXT_DELIVERED', 'context.userId', 7, 'must be string'],
    ['a country code as a number', SMS_VOICE, 'TEXT_DELIVERED', 'mcc', 310, 'must be string'],
    ['a call without a unit', SMS_VOICE, 'VOICE_COMPLETED', 'callDurationInSeconds', '60 s', 'must be number'],
    ['no email', EMAIL, 'Send', 'mail', undefined, missing],
    ['no ID of the email', EMAIL, 'Send', 'mail.messageId', undefined, missing],
    ['an event type in capitals', EMAIL, 'Send', 'eventType', 'SEND', 'must be equal to one of the allowed values'],
    ['a time as a number', EMAIL, 'Delivery', 'delivery.timestamp', 1790000000000, 'must be string'],
    ['one tag instead of a list', EMAIL, 'Send', 'mail.tags.campaign', 'spring', 'must be array'],
    ['one recipient instead of a list', EMAIL, 'Bounce', 'bounce.bouncedRecipients', { emailAddress: 'a@example.com' }, 'must be array'],
    ['an answer about bots as a boolean', EMAIL, 'Open', 'open.isBotEvent', false, 'must be string'],
    ['a choice in words', EMAIL, 'Subscription', 'subscription.newTopicPreferences.unsubscribeAll', 'true', 'must be boolean'],
  ];

  test.each(wrong)('with %s is refused, with the name of the field', (_, service, eventType, path, value, expected) => {
    // GIVEN
    const record = changed(service.sample(eventType), path, value);

    // WHEN
    const errors = service.errorsOf(record);

    // THEN
    expect(errors).toContain(`${path}: ${expected.replace('%s', path.split('.').at(-1)!)}`);
    expect(errors.filter((error) => !error.startsWith(`${path}: `))).toEqual([]);
  });
});

test.each<[string, Service, string, string, unknown]>([
  ['an event type of an app', PINPOINT, '_session.start', 'event_type', 'article_read'],
  ['an event type of an app with a dot', PINPOINT, '_session.start', 'event_type', 'article.read'],
  ['an event type of an app with an underscore', PINPOINT, '_session.start', 'event_type', '_custom.read'],
  ['the test of an event stream', PINPOINT, '_session.start', 'event_type', '_test.event_stream'],
  ['an attribute without a value', PINPOINT, '_SMS.SUCCESS', 'attributes.campaign_id', null],
  ['an attribute of an app without a value', PINPOINT, '_session.start', 'attributes.level', null],
  ['a metric without a value', PINPOINT, '_SMS.SUCCESS', 'metrics.price_in_millicents_usd', null],
  ['a status in words', PINPOINT, '_SMS.FAILURE', 'attributes.record_status', 'No such number'],
  ['no recipient', PINPOINT, '_SMS.FAILURE', 'attributes.destination_phone_number', undefined],
  ['no recipient, as from EventBridge', SMS_VOICE, 'TEXT_DELIVERED', 'destinationPhoneNumber', undefined],
  ['a link without tags', EMAIL, 'Click', 'click.linkTags', null],
])('a record with %s is taken', (_, service, eventType, path, value) => {
  // THEN
  expect(service.errorsOf(changed(service.sample(eventType), path, value))).toEqual([]);
});
