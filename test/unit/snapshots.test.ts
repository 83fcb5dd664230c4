import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cxapi from 'aws-cdk-lib/cx-api';
import * as recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
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

/** The flags of `cdk init` that do change templates: policies in another order, and partitions that are written out. */
const KNOWN_FLAGS = { [cxapi.IAM_MINIMIZE_POLICIES]: true, [cxapi.ENABLE_PARTITION_LITERALS]: true };

it.each(SAMPLES)('of the flags of `cdk init`, only two change the template $name, and none renames a resource', ({ build, props }) => {
  // GIVEN
  const [without, withKnown, withAll] = [{}, KNOWN_FLAGS, recommendedFlags].map((context) => {
    const stack = new Stack(new App({ context }), 'Stack', props);
    return build(stack) ?? stack;
  });

  // WHEN
  const [expected, synthesized] = [withKnown, withAll].map(template);

  // THEN
  expect(synthesized).toEqual(expected);
  expect(Object.keys(Template.fromStack(withAll).toJSON().Resources)).toEqual(Object.keys(Template.fromStack(without).toJSON().Resources));
});
