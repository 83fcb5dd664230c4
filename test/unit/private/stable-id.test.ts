import { App, Aws, CfnParameter, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { comparisonKey, digestOf, identityOf } from '../../../src/private/stable-id';
import { ENV, newStack, STREAM_ARN } from '../../support/synth';

/** The ARN of a stream that has the same logical ID whatever stack owns it. */
function streamArnOwnedBy(app: App, owner: string): string {
  return new kinesis.Stream(newStack(app, owner), 'Stream').streamArn;
}

// Never change what is expected here.
describe('the identity', () => {
  it.each([
    ['an ARN, without its environment', () => [STREAM_ARN], '[["arn::kinesis:::stream/events"],[]]', 'f4ed0dd9'],
    ['an ARN of tokens', () => [`arn:${Aws.PARTITION}:kinesis:${Aws.REGION}:${Aws.ACCOUNT_ID}:stream/events`], '[["arn::kinesis:::stream/events"],[]]', 'f4ed0dd9'],
    ['an ARN of China, whose partition is known', () => [`arn:aws-cn:kinesis:${Aws.REGION}:111111111111:stream/events`], '[["arn::kinesis:::stream/events"],[]]', 'f4ed0dd9'],
    ['an ARN that has no region', () => [`arn:${Aws.PARTITION}:iam::111111111111:role/streams`], '[["arn::iam:::role/streams"],[]]', '220a08f2'],
    ['an ARN of tokens with a reference', (stack: Stack) => [`arn:${Aws.PARTITION}:kinesis:${Aws.REGION}:${Aws.ACCOUNT_ID}:stream/${new CfnParameter(stack, 'Name').valueAsString}`],
      '[[{"Fn::Join":["",["arn::kinesis:::stream/",{"Ref":"Name"}]]}],[]]', '6ae9d8fc'],
    ['an ARN with a reference', (stack: Stack) => [`arn:aws:kinesis:eu-west-1:111111111111:stream/${new CfnParameter(stack, 'Name').valueAsString}`],
      '[[{"Fn::Join":["",["arn::kinesis:::stream/",{"Ref":"Name"}]]}],[]]', '6ae9d8fc'],
    ['a join with another separator', (stack: Stack) => [Fn.join('-', ['a', new CfnParameter(stack, 'Name').valueAsString])],
      '[[{"Fn::Join":["-",["a",{"Ref":"Name"}]]}],[]]', '13f72422'],
    ['what is no ARN', () => ['arn', 'x:y:z'], '[["arn","x:y:z"],[]]', '9d5fb372'],
    ['a reference to a nested stack', (_: Stack, app: App) => [new kinesis.Stream(new NestedStack(newStack(app, 'Owner'), 'Nested'), 'Stream').streamArn],
      '[[{"Fn::GetAtt":["Stream790BDEE4","Arn"]}],["Owner/NestedNestedStackNestedNestedStackResourceDEFDAA4D"]]', '24b8762d'],
    ['a reference to a stack with a name of its own, in a stage', (_: Stack, app: App) =>
      [new kinesis.Stream(new Stack(new Stage(app, 'Prod'), 'Owner', { stackName: 'owner', env: ENV }), 'Stream').streamArn],
    '[[{"Fn::GetAtt":["Stream790BDEE4","Arn"]}],["owner"]]', 'a5af6ddb'],
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

describe('values of two stacks', () => {
  const parameterOf = (stack: Stack) => new CfnParameter(stack, 'Application').valueAsString;
  const streamOf = (stack: Stack) => new kinesis.Stream(stack, 'Stream').streamArn;

  it.each<[string, boolean, (one: Stack, other: Stack) => [string, string]]>([
    ['the same literal', true, () => ['a', 'a']],
    ['two literals', false, () => ['a', 'b']],
    ['references to the same resource', true, (one) => { const arn = streamOf(one); return [arn, arn]; }],
    ['references to resources with the same logical ID', false, (one, other) => [streamOf(one), streamOf(other)]],
    ['references within a text to the same resource', true, (one) => { const arn = streamOf(one); return [`${arn}/x`, `${arn}/x`]; }],
    ['parameters of the same name', false, (one, other) => [parameterOf(one), parameterOf(other)]],
    ['functions of their own', false, () => [Fn.findInMap('Map', 'a', 'b'), Fn.findInMap('Map', 'a', 'b')]],
    ['the same dynamic reference', true, () => ['{{resolve:ssm:/app}}', '{{resolve:ssm:/app}}']],
  ])('are %s, which means the same: %s', (_, expected, valuesOf) => {
    // GIVEN
    const app = new App();
    const [one, other] = [newStack(app, 'One'), newStack(app, 'Other')];

    // WHEN
    const [ofOne, ofOther] = valuesOf(one, other);

    // THEN
    expect(comparisonKey(one, ofOne) === comparisonKey(other, ofOther)).toBe(expected);
  });
});
