import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, normalize, posix } from 'path';

const ROOT = join(__dirname, '..', '..', '..');
const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const REPOSITORY: string = repository.url.replace(/\.git$/, '');
/** Where the repository shows a file of its own, as the README has to name it: npm and PyPI know no other files. */
const ABSOLUTE = new RegExp(`^(?:${REPOSITORY}(?:/(?:blob|tree)/main/|(?=#|$))|https://raw\\.githubusercontent\\.com/${new URL(REPOSITORY).pathname.slice(1)}/main/)`);

function foldersIn(folder: string): string[] {
  const below = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !/^(cdk\.out|node_modules)$/.test(entry.name));
  return [folder, ...below.flatMap(({ name }) => foldersIn(posix.join(folder, name)))];
}

/** All documents but API.md, which is generated. */
const DOCUMENTS = ['.', ...['docs', 'examples', 'test/integ'].flatMap(foldersIn)]
  .flatMap((folder) => readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.md')).map((file) => posix.join(folder, file)))
  .filter((document) => document !== 'API.md');

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replace(/^```.*?^```$/gms, '');
}

/** The targets of links and pictures. */
function linksIn(path: string): string[] {
  return [...textOf(path).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(([, inline, reference]) => inline ?? reference);
}

/** The anchors that GitHub gives to the headings of a document, and those that it has by itself, as API.md. */
function anchorsOf(path: string): string[] {
  const text = textOf(path);
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'));
  return [...headings, ...[...text.matchAll(/<a name="[^"]*" id="([^"]+)">/g)].map(([, id]) => id)];
}

/** What a link names in this repository: a path, and an anchor in it; undefined for a link that leads out of it. */
function targetOf(document: string, link: string): { path: string; anchor?: string } | undefined {
  const local = link.replace(ABSOLUTE, '/');
  if (/^\w+:/.test(local)) {
    return undefined;
  }
  const [path, anchor] = local.split('#');
  if (path === '/') {
    return { path: 'README.md', anchor };
  }
  return { path: path === '' ? document : normalize(path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(document), path)), anchor };
}

/** Of the links in a document, those that lead nowhere in this repository. */
function dead(document: string, links: string[]): string[] {
  return links.filter((link) => {
    const target = targetOf(document, link);
    return target && (!existsSync(join(ROOT, target.path)) || (target.anchor !== undefined && !anchorsOf(target.path).includes(target.anchor)));
  });
}

test.each(DOCUMENTS)('%s has no link that leads nowhere in this repository', (document) => {
  expect(dead(document, linksIn(document))).toEqual([]);
});

test('the README names files by addresses that also work on npm and PyPI', () => {
  // WHEN
  const links = linksIn('README.md');

  // THEN
  expect(links.filter((link) => !/^https:/.test(link))).toEqual([]);
  expect(links.map((link) => targetOf('README.md', link)?.path)).toContain('API.md');
});

test('links to a file or a heading that is not there are found', () => {
  // GIVEN
  const files = `${REPOSITORY}/blob/main`;
  const wrong = ['move.md', '#move', '../README.md#move', '../API.md#move', `${files}/docs/move.md`, `${files}/docs/adopt.md#move`, `${REPOSITORY}#move`];
  const right = ['behaviour.md', '#adopt-it', '../README.md#permissions', '../API.md#cdk-pinpoint-event-stream.EventLakeProps', `${files}/docs/behaviour.md#watch-it`,
    `${REPOSITORY}#permissions`, 'https://docs.aws.amazon.com/cdk/'];

  // WHEN
  const found = dead('docs/adopt.md', [...wrong, ...right]);

  // THEN
  expect(found).toEqual(wrong);
});
