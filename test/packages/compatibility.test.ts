import { readFileSync } from 'fs';
import { join } from 'path';
import { InterfaceType } from '@jsii/spec';
import { builtAssembly, ROOT, runTool, withPackageOf } from './assembly';

const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string };
const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen', 'tasks.json'), 'utf8')) as { tasks: { compat: { steps: { execArgs: string[] }[] } } };

/** Runs what `projen compat` runs, with the library as it is as the release, and a changed one as what is to be released. */
function compare(change: (properties: InterfaceType) => void): { status: number | null; output: string } {
  const assembly = builtAssembly();
  change(assembly.types![`${name}.PinpointEventStreamProps`] as InterfaceType);
  const [command, released, ...options] = tasks.compat.steps[0].execArgs;
  expect(released).toBe(`npm:${name}`);
  // The assembly is not what its fingerprint says any more; jsii does not look at this one.
  return withPackageOf({ ...assembly, fingerprint: '**********' }, (changed) => runTool(command, ROOT, changed, ...options));
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
