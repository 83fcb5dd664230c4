import { readFileSync } from 'fs';
import { join } from 'path';
import {
  Annotations as AppAnnotations, App, Aspects, Aws, CfnParameter, CfnResource, ConstructSelector, CrossStackReferences, IPropertyInjector, Mixin,
  Mixins, NestedStack, PropertyInjectors, ReferenceStrength, RemovalPolicies, RemovalPolicy, Stack, Stage, Tags,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import {
  EventStreamDestinationConfig, FirehoseDestination, IEventStreamDestination, KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProps,
  PinpointEventStreamProvider, SnsTopicDestination,
} from '../../src';
import {
  allowing, APPLICATION_ID, arnInStack, arnOf, DELIVERY_STREAM_ARN, ENV, errorsOf, importedDeliveryStream, importedStream, logicalIdsOf, newRole,
  newStack, OTHER_APPLICATION_ID, OTHER_STREAM_ARN, ROLE_ARN, STREAM_ARN,
} from '../support/synth';

const TYPE = 'Custom::PinpointEventStream';
const EVENT_STREAM_ARN = `arn:aws:mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}/eventstream`;
const EVENT_STREAM_ARN_IN_STACK = arnInStack(`mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}/eventstream`);

/** A destination as a user may write one. */
class CustomDestination implements IEventStreamDestination {
  constructor(private readonly config: Partial<EventStreamDestinationConfig>) {}

  public bind(): EventStreamDestinationConfig {
    return {
      destinationArn: STREAM_ARN,
      policyStatements: [new iam.PolicyStatement({ actions: ['kinesis:PutRecords'], resources: ['*'] })],
      ...this.config,
    };
  }
}

/** Adds the event stream `Events`, of the application and to the imported stream that everything here is about unless told otherwise. */
function addEventStream(stack: Stack, props: Partial<PinpointEventStreamProps> = {}): PinpointEventStream {
  const destination = props.destination ?? new KinesisStreamDestination(importedStream(stack));
  return new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, ...props, destination });
}

/** An application with the same logical ID in whatever stack. */
function newApplication(scope: Stack): string {
  return new pinpoint.CfnApp(scope, 'App', { name: 'app' }).ref;
}

