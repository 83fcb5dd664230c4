import { readFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from './assembly';
import { sizeOf, zippedAssetBytes } from '../../bench/exact';
import { picture } from '../../bench/picture';
import { table, targets } from '../../bench/report';
import { COUNTS, DOCUMENTS, Results } from '../../bench/results';
import { SUBJECTS } from '../../bench/subjects';

jest.setTimeout(120_000);

const read = (document: string) => readFileSync(join(ROOT, document), 'utf8');
const results = JSON.parse(read(DOCUMENTS.data)) as Results;

describe('the benchmarks', () => {
  it.each(SUBJECTS.flatMap((name) => COUNTS.map((count) => [name, count] as const)))('know the size of %s with %i event streams', (name, count) => {
    // WHEN
    const size = sizeOf(name, count);

    // THEN
    expect(size).toEqual(results.sizes[name][count]);
  });

  it('know how large the function is in an archive', () => {
    // WHEN
    const bytes = zippedAssetBytes('ours');

    // THEN
    expect(bytes).toBeLessThanOrEqual(results.zippedAssetBytes.ours);
  });

  it('are shown as they were found', () => {
    expect(table(results)).toBe(read(DOCUMENTS.table));
    expect(picture(results)).toBe(read(DOCUMENTS.picture));
  });

  it('miss those targets that the decision record explains, and no others', () => {
    // WHEN
    const missed = targets(results).filter(({ reached }) => !reached).map(({ measure }) => measure);

    // THEN
    const [, explanations] = read('docs/decisions/0011-weight.md').split('## Missed targets');
    const explained = [...explanations.matchAll(/^\| (?!target|---)(.+?) \|/gm)].map(([, measure]) => measure);
    expect(explained).toEqual(missed);
  });
});
