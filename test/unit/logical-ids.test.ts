import { createHash } from 'crypto';
import { App, Environment, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import {
  CloudWatchLogsDestination, FirehoseDestination, IEventStreamDestination, KinesisStreamDestination, PinpointEventStream, SmsVoiceConfigurationSet,
  SmsVoiceConfigurationSetProps,
} from '../../src';
import { addLake } from '../support/lake';
import { APPLICATION_ID, ENV, importedDeliveryStream, importedStream, logicalIdsOf, newRole, newStack, STREAM_ARN } from '../support/synth';

// A change of one of these IDs replaces a deployed role or configuration set, loses an event stream, or leaves the bucket of a lake behind for an
// empty one. Never change what is expected here.

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

function addToMessages(stack: Stack, props: SmsVoiceConfigurationSetProps = {}): void {
  new SmsVoiceConfigurationSet(stack, 'Messages', props).addEventDestination('Events', { destination: new FirehoseDestination(importedDeliveryStream(stack)) });
}

const allLogicalIdsOf = (stack: Stack) => Object.keys(Template.fromStack(stack).toJSON().Resources as Record<string, unknown>).sort();

it.each<[string, Stack, (stack: Stack) => void, string[]]>([
  ['an event stream of Pinpoint with a role that is created', newStack(), (stack) => addToPinpoint(stack),
    ['EventsRole6a7ede578BC38622', 'EventsHandlerPolicy6a7ede5780EB5E82', 'EventsD32975C2', ...provider]],
  ['an event stream of Pinpoint with a role that is passed in', newStack(), (stack) => addToPinpoint(stack, true),
    ['MyRoleF48FFE04', 'EventsRolePolicyca8b3eccEB448CA8', 'EventsHandlerPolicyca8b3ecc6C715857', 'EventsD32975C2', ...provider]],
  ['an event stream of Pinpoint in a stage of a pipeline', newStack(new Stage(new App(), 'Production')), (stack) => addToPinpoint(stack),
    ['EventsRole6a7ede578BC38622', 'EventsHandlerPolicy6a7ede5780EB5E82', 'EventsD32975C2', ...provider]],
  ['a configuration set of End User Messaging', newStack(), (stack) => addToMessages(stack),
    ['MessagesEventsRolea0257a76E2ED6596', 'Messages804FA4EB']],
  ['a lake that has the events of all senders', newStack(), addLake, [
    'LakeBucketB1D32E10', 'LakeBucketPolicy93101044', 'LakeDatabase6CA13201',
    'LakePinpointEventsDeliveryStreamLogs664655EC', 'LakePinpointEventsDeliveryStreamLogsS3Destination17353959',
    'LakePinpointEventsDeliveryStreamRole77AD36D0', 'LakePinpointEventsDeliveryStream7AB35143', 'LakePinpointEventsTable05D8C67D',
    'LakeSmsVoiceEventsDeliveryStreamLogsC098CBF0', 'LakeSmsVoiceEventsDeliveryStreamLogsS3DestinationE5FA26F6',
    'LakeSmsVoiceEventsDeliveryStreamRoleB604AB58', 'LakeSmsVoiceEventsDeliveryStream4A02BC70', 'LakeSmsVoiceEventsTable63F148DF',
    'LakeEmailEventsDeliveryStreamLogs67DD4202', 'LakeEmailEventsDeliveryStreamLogsS3DestinationC32C0E5A',
    'LakeEmailEventsDeliveryStreamRole746F986B', 'LakeEmailEventsDeliveryStream443E8AF3', 'LakeEmailEventsTableF33B46B4',
  ]],
])('the logical IDs of %s may never change, since deployed stacks hold them', (_, stack, add, expected) => {
  // WHEN
  add(stack);

  // THEN
  expect(allLogicalIdsOf(stack)).toEqual([...expected].sort());
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

it.each<[string, Stack, SmsVoiceConfigurationSetProps, string]>([
  ['in a stack', newStack(), {}, 'Stack-Messages-86B88258'],
  ['in a stack with a name of its own', new Stack(undefined, 'Stack', { stackName: 'named' }), {}, 'named-Messages-35769064'],
  ['in a stack with a name of its own that moves into a stage', new Stack(new Stage(new App(), 'Prod'), 'Stack', { stackName: 'named' }), {},
    'named-Messages-35769064'],
  ['in a nested stack', new NestedStack(newStack(), 'Nested'), {}, 'Stack-Nested-Messages-4B10092B'],
  ['in a stage', newStack(new Stage(new App(), 'Prod')), {}, 'Prod-Stack-Messages-6C26E108'],
  ['in a stack with a very long name', newStack(new App(), 'S'.repeat(128)), {}, `${'S'.repeat(46)}-Messages-E9FC4DCF`],
  ['where the CDK is asked for one', newStack(), { configurationSetName: PhysicalName.GENERATE_IF_NEEDED }, 'Stack-Messages-86B88258'],
])('the name of a configuration set %s may never change, since deployed roles trust it', (_, stack, props, expected) => {
  // WHEN
  addToMessages(stack, props);

  // THEN
  Template.fromStack(stack).hasResourceProperties('AWS::SMSVOICE::ConfigurationSet', { ConfigurationSetName: expected });
});

it('the names of the database and the tables of a lake may never change, since queries and views have them', () => {
  // GIVEN
  const stack = newStack();

  // WHEN
  addLake(stack);

  // THEN
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'stacklakedatabased96ab913' } });
  ['pinpoint_events', 'sms_voice_events', 'email_events'].forEach((Name) => template.hasResourceProperties('AWS::Glue::Table', { TableInput: { Name } }));
});

