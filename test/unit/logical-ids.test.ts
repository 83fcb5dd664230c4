import { App, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { FirehoseDestination, KinesisStreamDestination, PinpointEventStream, SmsVoiceEventStream, SmsVoiceEventStreamProps } from '../../src';
import { APPLICATION_ID, importedDeliveryStream, importedStream, logicalIdsOf, newRole, newStack } from '../support/synth';

// A change of one of these IDs replaces a deployed role or configuration set, or loses an event stream. Never change what is expected here.

const provider = [
  'PinpointEventStreamProviderFunctionCA3FEF32',
  'PinpointEventStreamProviderInvocation7FDE8D43',
  'PinpointEventStreamProviderLogs32BF4CB9',
  'PinpointEventStreamProviderRole30061661',
];

function addToPinpoint(stack: Stack, withRole: boolean = false): void {
  new PinpointEventStream(stack, 'Events', {
    applicationId: APPLICATION_ID,
    destination: new KinesisStreamDestination(importedStream(stack)),
    role: withRole ? newRole(stack) : undefined,
  });
}

function addToMessages(stack: Stack, props: SmsVoiceEventStreamProps = {}): void {
  new SmsVoiceEventStream(stack, 'Events', { destination: new FirehoseDestination(importedDeliveryStream(stack)), ...props });
}

it.each<[string, Stack, (stack: Stack) => void, string[]]>([
  ['an event stream of Pinpoint with a role that is created', newStack(), (stack) => addToPinpoint(stack),
    ['EventsRoled22b5032CB43E9F7', 'EventsHandlerPolicyd22b5032ED9B9554', 'EventsD32975C2', ...provider]],
  ['an event stream of Pinpoint with a role that is passed in', newStack(), (stack) => addToPinpoint(stack, true),
    ['MyRoleF48FFE04', 'EventsRolePolicy38e699d2DF232CF6', 'EventsHandlerPolicy38e699d2423186D3', 'EventsD32975C2', ...provider]],
  ['an event stream of Pinpoint in a stage of a pipeline', newStack(new Stage(new App(), 'Production')), (stack) => addToPinpoint(stack),
    ['EventsRoled22b5032CB43E9F7', 'EventsHandlerPolicyd22b5032ED9B9554', 'EventsD32975C2', ...provider]],
  ['an event stream of End User Messaging', newStack(), (stack) => addToMessages(stack),
    ['EventsDestinationEventsRoleb3d41086E3724745', 'EventsD32975C2']],
])('the logical IDs of %s may never change, since deployed stacks hold them', (_, stack, add, expected) => {
  // WHEN
  add(stack);

  // THEN
  expect(Object.keys(Template.fromStack(stack).toJSON().Resources).sort()).toEqual([...expected].sort());
});

it.each([['One', 'EventsRole8191c998EAB4E77F'], ['Two', 'EventsRole6dcd0636356EA45E']])(
  'the logical ID of the role for a stream of the stack %s may never change, though a stream of another stack has the same logical ID', (owner, expected) => {
    // GIVEN
    const app = new App();
    const stream = new kinesis.Stream(newStack(app, owner), 'Stream');
    const stack = newStack(app);

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(stream) });

    // THEN
    expect(logicalIdsOf(stack, 'AWS::IAM::Role')).toContain(expected);
  });

it.each<[string, Stack, SmsVoiceEventStreamProps, string]>([
  ['in a stack', newStack(), {}, 'Stack-Events-0B6038A5'],
  ['in a stack with a name of its own', new Stack(undefined, 'Stack', { stackName: 'named' }), {}, 'named-Events-A08B020C'],
  ['in a nested stack', new NestedStack(newStack(), 'Nested'), {}, 'Stack-Nested-Events-F3CFD2FC'],
  ['in a stage', newStack(new Stage(new App(), 'Prod')), {}, 'Prod-Stack-Events-2905B0D2'],
  ['in a stack with a very long name', newStack(new App(), 'S'.repeat(128)), {}, `${'S'.repeat(48)}-Events-2151FE14`],
  ['where the CDK is asked for one', newStack(), { configurationSetName: PhysicalName.GENERATE_IF_NEEDED }, 'Stack-Events-0B6038A5'],
])('the name of a configuration set %s may never change, since deployed roles trust it', (_, stack, props, expected) => {
  // WHEN
  addToMessages(stack, props);

  // THEN
  Template.fromStack(stack).hasResourceProperties('AWS::SMSVOICE::ConfigurationSet', { ConfigurationSetName: expected });
});
