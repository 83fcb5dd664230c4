import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from './assembly';
import { deliver, S3Object } from '../support/delivered-objects';
import { EMAIL, PINPOINT, SMS_VOICE } from '../support/events';
import { templateOfLake } from '../support/lake';
import { STORY, STORY_DAY } from '../support/story';
import { Trino } from '../support/trino';

interface DocumentedQuery {
  /** The heading of a query in the guide, or the name of its file. */
  readonly name: string;
  readonly statement: string;
  /** The table beside it, row by row, with the names of the columns first; undefined where there is none. */
  readonly result?: string[][];
}

const DOCS = join(ROOT, 'docs');
const QUERIES = [
  ...queriesOfGuide(readFileSync(join(DOCS, 'query.md'), 'utf8')),
  ...readdirSync(join(DOCS, 'queries')).map((file) => queryOfFile(file, readFileSync(join(DOCS, 'queries', file), 'utf8'))),
];

let trino: Trino;
let objects: S3Object[];

beforeAll(async () => {
  const template = templateOfLake();
  const time = new Date(`${STORY_DAY}T15:00:00Z`);
  objects = [
    deliver(template, PINPOINT.sender, { time, records: STORY.pinpoint }),
    deliver(template, SMS_VOICE.sender, { time, records: STORY['sms-voice'] }),
    deliver(template, EMAIL.sender, { time, records: STORY.email }),
  ];
  trino = await Trino.start(template, '2026-11-30');
}, 600_000);

afterAll(() => trino?.stop());

/** The statements in the guide, each with the table right below it. */
function queriesOfGuide(guide: string): DocumentedQuery[] {
  return guide.split(/^#+ /m).flatMap((section) => {
    const [heading] = section.split('\n');
    return [...section.matchAll(/^```sql\n(.*?)^```\n+((?:\|[^\n]*\n)*)/gms)].map(([, statement, table]) => ({ name: heading, statement, result: rowsOf(table) }));
  });
}

/** A statement as its file has it, with a table in the comment above it. */
function queryOfFile(name: string, statement: string): DocumentedQuery {
  return { name, statement, result: rowsOf([...statement.matchAll(/^-- (\|.*)$/gm)].map(([, row]) => row).join('\n')) };
}

function rowsOf(table: string): string[][] | undefined {
  const [header, , ...rows] = table.trim().split('\n').map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  return header.length > 0 ? [header, ...rows] : undefined;
}

test.each(QUERIES)('the query "$name" gives the result that the documents show', async ({ statement, result }) => {
  // WHEN
  const { columns, rows } = await trino.query(objects, statement);

  // THEN
  expect([columns, ...rows.map((row) => row.map((cell) => cell ?? ''))]).toEqual(result);
}, 60_000);
