import { App, Aws, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { isKnown, printable, referencesIn } from '../../../src/private/tokens';
import { newStack, STREAM_ARN } from '../../support/synth';

const newStream = (scope: Stack) => new kinesis.CfnStream(scope, 'Stream');

describe('a value', () => {
  it.each([['a literal', STREAM_ARN], ['an empty text', '']])('is known where it is %s', (_, value) => {
    // THEN
    expect(isKnown(value)).toBe(true);
  });

  it.each([
    ['a token', Aws.REGION], ['a token within a text', `events-${Aws.REGION}`],
    ['a dynamic reference', '{{resolve:ssm:/app}}'], ['a dynamic reference within a text', 'events-{{resolve:ssm:/name}}'],
    ['what the CDK puts in the place of what is yet to be looked up', 'dummy-value-for-/app'],
  ])('is not known where it is %s', (_, value) => {
    // THEN
    expect(isKnown(value)).toBe(false);
  });
});

describe('the references in values', () => {
  it.each<[string, (arn: string) => string]>([
    ['themselves', (arn) => arn],
    ['within a text', (arn) => `${arn}/x`],
    ['within a function', (arn) => Fn.select(0, Fn.split(':', arn))],
    ['within a function of a text', (arn) => Fn.join('', ['x', `${arn}/x`])],
    ['made late', (arn) => Lazy.string({ produce: () => arn })],
  ])('are found where they are %s, also those to another stack', (_, valueOf) => {
    // GIVEN
    const app = new App();
    const stream = newStream(newStack(app, 'Owner'));

    // WHEN
    const references = referencesIn(newStack(app), ['a literal', valueOf(stream.attrArn)]);

    // THEN
    expect(references.map(({ target }) => target)).toEqual([stream]);
  });
});

describe('a value for people to read', () => {
  it.each<[string, (stack: Stack) => unknown, string]>([
    ['a literal as it is', () => STREAM_ARN, STREAM_ARN],
    ['a reference', (stack) => new CfnParameter(stack, 'Arn').valueAsString, '${Arn}'],
    ['an attribute', (stack) => newStream(stack).attrArn, '${Stream.Arn}'],
    ['references within a text', () => `arn:${Aws.PARTITION}:s3:::x-${Aws.REGION}`, 'arn:${AWS::Partition}:s3:::x-${AWS::Region}'],
    ['another function as it is', () => Fn.importValue('Arn'), '{"Fn::ImportValue":"Arn"}'],
    ['references within another function', () => Fn.select(0, Fn.split(':', Aws.REGION)), '{"Fn::Select":[0,{"Fn::Split":[":","${AWS::Region}"]}]}'],
    ['a structure', () => ({ Resource: ['*', Aws.REGION], Condition: { Null: { a: 'false' } }, b: true }),
      '{"Resource":["*","${AWS::Region}"],"Condition":{"Null":{"a":"false"}},"b":true}'],
    ['nothing in a structure', () => [null], '[null]'],
  ])('has %s', (_, valueOf, expected) => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const printed = printable(stack, valueOf(stack));

    // THEN
    expect(printed).toBe(expected);
  });
});
