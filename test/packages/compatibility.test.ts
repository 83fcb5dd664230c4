import { readFileSync } from 'fs';
import { join } from 'path';
import { InterfaceType } from '@jsii/spec';
import { builtAssembly, ROOT, runTool, withPackageOf } from './assembly';

test('`projen compat` fails where a released property is gone', () => {
  // GIVEN
  const assembly = builtAssembly();
  const props = assembly.types![`${assembly.name}.PinpointEventStreamProps`] as InterfaceType;
  props.properties = props.properties!.filter(({ name }) => name !== 'replaceExisting');
  const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen', 'tasks.json'), 'utf8')) as { tasks: { compat: { steps: { execArgs: string[] }[] } } };
  const [command, released, ...options] = tasks.compat.steps[0].execArgs;
  expect(released).toBe(`npm:${assembly.name}`);

  // WHEN: the library as it is takes the place of the release. jsii does not look at this fingerprint, which a changed assembly cannot have.
  const result = withPackageOf({ ...assembly, fingerprint: '**********' }, (changed) => runTool(command, ROOT, changed, ...options));

  // THEN
  expect(result).toEqual({
    status: 1,
    output: expect.stringContaining('PROP cdk-pinpoint-event-stream.PinpointEventStreamProps.replaceExisting: has been removed'),
  });
}, 120_000);