/** A stack beside another one. */
function stackBeside(neighbour: Stack, env: Partial<typeof ENV> = {}, id: string = 'Other'): Stack {
  return new Stack(neighbour.node.root as App, id, { env: { ...ENV, ...env }, crossRegionReferences: true });
}

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('an event stream', () => {
  it('goes to a new Kinesis stream, as a new role, where it is given no more than an application ID', () => {
    // WHEN
    const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    Template.fromStack(stack).hasResource(TYPE, {
      Properties: Match.objectEquals({
        ServiceToken: arnOf('PinpointEventStreamProviderFunction'),
        ServiceTimeout: '420',
        ApplicationId: APPLICATION_ID,
        DestinationStreamArn: arnOf('EventsStream'),
        RoleArn: arnOf('EventsRole'),
        ReplaceExisting: 'false',
      }),
    });
    expect(eventStream.stream).toBeInstanceOf(kinesis.Stream);
    expect(eventStream).toMatchObject({ deliveryStream: undefined, bucket: undefined });
  });

  it('exposes the delivery stream and the bucket that were created for it', () => {
    // WHEN
    const eventStream = addEventStream(stack, { destination: new FirehoseDestination() });

    // THEN
    expect(eventStream.stream).toBeUndefined();
    expect(eventStream.deliveryStream).toBeInstanceOf(firehose.DeliveryStream);
    expect(eventStream.bucket).toBeInstanceOf(s3.Bucket);
    expect(eventStream.destinationArn).toBe(eventStream.deliveryStream!.deliveryStreamArn);
  });

  it('has its application ID as its reference, and its ARN', () => {
    // WHEN
    const { applicationId, eventStreamArn, eventStreamRef } = addEventStream(stack);

    // THEN
    const [logicalId] = logicalIdsOf(stack, TYPE);
    expect(stack.resolve([applicationId, eventStreamRef, eventStreamArn])).toEqual([
      { Ref: logicalId }, { eventStreamId: { Ref: logicalId } }, EVENT_STREAM_ARN_IN_STACK,
    ]);
  });

  it.each([[undefined, 'false'], [false, 'false'], [true, 'true']])('with replaceExisting %s tells the function %s', (replaceExisting, expected) => {
    // WHEN
    addEventStream(stack, { replaceExisting });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReplaceExisting: expected });
  });

  it.each<[string, () => Pick<PinpointEventStream, 'grants'>, unknown]>([
    ['itself', () => addEventStream(stack), EVENT_STREAM_ARN_IN_STACK],
    ['a reference by the application ID', () => PinpointEventStream.fromApplicationId(stack, 'Events', APPLICATION_ID), EVENT_STREAM_ARN_IN_STACK],
    ['a reference by its ARN', () => PinpointEventStream.fromEventStreamArn(stack, 'Events', EVENT_STREAM_ARN), EVENT_STREAM_ARN],
  ])('lets a principal read its settings through %s', (_, eventStream, expected) => {
    // GIVEN
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });

    // WHEN
    const grant = eventStream().grants.read(reader);

    // THEN
    expect(grant.success).toBe(true);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: allowing({ Action: 'mobiletargeting:GetEventStream', Resource: expected }),
      Roles: [{ Ref: Match.stringLikeRegexp('^Reader') }],
    });
  });

  it('can be granted permissions, which its role gets', () => {
    // GIVEN
    const eventStream = addEventStream(stack);

    // WHEN
    const grant = iam.Grant.addToPrincipal({ grantee: eventStream, actions: ['kms:GenerateDataKey'], resourceArns: ['*'] });

    // THEN
    expect(grant.success).toBe(true);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: allowing({ Action: 'kms:GenerateDataKey', Resource: '*' }),
      Roles: [{ Ref: Match.stringLikeRegexp('^EventsRole') }],
    });
  });

  it.each<[string, string, () => Partial<PinpointEventStreamProps>]>([
    ["the function's policy for it", 'EventsHandlerPolicy', () => ({})],
    ['the invocation of the function', 'PinpointEventStreamProviderInvocation', () => ({})],
    ['a role that is created', 'EventsRole', () => ({})],
    ['a role that is passed in', 'MyRole', () => ({ role: newRole(stack) })],
    ['the policy of a role that is passed in', 'EventsRolePolicy', () => ({ role: newRole(stack) })],
    ['a delivery stream that is created', 'EventsDeliveryStream', () => ({ destination: new FirehoseDestination() })],
    ['what a custom destination names', 'Other', () => ({ destination: new CustomDestination({ dependables: [new iam.User(stack, 'Other')] }) })],
  ])('is set after, and removed before, %s', (_, id, props) => {
    // WHEN
    addEventStream(stack, props());

    // THEN
    Template.fromStack(stack).hasResource(TYPE, { DependsOn: Match.arrayWith([Match.stringLikeRegexp(`^${id}([0-9a-f]{8})?[0-9A-F]{8}$`)]) });
  });

  it.each([['', undefined, arnOf('EventsRole')], [' that is passed in', ROLE_ARN, ROLE_ARN]])(
    'lets the function manage it and pass on its role%s, by a policy of its own', (_, roleArn, expected) => {
      // WHEN
      addEventStream(stack, { role: roleArn ? iam.Role.fromRoleArn(stack, 'MyRole', roleArn) : undefined });

      // THEN
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: [{ Resource: EVENT_STREAM_ARN_IN_STACK }, { Action: 'iam:PassRole', Resource: expected }] },
        Roles: [{ Ref: Match.stringLikeRegexp('^PinpointEventStreamProviderRole') }],
      });
    });

  it('has a role that trusts Amazon Pinpoint for its application, and may do what the destination asks', () => {
    // WHEN
    addEventStream(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{
          Principal: { Service: 'pinpoint.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': arnInStack(`mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}`) } },
        }],
      },
      Policies: [{ PolicyDocument: allowing({ Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: STREAM_ARN }) }],
    });
  });

  it.each<[string, (stack: Stack) => Partial<PinpointEventStreamProps>]>([
    ['application', () => ({ applicationId: OTHER_APPLICATION_ID })],
    ['destination', (after) => ({ destination: new KinesisStreamDestination(importedStream(after, OTHER_STREAM_ARN)) })],
    ['destination, as far as its ARN refers to something else,', (after) => ({
      destination: new KinesisStreamDestination(importedStream(after, new CfnParameter(after, 'Other').valueAsString)),
    })],
  ])('has another role and another policy of the function when its %s changes, so that the old ones still work until it has moved', (_, change) => {
    // GIVEN
    const [before, after] = [newStack(), newStack()];
    addEventStream(before, { destination: new KinesisStreamDestination(importedStream(before, new CfnParameter(before, 'One').valueAsString)) });

    // WHEN
    addEventStream(after, change(after));

    // THEN
    for (const type of ['AWS::IAM::Role', 'AWS::IAM::Policy']) {
      expect(logicalIdsOf(after, type)).not.toEqual(logicalIdsOf(before, type));
    }
    expect(logicalIdsOf(after, TYPE)).toEqual(logicalIdsOf(before, TYPE));
  });

  it('leaves a role as it is that is imported as immutable', () => {
    // WHEN
    addEventStream(stack, { role: iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN, { mutable: false }) });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { RoleArn: ROLE_ARN });
    Template.fromStack(stack).allResourcesProperties('AWS::IAM::Policy', { Roles: [{ Ref: Match.stringLikeRegexp('^PinpointEventStreamProviderRole') }] });
  });

  it('warns that Amazon Pinpoint has reached its end of support, and says where to go, and has no other warning or error', () => {
    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    const annotations = Annotations.fromStack(stack);
    expect([...annotations.findWarning('*', Match.anyValue()), ...annotations.findError('*', Match.anyValue())].map(({ id, entry }) => [id, entry.data])).toEqual([[
      '/Stack/Events',
      'Amazon Pinpoint reached end of support on 2026-10-30. SMS, voice and push messages and their APIs continue as AWS End User Messaging, ' +
      'and email as Amazon SES. Segments, campaigns, journeys and analytics ended. AWS does not document what the event stream API answers now. ' +
      'Stream the events of End User Messaging and SES from their configuration sets, and keep this event stream only as long as it still delivers: ' +
      'https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html [ack: cdk-pinpoint-event-stream:end-of-support]',
    ]]);
  });

  it('no longer warns once that is acknowledged', () => {
    // GIVEN
    const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // WHEN
    AppAnnotations.of(eventStream).acknowledgeWarning('cdk-pinpoint-event-stream:end-of-support', 'we move in spring');

    // THEN
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('a reference to an event stream that is managed elsewhere', () => {
  it('by the application ID knows the application and the ARN, and creates nothing', () => {
    // WHEN
    const eventStream = PinpointEventStream.fromApplicationId(stack, 'Events', APPLICATION_ID);

    // THEN
    expect(eventStream).toMatchObject({ applicationId: APPLICATION_ID, eventStreamRef: { eventStreamId: APPLICATION_ID } });
    expect(stack.resolve(eventStream.eventStreamArn)).toEqual(EVENT_STREAM_ARN_IN_STACK);
    expect(errorsOf(stack)).toEqual([]);
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  it('by the ARN knows the application and where it is, and creates nothing', () => {
    // WHEN
    const eventStream = PinpointEventStream.fromEventStreamArn(stack, 'Events', EVENT_STREAM_ARN.replace('eu-west-1', 'us-east-1'));

    // THEN
    expect(eventStream).toMatchObject({ applicationId: APPLICATION_ID, env: { region: 'us-east-1', account: '111111111111' } });
    expect(errorsOf(stack)).toEqual([]);
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  it('by an ARN that only a deployment knows has the application ID of that ARN', () => {
    // GIVEN
    const eventStreamArn = new CfnParameter(stack, 'Arn').valueAsString;

    // WHEN
    const eventStream = PinpointEventStream.fromEventStreamArn(stack, 'Events', eventStreamArn);

    // THEN
    expect(eventStream.eventStreamArn).toBe(eventStreamArn);
    expect(stack.resolve(eventStream.applicationId)).toEqual({ 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'Arn' }] }] });
    expect(errorsOf(stack)).toEqual([]);
  });

  it('is an error where the application ID is malformed', () => {
    // WHEN
    PinpointEventStream.fromApplicationId(stack, 'Events', 'my-app');

    // THEN
    Annotations.fromStack(stack).hasError('/Stack/Events', Match.stringLikeRegexp("^applicationId must be 32 lower-case hexadecimal digits, got 'my-app'"));
  });

  it.each(['events', 'arn:aws:s3:::events', EVENT_STREAM_ARN.replace('/eventstream', ''), EVENT_STREAM_ARN.toUpperCase()])(
    'is an error where the ARN is %s, which is malformed', (arn) => {
      // WHEN
      PinpointEventStream.fromEventStreamArn(stack, 'Events', arn);

      // THEN
      expect(errorsOf(stack)).toEqual([
        ['/Stack/Events', `eventStreamArn must be the ARN of an event stream (arn:…:apps/APPLICATION-ID/eventstream), got '${arn}'`],
      ]);
    });
});

describe('the removal policy', () => {
  const RETAINED = {
    Events: 'Retain',
    EventsRole: 'Retain',
    EventsHandlerPolicy: undefined,
    EventsDeliveryStream: 'Retain',
    EventsDeliveryStreamRole: 'Retain',
    EventsDeliveryStreamLogs: 'Retain',
    EventsDeliveryStreamLogsS3Destination: 'Retain',
    EventsBucket: 'RetainExceptOnCreate',
    EventsBucketPolicy: 'RetainExceptOnCreate',
  };

  /** What happens to the resources of the event stream, by their logical IDs without what is appended to them. */
  function deletionPolicies(): Record<string, string | undefined> {
    return Object.fromEntries(Object.entries<{ DeletionPolicy?: string }>(Template.fromStack(stack).toJSON().Resources)
      .filter(([logicalId]) => logicalId.startsWith('Events'))
      .map(([logicalId, { DeletionPolicy }]) => [logicalId.replace(/([0-9a-f]{8})?[0-9A-F]{8}$/, ''), DeletionPolicy]));
  }

  /** The same policy for all that the event stream needs to live, but the bucket and what goes with the log group. */
  const allAs = (policy?: string) => ({
    ...RETAINED,
    Events: policy,
    EventsRole: policy,
    EventsDeliveryStream: policy,
    EventsDeliveryStreamRole: policy,
    EventsDeliveryStreamLogs: policy,
  });

  it.each<[string, RemovalPolicy | undefined, Record<string, string | undefined>]>([
    ['by default deletes everything but the bucket', undefined, { ...allAs(undefined), Events: 'Delete', EventsDeliveryStreamLogs: 'Delete' }],
    ['DESTROY deletes everything but the bucket', RemovalPolicy.DESTROY, allAs('Delete')],
    ['RETAIN keeps what the event stream needs to live, but not the policy of the function', RemovalPolicy.RETAIN, RETAINED],
    ['RETAIN_ON_UPDATE_OR_DELETE keeps the same, except where the creation fails', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, allAs('RetainExceptOnCreate')],
  ])('%s', (_, removalPolicy, expected) => {
    // WHEN
    addEventStream(stack, { destination: new FirehoseDestination(), removalPolicy });

    // THEN
    expect(deletionPolicies()).toEqual(expected);
  });

  it.each<[string, (eventStream: PinpointEventStream) => void, Partial<typeof RETAINED>]>([
    ['applyRemovalPolicy() of the event stream', (eventStream) => eventStream.applyRemovalPolicy(RemovalPolicy.RETAIN), {}],
    ["the CDK's RemovalPolicies", (eventStream) => RemovalPolicies.of(eventStream).retain(), { EventsBucket: 'Retain', EventsBucketPolicy: 'Retain' }],
    ["the CDK's RemovalPolicies, of the whole app", () => RemovalPolicies.of(stack.node.root).retain(), { EventsBucket: 'Retain', EventsBucketPolicy: 'Retain' }],
    ['an aspect', (eventStream) => Aspects.of(eventStream).add({
      visit: (node: IConstruct) => CfnResource.isCfnResource(node) && node.applyRemovalPolicy(RemovalPolicy.RETAIN),
    }), { EventsBucket: 'Retain', EventsBucketPolicy: 'Retain' }],
  ])('RETAIN by %s keeps all that lives on, but not the policy of the function, without which IAM could delete its role', (_, retain, more) => {
    // GIVEN
    const eventStream = addEventStream(stack, { destination: new FirehoseDestination() });

    // WHEN
    retain(eventStream);

    // THEN
    expect(deletionPolicies()).toEqual({ ...RETAINED, ...more });
  });

  it("can be set for the setting alone by the CDK's RemovalPolicies", () => {
    // GIVEN
    const eventStream = addEventStream(stack);

    // WHEN
    RemovalPolicies.of(eventStream).retain({ applyToResourceTypes: [TYPE] });

    // THEN
    expect(deletionPolicies()).toEqual({ Events: 'Retain', EventsRole: undefined, EventsHandlerPolicy: undefined });
  });

  it('RETAIN keeps the policy of a role that is passed in, and leaves that role alone', () => {
    // WHEN
    addEventStream(stack, { role: newRole(stack), removalPolicy: RemovalPolicy.RETAIN });

    // THEN
    expect(deletionPolicies()).toEqual({ Events: 'Retain', EventsRolePolicy: 'Retain', EventsHandlerPolicy: undefined });
    Template.fromStack(stack).allResources('AWS::IAM::Role', { DeletionPolicy: Match.absent() });
  });

  it.each<[string, IEventStreamDestination, string[]]>([
    ['bucket', new FirehoseDestination(), ['EventsBucket', 'EventsBucketPolicy']],
    ['stream', new KinesisStreamDestination(), ['EventsStream']],
  ])('can be applied later, and DESTROY then never deletes the %s that was created, not even after RETAIN', (_, destination, kept) => {
    // GIVEN
    const eventStream = addEventStream(stack, { destination });
    eventStream.applyRemovalPolicy(RemovalPolicy.RETAIN);

    // WHEN
    eventStream.applyRemovalPolicy(RemovalPolicy.DESTROY);

    // THEN
    expect(deletionPolicies()).toMatchObject({
      Events: 'Delete',
      EventsRole: 'Delete',
      ...Object.fromEntries(kept.map((id) => [id, 'RetainExceptOnCreate'])),
    });
  });

  it.each<[string, () => void]>([
    ['as the property', () => addEventStream(stack, { removalPolicy: RemovalPolicy.SNAPSHOT })],
    ['when it is applied later', () => addEventStream(stack).applyRemovalPolicy(RemovalPolicy.SNAPSHOT)],
  ])('SNAPSHOT is refused %s', (_, apply) => {
    // THEN
    expect(apply).toThrow(
      'removalPolicy must be DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE, got SNAPSHOT (at Stack/Events)');
  });
});

describe('the application ID of an event stream', () => {
  it('is an error where it is malformed', () => {
    // WHEN
    addEventStream(stack, { applicationId: 'my-app' });

    // THEN
    expect(errorsOf(stack)).toEqual([['/Stack/Events',
      "applicationId must be 32 lower-case hexadecimal digits, got 'my-app': pass the ID, which the console called the project ID, not the name or the ARN"]]);
  });

  it.each<[string, () => string]>([
    ['a parameter', () => new CfnParameter(stack, 'Application').valueAsString],
    ['a dynamic reference', () => '{{resolve:ssm:/app}}'],
  ])('is not checked where only a deployment knows it, as that of %s', (_, applicationId) => {
    // WHEN
    addEventStream(stack, { applicationId: applicationId() });

    // THEN
    expect(errorsOf(stack)).toEqual([]);
  });

  it.each([['region', 'us-east-1'], ['account', '222222222222']] as const)('is refused where it is that of an application of another %s', (name, elsewhere) => {
    // GIVEN
    const applicationId = newApplication(stackBeside(stack, { [name]: elsewhere }));

    // WHEN
    const add = () => addEventStream(stack, { applicationId });

    // THEN
    expect(add).toThrow(`applicationId must be in the ${name} of the stack, ${ENV[name]}, got ${elsewhere}: pass one of that ${name}, or use a stack in ${elsewhere} (at Stack/Events)`);
  });
});

describe('the application of two event streams', () => {
  const FIX = 'remove one of the two, and if that one is deployed, first deploy it with a removal policy of RETAIN';
  const add = (scope: Stack, id: string, applicationId: string = APPLICATION_ID) => new PinpointEventStream(scope, id, { applicationId });
  const addNative = (scope: Stack, applicationId: string = APPLICATION_ID) =>
    new pinpoint.CfnEventStream(scope, 'Native', { applicationId, destinationStreamArn: STREAM_ARN, roleArn: ROLE_ARN });
  const warningsOfApp = () => (stack.node.root as App).synth().stacksRecursively.flatMap(({ messages }) => messages)
    .filter(({ entry }) => /\[ack: cdk-pinpoint-event-stream:second-event-stream\]$/.test(String(entry.data)))
    .map(({ id, entry }) => [id, String(entry.data).replace(/ \[ack: .*/, '')]);

  it.each<[string, () => string, string]>([
    ['known at synthesis', () => APPLICATION_ID, APPLICATION_ID],
    ['a reference', () => newApplication(stack), '${App}'],
    ['a dynamic reference', () => '{{resolve:ssm:/app}}', '{{resolve:ssm:/app}}'],
  ])('of a stack is an error at the later one, where its ID is %s', (_, newApplicationId, printed) => {
    // GIVEN
    const applicationId = newApplicationId();
    add(stack, 'First', applicationId);

    // WHEN
    add(stack, 'Second', applicationId);

    // THEN
    expect(errorsOf(stack)).toEqual([
      ['/Stack/Second', `application ${printed} already has the event stream 'Stack/First' in this stack: remove one of the two`],
    ]);
    expect(warningsOfApp()).toEqual([]);
  });

  it('of a stack is an error though another stack has one of that application as well', () => {
    // GIVEN
    const other = stackBeside(stack, {}, 'Another');
    add(stack, 'Elsewhere');
    add(other, 'First');

    // WHEN
    add(other, 'Second');

    // THEN
    expect(errorsOf(other)).toEqual([
      ['/Another/Second', `application ${APPLICATION_ID} already has the event stream 'Another/First' in this stack: remove one of the two`],
    ]);
  });

  it.each<[string, () => Stack, () => Stack, string]>([
    ['of two stacks', () => stack, () => stackBeside(stack), '/Other/Second'],
    ['of a stack and its nested stack', () => stack, () => new NestedStack(stack, 'Nested'), '/Stack/Nested/Second'],
    ['of two nested stacks', () => new NestedStack(stack, 'One'), () => new NestedStack(stack, 'Two'), '/Stack/Two/Second'],
    ['of two stacks without an environment', () => new Stack(stack.node.root as App, 'A'), () => new Stack(stack.node.root as App, 'B'), '/B/Second'],
  ])('%s is a warning at the later one, since the event stream may be on its way', (_, one, two, path) => {
    // GIVEN
    const first = add(one(), 'First');

    // WHEN
    add(two(), 'Second');

    // THEN
    expect(warningsOfApp()).toEqual([[path, `application ${APPLICATION_ID} also has the event stream '${first.node.path}', but Amazon Pinpoint keeps only one: ${FIX}`]]);
    expect(errorsOf(stack)).toEqual([]);
  });

  it.each<[string, () => Stack, () => Stack]>([
    ['two nested stacks', () => new NestedStack(stack, 'One'), () => new NestedStack(stack, 'Two')],
    ['the same stack and a nested one', () => stack, () => new NestedStack(stack, 'Two')],
    ['two other stacks', () => stackBeside(stack, {}, 'One'), () => stackBeside(stack, {}, 'Two')],
  ])('that is a resource of the app is found in %s, which refer to it', (_, one, two) => {
    // GIVEN
    const applicationId = newApplication(stack);
    add(one(), 'First', applicationId);

    // WHEN
    add(two(), 'Second', applicationId);

    // THEN
    expect(warningsOfApp()).toEqual([[expect.stringMatching('/Two/Second$'), expect.stringMatching(/^application \$\{App\} also has the event stream '.*First'/)]]);
  });

  it.each<[string, () => Stack]>([
    ['the same stack', () => stack],
    ['another stack', () => stackBeside(stack)],
    ['a nested stack', () => new NestedStack(stack, 'Nested')],
    ['another stage', () => newStack(new Stage(stack.node.root as App, 'Stage'))],
  ])('is a warning where the other one is a native one of %s', (_, other) => {
    // GIVEN
    add(stack, 'Events');

    // WHEN
    const native = addNative(other());

    // THEN
    expect(warningsOfApp()).toEqual([
      ['/Stack/Events', `application ${APPLICATION_ID} also has the event stream '${native.node.path}', but Amazon Pinpoint keeps only one: ${FIX}`],
    ]);
    expect(errorsOf(stack)).toEqual([]);
  });

  it.each<[string, (eventStream: PinpointEventStream) => IConstruct]>([
    ['the event stream', (eventStream) => eventStream],
    ['its stack', (eventStream) => Stack.of(eventStream)],
  ])('is no warning once that is acknowledged for %s', (_, scopeOf) => {
    // GIVEN
    const eventStream = add(stack, 'Events');
    addNative(stack);

    // WHEN
    AppAnnotations.of(scopeOf(eventStream)).acknowledgeWarning('cdk-pinpoint-event-stream:second-event-stream');

    // THEN
    expect(warningsOfApp()).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['the stacks are of two regions', () => [stack, stackBeside(stack, { region: 'us-east-1' })].forEach((each) => add(each, 'Events'))],
    ['a native one is of another account', () => [add(stack, 'Events'), addNative(stackBeside(stack, { account: '222222222222' }))]],
    ['a native one is of another application', () => [add(stack, 'Events'), addNative(stack, OTHER_APPLICATION_ID)]],
    ['two stacks have parameters of the same name', () => [stack, stackBeside(stack)].forEach((each) => {
      add(each, 'Events', new CfnParameter(each, 'Application').valueAsString);
    })],
    ['two stacks make it up of their names', () => [stack, stackBeside(stack)].forEach((each) => add(each, 'Events', `${Aws.STACK_NAME}-app`))],
    ['two stacks have applications with the same logical ID', () => [stack, stackBeside(stack)].forEach((each) => add(each, 'Events', newApplication(each)))],
    ['the IDs are those of two parameters of a stack', () => ['One', 'Two'].forEach((id) => add(stack, id, new CfnParameter(stack, `${id}App`).valueAsString))],
  ])('is no fault, neither a warning nor an error, where %s', (_, addAll) => {
    // WHEN
    addAll();

    // THEN
    expect(warningsOfApp()).toEqual([]);
    expect(errorsOf(stack)).toEqual([]);
  });
});

describe('the destination of an event stream', () => {
  it.each([
    '', 'events', 'arn:aws:s3:::events', 'arn:aws:kinesis:eu-west-1:111111111111:stream/', `${STREAM_ARN}/consumer/reader:1`, ` ${STREAM_ARN}`,
    'arn:aws:kinesis:eu-west-1:111111111111:deliverystream/events', 'arn:aws:firehose:eu-west-1:111111111111:stream/events',
  ])('is an error as %j, which is malformed', (destinationArn) => {
    // WHEN
    addEventStream(stack, { destination: new CustomDestination({ destinationArn }) });

    // THEN
    Annotations.fromStack(stack).hasError('/Stack/Events',
      `destination must be the ARN of a Kinesis data stream (arn:…:stream/NAME) or a Firehose delivery stream (arn:…:deliverystream/NAME), got '${destinationArn}'`);
  });

  it.each<[string, () => unknown, string]>([
    ['DeliveryStream', () => new firehose.DeliveryStream(stack, 'DeliveryStream', { destination: new firehose.S3Bucket(new s3.Bucket(stack, 'Bucket')) }),
      "'Stack/DeliveryStream'"],
    ['CfnStream', () => new kinesis.CfnStream(stack, 'Stream'), "'Stack/Stream'"],
    ['SnsTopicDestination', () => new SnsTopicDestination(), 'a value of type SnsTopicDestination'],
    ['String', () => STREAM_ARN, 'a value of type String'],
  ])('is refused as a %s, which is none of ours', (_, destination, got) => {
    // WHEN
    const add = () => addEventStream(stack, { destination: destination() as IEventStreamDestination });

    // THEN
    expect(add).toThrow(`destination must be an IEventStreamDestination, got ${got}: `
      + 'pass a data stream to KinesisStreamDestination, or a delivery stream to FirehoseDestination (at Stack/Events)');
  });

  it('is refused as something that can be bound, and gives no ARN', () => {
    // WHEN
    const add = () => addEventStream(stack, { destination: { bind: () => ({}) } as unknown as IEventStreamDestination });

    // THEN
    expect(add).toThrow('destination must be the ARN of a Kinesis data stream (arn:…:stream/NAME) or a Firehose delivery stream (arn:…:deliverystream/NAME), got undefined (at Stack/Events)');
  });

  describe.each([['region', 'us-east-1'], ['account', '222222222222']] as const)('in another %s than the event stream', (name, elsewhere) => {
    const env = { [name]: elsewhere };
    const arnElsewhere = (arn: string) => arn.replace(ENV[name], elsewhere);
    const fault = `destination must be in the ${name} of the stack, ${ENV[name]}, got ${elsewhere}: pass one of that ${name}, or use a stack in ${elsewhere}`;
    // The CDK itself refuses to synthesize some of these references.
    const errorsAtOnce = () => stack.node.findChild('Events').node.metadata.filter(({ type }) => type === 'aws:cdk:error').map(({ data }) => data);

    it.each<[string, () => IEventStreamDestination]>([
      ['an imported stream', () => new KinesisStreamDestination(importedStream(stack, arnElsewhere(STREAM_ARN)))],
      ['an imported stream with an ARN that is known in part', () =>
        new KinesisStreamDestination(importedStream(stack, arnElsewhere(STREAM_ARN).replace('aws', Aws.PARTITION)))],
      ['an imported delivery stream', () => new FirehoseDestination(importedDeliveryStream(stack, arnElsewhere(DELIVERY_STREAM_ARN)))],
      ['a custom destination that gives no more than an ARN', () => new CustomDestination({ destinationArn: arnElsewhere(STREAM_ARN) })],
    ])('is an error as %s', (_, destination) => {
      // WHEN
      addEventStream(stack, { destination: destination() });

      // THEN
      expect(errorsAtOnce()).toEqual([fault]);
    });

    it.each<[string, () => IEventStreamDestination]>([
      ['a stream', () => new KinesisStreamDestination(new kinesis.Stream(stackBeside(stack, env), 'Stream'))],
      ['a stream that has a name', () => new KinesisStreamDestination(new kinesis.Stream(stackBeside(stack, env), 'Stream', { streamName: 'events' }))],
      ['a custom destination', () => new CustomDestination({ destinationArn: new kinesis.CfnStream(stackBeside(stack, env), 'Stream').attrArn })],
      ['a delivery stream', () => new FirehoseDestination(new FirehoseDestination().bind(stackBeside(stack, env)).deliveryStream)],
    ])('is refused as %s of another stack', (_, destination) => {
      // WHEN
      const add = () => addEventStream(stack, { destination: destination() });

      // THEN
      expect(add).toThrow(`${fault} (at Stack/Events)`);
    });
  });

  it.each<[string, () => IEventStreamDestination]>([
    ['a stream of a stack without an environment', () => new KinesisStreamDestination(
      new kinesis.Stream(new Stack(stack.node.root as App, 'Other'), 'Stream', { streamName: 'events' }))],
    ['an imported stream with an ARN of tokens', () => new KinesisStreamDestination(importedStream(stack, new CfnParameter(stack, 'Arn').valueAsString))],
    ['a custom destination with an ARN of tokens', () => new CustomDestination({ destinationArn: `arn:aws:kinesis:${Aws.REGION}:${Aws.ACCOUNT_ID}:stream/x` })],
    ['a custom destination with a dynamic reference', () => new CustomDestination({ destinationArn: '{{resolve:ssm:/stream}}' })],
  ])('is not checked where only a deployment knows where it is: %s', (_, destination) => {
    // WHEN
    addEventStream(stack, { destination: destination() });

    // THEN
    expect(errorsOf(stack)).toEqual([]);
  });

  it('is not checked against the region and the account of a stack without an environment', () => {
    // GIVEN
    stack = new Stack(new App(), 'Stack');

    // WHEN
    addEventStream(stack);

    // THEN
    expect(errorsOf(stack)).toEqual([]);
  });
});

describe('what an event stream is given of another account or region', () => {
  it('is an error where it is a role of another account that is imported by its ARN', () => {
    // WHEN
    addEventStream(stack, { role: iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN.replace('111111111111', '222222222222')) });

    // THEN
    expect(errorsOf(stack)).toEqual([
      ['/Stack/Events', 'role must be in the account of the stack, 111111111111, got 222222222222: pass one of that account, or use a stack in 222222222222'],
    ]);
  });

  it('may be a role of a stack of another region, since roles belong to none', () => {
    // GIVEN
    const role = newRole(stackBeside(stack, { region: 'us-east-1' }));
    const other = stackBeside(stack, {}, 'Events');

    // WHEN
    addEventStream(other, { role });

    // THEN
    expect(errorsOf(other)).toEqual([]);
  });

  it.each([['region', 'us-east-1'], ['account', '222222222222']] as const)('is refused where it is a provider of another %s', (name, elsewhere) => {
    // GIVEN
    const provider = new PinpointEventStreamProvider(stackBeside(stack, { [name]: elsewhere }), 'Provider');

    // WHEN
    const add = () => addEventStream(stack, { provider });

    // THEN
    expect(add).toThrow(
      `provider must be in the ${name} of the stack, ${ENV[name]}, got ${elsewhere}: pass one of that ${name}, or use a stack in ${elsewhere} (at Stack/Events)`);
  });
});

describe('the resource of an event stream', () => {
  it('is its default child, which takes overrides', () => {
    // GIVEN
    const eventStream = addEventStream(stack);

    // WHEN
    (eventStream.node.defaultChild as CfnResource).addOverride('Metadata.owner', 'messaging');

    // THEN
    Template.fromStack(stack).hasResource(TYPE, { Metadata: { owner: 'messaging' } });
  });

  it('can be referred to weakly', () => {
    // GIVEN
    const eventStream = addEventStream(stack);
    const other = stackBeside(stack);
    new CfnResource(other, 'Consumer', { type: 'Custom::Consumer', properties: { ApplicationId: eventStream.applicationId } });

    // WHEN
    CrossStackReferences.of(eventStream).produce(ReferenceStrength.WEAK);

    // THEN
    Template.fromStack(other).hasResourceProperties('Custom::Consumer', { ApplicationId: { 'Fn::GetStackOutput': Match.anyValue() } });
  });

  it('can be found by mixins', () => {
    // GIVEN
    class Owned extends Mixin {
      public applyTo(construct: IConstruct): void {
        (construct as CfnResource).addMetadata('owner', 'messaging');
      }
    }
    addEventStream(stack);

    // WHEN
    Mixins.of(stack, ConstructSelector.resourcesOfType(TYPE)).apply(new Owned());

    // THEN
    Template.fromStack(stack).hasResource(TYPE, { Metadata: { owner: 'messaging' } });
  });
});

describe('an app with an event stream', () => {
  it('can set properties of every event stream by injection', () => {
    // GIVEN
    const injector: IPropertyInjector = {
      constructUniqueId: PinpointEventStream.PROPERTY_INJECTION_ID,
      inject: (originalProps) => ({ removalPolicy: RemovalPolicy.RETAIN, ...originalProps }),
    };
    PropertyInjectors.of(stack.node.root).add(injector);

    // WHEN
    addEventStream(stack);

    // THEN
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain' });
  });

  it('can apply a permissions boundary to every role', () => {
    // GIVEN
    addEventStream(stack, { destination: new FirehoseDestination() });
    const boundary = 'arn:aws:iam::111111111111:policy/boundary';

    // WHEN
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', boundary));

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 3);
    Template.fromStack(stack).allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: boundary });
  });

  it('can tag everything that takes tags', () => {
    // GIVEN
    addEventStream(stack, { destination: new KinesisStreamDestination() });

    // WHEN
    Tags.of(stack).add('team', 'messaging');

    // THEN
    for (const type of ['AWS::IAM::Role', 'AWS::Kinesis::Stream', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup']) {
      Template.fromStack(stack).allResourcesProperties(type, { Tags: [{ Key: 'team', Value: 'messaging' }] });
    }
  });

  it('can replace every role by one that exists already', () => {
    // GIVEN
    const app = new App();
    iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/MyRole': 'streams', 'Stack/PinpointEventStreamProvider/Role': 'handler' } });
    stack = newStack(app);

    // WHEN
    addEventStream(stack, { role: newRole(stack) });

    // THEN
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResourceProperties(TYPE, { RoleArn: arnInStack('iam::111111111111:role/streams') });
    template.hasResourceProperties('AWS::Lambda::Function', { Role: arnInStack('iam::111111111111:role/handler') });
  });

  it('can prevent the synthesis of every role, to have them reported', () => {
    // GIVEN
    const app = new App();
    iam.Role.customizeRoles(app, { preventSynthesis: true });
    stack = newStack(app);
    addEventStream(stack);

    // WHEN
    const { directory } = app.synth();

    // THEN
    const report = JSON.parse(readFileSync(join(directory, 'iam-policy-report.json'), 'utf8')) as { roles: { roleConstructPath: string }[] };
    expect(report.roles.map(({ roleConstructPath }) => roleConstructPath.replace(/[0-9a-f]{8}$/, ''))).toEqual([
      'Stack/Events/Role', 'Stack/PinpointEventStreamProvider/Role',
    ]);
    expect([...logicalIdsOf(stack, 'AWS::IAM::Role'), ...logicalIdsOf(stack, 'AWS::IAM::Policy')]).toEqual([]);
  });
});
