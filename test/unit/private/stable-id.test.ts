import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { digestOf, identityOf } from '../../../src/private/stable-id';
import { newStack, STREAM_ARN } from '../../support/synth';

/** The ARN of a stream that has the same logical ID whatever stack owns it. */
function streamArnOwnedBy(app: App, owner: string): string {
  return new kinesis.Stream(newStack(app, owner), 'Stream').streamArn;
}

// Never change what is expected here.
describe('the identity', () => {
  it.each([
    ['a literal', () => [STREAM_ARN], `[["${STREAM_ARN}"],[]]`, '650b1856'],
    ['several literals', () => ['a', 'b'], '[["a","b"],[]]', '8c7f21b6'],
    ['a reference in the same stack', (stack: Stack) => [new CfnParameter(stack, 'Arn').valueAsString], '[[{"Ref":"Arn"}],[]]', '5ee57b2d'],
    ['an imported value', () => [Fn.importValue('Arn')], '[[{"Fn::ImportValue":"Arn"}],[]]', '4d9eadc4'],
    ['a reference to another stack', (_: Stack, app: App) => [streamArnOwnedBy(app, 'Owner')],
      '[[{"Fn::GetAtt":["Stream790BDEE4","Arn"]}],["Owner"]]', '93c75fcb'],
    ['the same reference to yet another stack', (_: Stack, app: App) => [streamArnOwnedBy(app, 'Another')],
      '[[{"Fn::GetAtt":["Stream790BDEE4","Arn"]}],["Another"]]', '2defe00a'],
    ['a reference to another stack within a text', (_: Stack, app: App) => [`${streamArnOwnedBy(app, 'Owner')}/x`],
      '[[{"Fn::Join":["",[{"Fn::GetAtt":["Stream790BDEE4","Arn"]},"/x"]]}],["Owner"]]', '9066bdaa'],
    ['references to two stacks, in whatever order', (_: Stack, app: App) => [streamArnOwnedBy(app, 'B'), streamArnOwnedBy(app, 'A')],
      '[[{"Fn::GetAtt":["Stream790BDEE4","Arn"]},{"Fn::GetAtt":["Stream790BDEE4","Arn"]}],["A","B"]]', '4690f7e6'],
  ])('of %s may never change, since the logical IDs of deployed roles rest on it', (_, values, expectedIdentity, expectedDigest) => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);

    // WHEN
    const identity = identityOf(stack, ...values(stack, app));

    // THEN
    expect(identity).toBe(expectedIdentity);
    expect(digestOf(identity)).toBe(expectedDigest);
  });
});