describe('where the user changes nothing about the events,', () => {
  const PARTITION_LITERALS = '@aws-cdk/core:enablePartitionLiterals';

  /** How the same stacks are synthesized. */
  interface Variant {
    readonly context?: Record<string, unknown>;
    readonly stage?: string;
    readonly env?: Environment;
  }

  const DESTINATIONS: [id: string, of: (holder: Stack, owner: Stack) => IEventStreamDestination][] = [
    ['StreamByArn', (holder) => new KinesisStreamDestination(kinesis.Stream.fromStreamArn(holder, 'ByArn', STREAM_ARN))],
    ['DeliveryStreamByName', (holder) =>
      new FirehoseDestination(firehose.DeliveryStream.fromDeliveryStreamName(holder, 'ByName', 'events'))],
    ['StreamOfOwner', (_, owner) => new KinesisStreamDestination(owner.node.findChild('Stream') as kinesis.Stream)],
    ['StreamOfNestedOwner', (_, owner) => new KinesisStreamDestination(owner.node.findChild('Nested').node.findChild('Stream') as kinesis.Stream)],
  ];
  const ROLES: [id: string, of: (holder: Stack, owner: Stack) => iam.IRole | undefined][] = [
    ['NewRole', () => undefined],
    ['RoleByName', (holder) => iam.Role.fromRoleName(holder, 'Role', 'streams')],
    ['RoleOfOwner', (_, owner) => owner.node.findChild('MyRole') as iam.Role],
  ];

  /** Adds an event stream for every combination, 12 in all. */
  function addAll(holder: Stack, owner: Stack): void {
    const destinations = DESTINATIONS.map(([id, of]) => [id, of(holder, owner)] as const);
    const roles = ROLES.map(([id, of]) => [id, of(holder, owner)] as const);
    for (const [destinationId, destination] of destinations) {
      for (const [roleId, role] of roles) {
        const applicationId = createHash('md5').update(`${destinationId}${roleId}`).digest('hex');
        new PinpointEventStream(holder, `${destinationId}${roleId}`, { applicationId, destination, role });
      }
    }
    const messages = new SmsVoiceConfigurationSet(holder, 'Messages', { configurationSetName: `messages-${holder.node.id}` });
    messages.addEventDestination('Firehose', { destination: destinations[1][1] as FirehoseDestination });
    messages.addEventDestination('Logs', {
      destination: new CloudWatchLogsDestination(logs.LogGroup.fromLogGroupName(holder, 'Logs', 'messages')), role: roles[1][1],
    });
  }

  /** The logical IDs of two stacks with names of their own, and of the nested stack of one, which refer to the other one and its nested stack. */
  function synthesize({ context, stage, env }: Variant): string[][] {
    const app = new App({ context });
    const scope = stage ? new Stage(app, stage) : app;
    const owner = new Stack(scope, 'Owner', { stackName: 'owner', env });
    [owner, new NestedStack(owner, 'Nested')].forEach((each) => new kinesis.Stream(each, 'Stream'));
    newRole(owner);
    const stack = new Stack(scope, 'Events', { stackName: 'events', env });
    const nested = new NestedStack(stack, 'Nested');
    [stack, nested].forEach((holder) => addAll(holder, owner));
    return [owner, stack, nested].map(allLogicalIdsOf);
  }

  it.each<[string, Variant, Variant]>([
    ['its stacks move into a stage', { env: ENV }, { env: ENV, stage: 'Production' }],
    ['its stacks without an environment move into a stage', {}, { stage: 'Production' }],
    ['its stacks get an environment', {}, { env: ENV }],
    ['its stacks get an environment in a stage', { stage: 'Production' }, { stage: 'Production', env: ENV }],
    ['its stacks get an environment in which partitions are literals', {}, { env: ENV, context: { [PARTITION_LITERALS]: true } }],
    ['partitions become literals', { env: ENV, context: { [PARTITION_LITERALS]: false } }, { env: ENV, context: { [PARTITION_LITERALS]: true } }],
    ['all flags that the CDK recommends are set', { env: ENV }, { env: ENV, context: { ...recommendedFlags } }],
    ['all flags that the CDK recommends are set, without an environment', {}, { context: { ...recommendedFlags } }],
    ['references to other stacks become weak', { env: ENV }, { env: ENV, context: { '@aws-cdk/core:defaultCrossStackReferences': 'weak' } }],
  ])('no logical ID changes as %s, so that no policy is there twice in the midst of a deployment', (_, before, after) => {
    // WHEN
    const [idsBefore, idsAfter] = [synthesize(before), synthesize(after)];

    // THEN
    expect(idsAfter).toEqual(idsBefore);
    expect(idsBefore.map((ids) => ids.filter((id) => /HandlerPolicy/.test(id)).length)).toEqual([0, 12, 12]);
  });
});
