import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Assembly, InterfaceType } from '@jsii/spec';

const ROOT = join(__dirname, '..', '..');
const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string };
const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen', 'tasks.json'), 'utf8')) as { tasks: { compat: { steps: { execArgs: string[] }[] } } };

/** Holds a changed library, within this project so that it finds node_modules. */
let changed: string;

beforeEach(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  changed = mkdtempSync(join(ROOT, '.cache', 'compatibility-'));
});

afterEach(() => {
  rmSync(changed, { recursive: true });
});

/** Runs what `projen compat` runs, with the library as it is as the release, and a changed one as what is to be released. */
function compare(change: (properties: InterfaceType) => void): { status: number | null; output: string } {
  const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly;
  change(assembly.types![`${name}.PinpointEventStreamProps`] as InterfaceType);
  // The assembly is not what its fingerprint says any more; jsii does not look at this one.
  writeFileSync(join(changed, '.jsii'), JSON.stringify({ ...assembly, fingerprint: '**********' }));
  writeFileSync(join(changed, 'package.json'), readFileSync(join(ROOT, 'package.json')));
  const [command, released, ...options] = tasks.compat.steps[0].execArgs;
  expect(released).toBe(`npm:${name}`);
  const { status, stdout, stderr } = spawnSync('npx', [command, ROOT, changed, ...options], { cwd: ROOT, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const propertyOf = ({ properties }: InterfaceType, property: string) => properties!.find((candidate) => candidate.name === property)!;

test.each<[string, (properties: InterfaceType) => void, string]>([
  ['a property that is gone', (props) => { props.properties = props.properties!.filter((property) => property.name !== 'replaceExisting'); },
    'PROP cdk-pinpoint-event-stream.PinpointEventStreamProps.replaceExisting: has been removed'],
  ['a property that has become required', (props) => { delete propertyOf(props, 'replaceExisting').optional; }, 'replaceExisting'],
  ['a property of another type', (props) => { propertyOf(props, 'replaceExisting').type = { primitive: 'string' as never }; }, 'replaceExisting'],
])('the check before a release refuses %s', (_, change, reason) => {
  expect(compare(change)).toEqual({ status: 1, output: expect.stringContaining(reason) });
});

test('the check before a release accepts a new optional property', () => {
  const { status, output } = compare((props) => {
    props.properties!.push({ ...propertyOf(props, 'replaceExisting'), name: 'somethingNew' });
  });

  expect({ status, output }).toMatchObject({ status: 0 });
});
