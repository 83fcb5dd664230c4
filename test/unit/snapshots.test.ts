import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SAMPLES } from '../support/sample-stacks';

/**
 * The template, without what changes with every build of the handler (the hash
 * of its asset) and with the years (the newest Node runtime that the CDK knows).
 */
function template(stack: Stack): unknown {
  return JSON.parse(JSON.stringify(Template.fromStack(stack).toJSON())
    .replace(/[0-9a-f]{64}(?=\.(zip|json))/g, 'ASSET_HASH')
    .replace(/"nodejs\d+\.x"/g, '"NODE_RUNTIME"'));
}

it.each(SAMPLES.filter(({ isPinned }) => isPinned))('the template $name is as it was', ({ build, props }) => {
  // GIVEN
  const stack = new Stack(new App(), 'Stack', props);

  // WHEN
  const synthesized = template(build(stack) ?? stack);

  // THEN
  expect(synthesized).toMatchSnapshot();
});
