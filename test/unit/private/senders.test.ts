import { EMAIL, FieldSchema, PINPOINT, SMS_VOICE } from '../../support/events';

const COLUMN_TYPES: Readonly<Record<string, readonly string[]>> = {
  string: ['string'],
  integer: ['bigint', 'int'],
  number: ['double'],
  boolean: ['boolean'],
};

/** How a column can store a field; an object without a documented type of its values is stored as its JSON. */
function columnTypesOf({ type, additionalProperties }: FieldSchema): readonly string[] {
  const [fieldType] = [type].flat();
  if (fieldType !== 'object') {
    return COLUMN_TYPES[fieldType];
  }
  return additionalProperties ? columnTypesOf(additionalProperties).map((valueType) => `map<string,${valueType}>`) : ['string'];
}

describe.each([PINPOINT, SMS_VOICE, EMAIL])('the table of $name', ({ schema, sender }) => {
  const fields = Object.entries(schema.properties);

  it('has a column for each documented field, and for no other', () => {
    // THEN
    expect(Object.keys(sender.columns).sort()).toEqual(fields.map(([name]) => name).sort());
  });

  it.each(fields)('stores %s as what it is', (name, field) => {
    // THEN
    expect(columnTypesOf(field)).toContain(sender.columns[name]);
  });

  it('has columns whose names differ by more than their case, which Athena ignores', () => {
    // WHEN
    const names = Object.keys(sender.columns).map((name) => name.toLowerCase());

    // THEN
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('a time in milliseconds', () => {
  it.each([PINPOINT, SMS_VOICE])('of $name has a column that is large enough', ({ sender: { columns } }) => {
    // WHEN
    const times = Object.entries(columns).filter(([name]) => /timestamp$/i.test(name));

    // THEN
    expect(times).toEqual(times.map(([name]) => [name, 'bigint']));
    expect(times).toHaveLength(2);
  });
});
