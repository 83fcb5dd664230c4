import { App, CfnResource, CloudFormationValidatePlugin, Stack, Validations } from 'aws-cdk-lib';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { SAMPLES } from '../../support/sample-stacks';
import { newStack } from '../../support/synth';

/** One for all, since it takes seconds to start. */
const plugin = new CloudFormationValidatePlugin();

/** An app whose synthesis fails on whatever CloudFormation's own validation finds, warnings included. */
function strictApp(): App {
  const app = new App({ context: { [cxapi.VALIDATE_AGAINST_DEFAULT_RULES]: true, [cxapi.STRICT_CFN_VALIDATE_ERRORS]: true } });
  Validations.of(app).addPlugins(plugin);
  return app;
}

describe('the validation that comes with the CDK', () => {
  it.each(SAMPLES)('finds nothing in the template $name', ({ build, props }) => {
    // GIVEN
    const app = strictApp();
    const stack = new Stack(app, 'Stack', props);
    if (!props.env) {
      Validations.of(stack).acknowledge({
        id: 'CloudFormation-Validate::W7001',
        reason: 'Where the region is not known, the Firehose module of the CDK adds a mapping that nothing here uses.',
      });
    }

    // WHEN
    build(stack);

    // THEN
    expect(() => app.synth()).not.toThrow();
  });

  it('fails the synthesis of a template that CloudFormation would refuse', () => {
    // GIVEN
    const app = strictApp();

    // WHEN
    new CfnResource(newStack(app), 'Stream', { type: 'AWS::Kinesis::Stream', properties: { ShardCount: 'many', Nonsense: true } });

    // THEN
    expect(() => app.synth()).toThrow(/Nonsense.*CloudFormation Validate/);
  });
});
