import { readFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from './assembly';
import { deliver, S3Object } from '../support/delivered-objects';
import { EMAIL, PINPOINT, SMS_VOICE } from '../support/events';
import { templateOfLake } from '../support/lake';
import { STORY, STORY_DAY } from '../support/story';
import { Trino } from '../support/trino';

interface DocumentedQuery {
  readonly heading: string;
  readonly statement: string;
  /** The table right below it, row by row, with the names of the columns first; undefined where there is none. */
  readonly result?: string[][];
}

/** The statements of the guide, in their order. */
const QUERIES = documentedQueries(readFileSync(join(ROOT, 'docs', 'query.md'), 'utf8'));

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

function documentedQueries(guide: string): DocumentedQuery[] {
  return guide.split(/^#+ /m).flatMap((section) => {
    const [heading] = section.split('\n');
    return [...section.matchAll(/^```sql\n(.*?)^```\n+((?:\|[^\n]*\n)*)/gms)].map(([, statement, table]) => ({ heading, statement, result: rowsOf(table) }));
  });
}

function rowsOf(table: string): string[][] | undefined {
  const [header, , ...rows] = table.trim().split('\n').map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  return header.length > 0 ? [header, ...rows] : undefined;
}

test.each(QUERIES)('query $# of the guide, under "$heading", gives the result that it shows', async ({ statement, result }) => {
  // WHEN
  const { columns, rows } = await trino.query(objects, statement);

  // THEN
  expect([columns, ...rows.map((row) => row.map((cell) => cell ?? ''))]).toEqual(result);
}, 60_000);
