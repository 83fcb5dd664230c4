import { execFile } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '..', '..');
const ZIZMOR = join(ROOT, '.checkers', 'venv', 'bin', 'zizmor');

/** What is wrong in every way: a checker that finds nothing in it is not at work. */
const WRONG = `
on: pull_request_target
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: write-all
    steps:
      - uses: actions/checkout@v7
      - run: echo "\${{ github.event.pull_request.title }}"
`;

/** Findings as `RULE at FILE:LINE`, sorted. Asks nothing of the network. */
async function zizmor(repository: string, ...options: string[]): Promise<string[]> {
  const args = ['--offline', '--no-exit-codes', '--format', 'json', ...options, '.'];
  const { stdout } = await promisify(execFile)(ZIZMOR, args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout).map(({ ident, locations }: any) => {
    const { symbolic, concrete } = locations.find((location: any) => location.symbolic.kind === 'Primary');
    return `${ident} at ${symbolic.key.Local.verbatim_path}:${concrete.location.start_point.row + 1}`;
  }).sort();
}

describe('zizmor', () => {
  it.each([
    ['of any severity', []],
    // Workflows without permissions of their own among it, which give those of the repository's settings to new jobs.
    ['pedantic, of medium or high severity', ['--persona', 'pedantic', '--min-severity', 'medium']],
  ])('finds nothing in the workflows that is %s', async (_, options) => {
    // WHEN
    const findings = await zizmor(ROOT, ...options);

    // THEN
    expect(findings).toEqual([]);
  });

  it('finds what is wrong with a workflow that is wrong', async () => {
    // GIVEN
    const repository = mkdtempSync(join(tmpdir(), 'workflows-'));
    mkdirSync(join(repository, '.github', 'workflows'), { recursive: true });
    writeFileSync(join(repository, '.github', 'workflows', 'wrong.yml'), WRONG);

    // WHEN
    const findings = await zizmor(repository).finally(() => rmSync(repository, { recursive: true }));

    // THEN
    expect(findings).toEqual([
      'artipacked at ./.github/workflows/wrong.yml:8',
      'dangerous-triggers at ./.github/workflows/wrong.yml:2',
      'excessive-permissions at ./.github/workflows/wrong.yml:6',
      'template-injection at ./.github/workflows/wrong.yml:9',
      'unpinned-uses at ./.github/workflows/wrong.yml:8',
    ]);
  });
});
