import { Annotations, App, CfnResource, CrossStackReferences, NestedStack, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProps, PinpointEventStreamProvider } from '../../../src';
import { APPLICATION_ID, newRole, newStack, warningsOf } from '../../support/synth';

const CONTEXT = '@aws-cdk/core:defaultCrossStackReferences';

const appWith = (strength?: string) => new App({ context: { [CONTEXT]: strength } });

function addEventStream(scope: Stack, props: Partial<PinpointEventStreamProps>): PinpointEventStream {
  return new PinpointEventStream(scope, 'Events', { applicationId: APPLICATION_ID, ...props });
}

const newStream = (scope: Stack) => new kinesis.Stream(scope, 'Stream');
const to = (stream: kinesis.IStream) => ({ destination: new KinesisStreamDestination(stream) });

const warningOf = (what: string, path: string, x: string = path) => ['/Stack/Events',
  `the ${what} '${path}' of another stack is referenced weakly, so CloudFormation may delete it before the events have moved: ` +
  `call CrossStackReferences.of(x).produce(ReferenceStrength.STRONG), where x is '${x}'`];

/** Whether the template refers to other stacks by imports of exports alone. */
const isStrong = (stack: Stack) => !JSON.stringify(Template.fromStack(stack).toJSON()).includes('Fn::GetStackOutput');

describe('a weak reference to another stack', () => {
  it.each<[string, string, (owner: Stack) => Partial<PinpointEventStreamProps>, string]>([
    ['destination', 'weak', (owner) => to(newStream(owner)), 'Owner/Stream'],
    ['destination', 'both', (owner) => to(newStream(owner)), 'Owner/Stream'],
    ['role', 'weak', (owner) => ({ role: newRole(owner) }), 'Owner/MyRole'],
    ['provider', 'weak', (owner) => ({ provider: new PinpointEventStreamProvider(owner, 'Provider') }), 'Owner/Provider/Function'],
  ])('to its %s is a warning where the app has references that are %s', (what, strength, propsOf, path) => {
    // GIVEN
    const app = appWith(strength);
    const owner = newStack(app, 'Owner');
    const stack = newStack(app);

    // WHEN
    addEventStream(stack, propsOf(owner));

    // THEN
    expect(warningsOf(stack, 'weak-reference')).toEqual([warningOf(what, path)]);
    expect(isStrong(stack)).toBe(false);
  });

  it.each([['strong'], [undefined]])('is none where the app has references that are %s', (strength) => {
    // GIVEN
    const app = appWith(strength);
    const owner = newStack(app, 'Owner');
    const stack = newStack(app);

    // WHEN
    addEventStream(stack, { ...to(newStream(owner)), role: newRole(owner), provider: new PinpointEventStreamProvider(owner, 'Provider') });

    // THEN
    expect(warningsOf(stack, 'weak-reference')).toEqual([]);
    expect(isStrong(stack)).toBe(true);
  });

  it('is none between nested stacks of one parent, which deploys both', () => {
    // GIVEN
    const parent = newStack(appWith('weak'));
    const [owner, nested] = [new NestedStack(parent, 'Owner'), new NestedStack(parent, 'Nested')];

    // WHEN
    addEventStream(nested, { ...to(newStream(owner)), role: newRole(parent) });

    // THEN
    expect(warningsOf(parent, 'weak-reference')).toEqual([]);
    expect(isStrong(nested)).toBe(true);
  });

  it('is none where what it refers to keeps its export', () => {
    // GIVEN
    const app = appWith('weak');
    const stream = newStream(newStack(app, 'Owner'));
    const stack = newStack(app);
    addEventStream(stack, to(stream));

    // WHEN
    CrossStackReferences.of(stream).produce(ReferenceStrength.STRONG);

    // THEN
    expect(warningsOf(stack, 'weak-reference')).toEqual([]);
    expect(isStrong(stack)).toBe(true);
  });

  it('is a warning where what it refers to is weak by itself', () => {
    // GIVEN
    const app = appWith();
    const stream = newStream(newStack(app, 'Owner'));
    const stack = newStack(app);
    addEventStream(stack, to(stream));

    // WHEN
    CrossStackReferences.of(stream).produce(ReferenceStrength.WEAK);

    // THEN
    expect(warningsOf(stack, 'weak-reference')).toEqual([warningOf('destination', 'Owner/Stream')]);
  });

  it.each([['stack', false], ['nested stack', true]])('is none where the %s has strong references', (_, isNested) => {
    // GIVEN
    const app = appWith('weak');
    const stream = newStream(newStack(app, 'Owner'));
    const stack = newStack(app);
    const scope = isNested ? new NestedStack(stack, 'Nested') : stack;
    CrossStackReferences.of(scope).consume(ReferenceStrength.STRONG);

    // WHEN
    addEventStream(scope, to(stream));

    // THEN
    expect(warningsOf(stack, 'weak-reference')).toEqual([]);
    expect(isStrong(scope)).toBe(true);
  });

  it.each([[false], [true]])('to what is in a nested stack of another one is a warning, unless that nested stack keeps the export: %s', (isKept) => {
    // GIVEN
    const app = appWith('weak');
    const nested = new NestedStack(new NestedStack(newStack(app, 'Owner'), 'Outer'), 'Inner');
    const stream = newStream(nested);
    const stack = newStack(app);
    addEventStream(stack, to(stream));
    const { nestedStackResource } = nested.nestedStackParent as NestedStack;

    // WHEN
    CrossStackReferences.of(stream).produce(ReferenceStrength.STRONG);
    CrossStackReferences.of(nestedStackResource as CfnResource).produce(isKept ? ReferenceStrength.STRONG : ReferenceStrength.WEAK);

    // THEN
    expect(warningsOf(stack, 'weak-reference')).toEqual(isKept ? [] : [warningOf('destination', 'Owner/Outer/Inner/Stream', nestedStackResource!.node.path)]);
    expect(isStrong(stack)).toBe(isKept);
  });

  it('is no warning once that is acknowledged', () => {
    // GIVEN
    const app = appWith('weak');
    const stack = newStack(app);
    const eventStream = addEventStream(stack, to(newStream(newStack(app, 'Owner'))));

    // WHEN
    Annotations.of(eventStream).acknowledgeWarning('cdk-pinpoint-event-stream:weak-reference');

    // THEN
    expect(warningsOf(stack, 'weak-reference')).toEqual([]);
  });
});
