import { App, CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { validateApplicationId, validateEnvironment } from '../../../src/private/validation';
import { APPLICATION_ID, ENV, errorsOf, newStack, ROLE_ARN, STREAM_ARN } from '../../support/synth';

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('an application ID', () => {
  it.each([
    ['well-formed', APPLICATION_ID], ['not known', Token.asString({ Ref: 'ApplicationId' })], ['a dynamic reference', '{{resolve:ssm:/app}}'],
  ])('that is %s at synthesis is taken', (_, applicationId) => {
    // WHEN
    validateApplicationId(stack, applicationId);

    // THEN
    expect(errorsOf(stack)).toEqual([]);
  });

  it('that is undefined is refused, also in languages that do not check it', () => {
    // WHEN
    const validate = () => validateApplicationId(stack, undefined as unknown as string);

    // THEN
    expect(validate).toThrow('applicationId must be 32 lower-case hexadecimal digits, got undefined: pass the ID, which the console called the project ID, not the name or the ARN (at Stack)');
  });

  it('that is known and malformed is an error of the construct, and not thrown', () => {
    // WHEN
    validateApplicationId(stack, 'my-app');

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack',
      "applicationId must be 32 lower-case hexadecimal digits, got 'my-app': pass the ID, which the console called the project ID, not the name or the ARN"]]);
  });
});

describe('the environment of a value', () => {
  const US_EAST_1 = { ...ENV, region: 'us-east-1' };
  const inUsEast1 = 'it must be in the region of the stack, eu-west-1, got us-east-1: pass one of that region, or use a stack in us-east-1';

  it.each<[string, string, string[]]>([
    ['is that of its ARN', STREAM_ARN, []],
    ['is that of its ARN, which may lack the region', ROLE_ARN, []],
    ['is not known from what is no ARN', 'a:b:c:us-east-1:d', []],
    ['is that of its ARN, in another region', STREAM_ARN.replace('eu-west-1', 'us-east-1'), [inUsEast1]],
    ['is that of its ARN, in another region and account', 'arn:aws:kinesis:us-east-1:222222222222:stream/events',
      [inUsEast1, 'it must be in the account of the stack, 111111111111, got 222222222222: pass one of that account, or use a stack in 222222222222']],
  ])('%s', (_, value, expected) => {
    // WHEN
    validateEnvironment(stack, 'it', value);

    // THEN
    expect(errorsOf(stack).map(([, message]) => message)).toEqual(expected);
  });

  it.each<[string, (owner: Stack) => string]>([
    ['a resource', (owner) => `${new kinesis.CfnStream(owner, 'Stream').attrArn}/x`],
    ['a construct without a name, for which the CDK would ask', (owner) => new kinesis.Stream(owner, 'Stream').streamArn],
    ['a construct with a name', (owner) => new kinesis.Stream(owner, 'Stream', { streamName: 'events' }).streamArn],
  ])('is that of the stack that owns what it refers to, which is thrown for %s of another region', (_, valueIn) => {
    // GIVEN
    const value = valueIn(new Stack(stack.node.root as App, 'Owner', { env: US_EAST_1 }));

    // WHEN
    const validate = () => validateEnvironment(stack, 'it', value);

    // THEN
    expect(validate).toThrow(`${inUsEast1} (at Stack)`);
  });

  it.each<[string, (owner: Stack) => string, ('region' | 'account')[]]>([
    ['the account, where only that is asked', (owner) => new kinesis.CfnStream(owner, 'Stream').attrArn, ['account']],
    ['unknown where it was looked up by a resource that may be elsewhere', (owner) =>
      Token.asString(new CfnResource(owner, 'Registry', { type: 'Custom::Registry' }).getAtt('Arn')), ['region', 'account']],
    ['that of an ARN, whatever the name in it refers to', (owner) =>
      stack.formatArn({ service: 'kinesis', resource: 'stream', resourceName: new kinesis.CfnStream(owner, 'Stream').ref }), ['region', 'account']],
  ])('is %s', (_, valueIn, names) => {
    // GIVEN
    const value = valueIn(new Stack(stack.node.root as App, 'Owner', { env: US_EAST_1 }));

    // WHEN
    validateEnvironment(stack, 'it', value, names);

    // THEN
    expect(errorsOf(stack)).toEqual([]);
  });

  it('is that of an ARN of which the partition is not known', () => {
    // WHEN
    validateEnvironment(stack, 'it', stack.formatArn({ service: 'kinesis', region: 'us-east-1', resource: 'stream', resourceName: 'events' }));

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack', inUsEast1]]);
  });
});
