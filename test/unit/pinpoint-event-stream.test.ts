import { readFileSync } from 'fs';
import { join } from 'path';
import { Annotations as AppAnnotations, App, Aws, CfnParameter, NestedStack, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  EventStreamDestinationConfig, FirehoseDestination, IEventStreamDestination, KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProps,
} from '../../src';
import {
  allowing, APPLICATION_ID, arnInStack, arnOf, DELIVERY_STREAM_ARN, ENV, importedDeliveryStream, importedStream, logicalIdsOf, newRole, newStack,
  OTHER_APPLICATION_ID, OTHER_STREAM_ARN, ROLE_ARN, STREAM_ARN,
} from '../support/synth';

const TYPE = 'Custom::PinpointEventStream';
const EVENT_STREAM_ARN = arnInStack(`mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}/eventstream`);

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
    const { applicationId, eventStreamArn } = addEventStream(stack);

    // THEN
    const [logicalId] = logicalIdsOf(stack, TYPE);
    expect(stack.resolve([applicationId, eventStreamArn])).toEqual([{ Ref: logicalId }, EVENT_STREAM_ARN]);
  });

  it.each([[undefined, 'false'], [false, 'false'], [true, 'true']])('with replaceExisting %s tells the function %s', (replaceExisting, expected) => {
    // WHEN
    addEventStream(stack, { replaceExisting });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReplaceExisting: expected });
  });

  it.each([
    ['itself', () => addEventStream(stack)],
    ['a reference to it', () => PinpointEventStream.fromApplicationId(stack, 'Events', APPLICATION_ID)],
  ])('lets a principal read its settings through %s', (_, eventStream) => {
    // GIVEN
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });

    // WHEN
    eventStream().grantRead(reader);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: allowing({ Action: 'mobiletargeting:GetEventStream', Resource: EVENT_STREAM_ARN }),
      Roles: [{ Ref: Match.stringLikeRegexp('^Reader') }],
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
        PolicyDocument: { Statement: [{ Resource: EVENT_STREAM_ARN }, { Action: 'iam:PassRole', Resource: expected }] },
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

  it('warns that Amazon Pinpoint has reached its end of support, and says where to go', () => {
    // WHEN
    addEventStream(stack);

    // THEN
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ id, entry }) => [id, entry.data])).toEqual([[
      '/Stack/Events',
      'Amazon Pinpoint reached end of support on 2026-10-30. Messages by SMS, voice and push and their APIs go on as AWS End User Messaging, ' +
      'email as Amazon SES; segments, campaigns, journeys and analytics do not. AWS does not document what the event stream API answers since then. ' +
      'Stream the events of End User Messaging and SES from their configuration sets, and keep this event stream only as long as it still delivers: ' +
      'https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html [ack: cdk-pinpoint-event-stream:end-of-support]',
    ]]);
  });

  it('no longer warns once that is acknowledged', () => {
    // GIVEN
    const eventStream = addEventStream(stack);

    // WHEN
    AppAnnotations.of(eventStream).acknowledgeWarning('cdk-pinpoint-event-stream:end-of-support', 'we move in spring');

    // THEN
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('a reference to an event stream that is managed elsewhere', () => {
  it('knows the application and the ARN, and creates nothing', () => {
    // WHEN
    const eventStream = PinpointEventStream.fromApplicationId(stack, 'Events', APPLICATION_ID);

    // THEN
    expect(eventStream.applicationId).toBe(APPLICATION_ID);
    expect(stack.resolve(eventStream.eventStreamArn)).toEqual(EVENT_STREAM_ARN);
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  it('refuses a malformed application ID', () => {
    // WHEN
    const refer = () => PinpointEventStream.fromApplicationId(stack, 'Events', 'my-app');

    // THEN
    expect(refer).toThrow("applicationId must be 32 lower-case hexadecimal digits, got 'my-app'");
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
      'removalPolicy must be DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE, got SNAPSHOT: ' +
      'CloudFormation can take no snapshot of an event stream, so use RETAIN_ON_UPDATE_OR_DELETE to keep it (at Stack/Events)');
  });
});

describe('the application ID of an event stream', () => {
  it('is refused where it is malformed', () => {
    // THEN
    expect(() => addEventStream(stack, { applicationId: 'my-app' })).toThrow("applicationId must be 32 lower-case hexadecimal digits, got 'my-app'");
  });

  it.each([
    ['known at synthesis', () => APPLICATION_ID],
    ['not known at synthesis', () => (stack.node.tryFindChild('App') as pinpoint.CfnApp ?? new pinpoint.CfnApp(stack, 'App', { name: 'app' })).ref],
  ])('that is %s is refused a second time in a stack, since the two event streams would fight', (_, applicationId) => {
    // GIVEN
    new PinpointEventStream(stack, 'First', { applicationId: applicationId() });

    // WHEN
    const addAnother = () => new PinpointEventStream(stack, 'Second', { applicationId: applicationId() });

    // THEN
    expect(addAnother).toThrow(
      'applicationId must be one that no other event stream of this stack has, got that of Stack/First: '
      + 'an application has one event stream at most, so remove one of the two (at Stack/Second)',
    );
  });

  it.each<[string, () => Stack]>([
    ['another stack', () => newStack(stack.node.scope as App, 'Other')],
    ['a nested stack', () => new NestedStack(stack, 'Nested')],
  ])('may come again in %s, since the event stream may move there', (_, otherStack) => {
    // GIVEN
    addEventStream(stack);

    // WHEN
    const other = otherStack();
    addEventStream(other);

    // THEN
    Template.fromStack(other).hasResourceProperties(TYPE, { ApplicationId: APPLICATION_ID });
  });

  it('of another application that is not known at synthesis either is no repetition', () => {
    // WHEN
    for (const id of ['One', 'Two']) {
      new PinpointEventStream(stack, id, { applicationId: new CfnParameter(stack, `${id}Application`).valueAsString });
    }

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { ApplicationId: { Ref: 'OneApplication' } });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ApplicationId: { Ref: 'TwoApplication' } });
  });
});

describe('the destination of an event stream', () => {
  it.each([
    '', 'events', 'arn:aws:s3:::events', 'arn:aws:kinesis:eu-west-1:111111111111:stream/', `${STREAM_ARN}/consumer/reader:1`, ` ${STREAM_ARN}`,
    'arn:aws:kinesis:eu-west-1:111111111111:deliverystream/events', 'arn:aws:firehose:eu-west-1:111111111111:stream/events',
  ])('cannot be %j, which is malformed', (destinationArn) => {
    // WHEN
    const add = () => addEventStream(stack, { destination: new CustomDestination({ destinationArn }) });

    // THEN
    expect(add).toThrow(
      `destination must be the ARN of a Kinesis data stream or of a Firehose delivery stream, got '${destinationArn}': `
      + 'pass a data stream to KinesisStreamDestination, or a delivery stream to FirehoseDestination (at Stack/Events)',
    );
  });

  describe.each([['region', 'us-east-1'], ['account', '222222222222']] as const)('in another %s than the event stream', (name, elsewhere) => {
    const env = { ...ENV, [name]: elsewhere };
    const arnElsewhere = (arn: string) => arn.replace(ENV[name], elsewhere);
    const otherStack = () => new Stack(stack.node.scope as App, 'Other', { env });

    it.each<[string, () => IEventStreamDestination]>([
      ['an imported stream', () => new KinesisStreamDestination(importedStream(stack, arnElsewhere(STREAM_ARN)))],
      ['an imported delivery stream', () => new FirehoseDestination(importedDeliveryStream(stack, arnElsewhere(DELIVERY_STREAM_ARN)))],
      ['a stream of another stack', () => new KinesisStreamDestination(new kinesis.Stream(otherStack(), 'Stream'))],
      ['a delivery stream of another stack', () => new FirehoseDestination(new FirehoseDestination().bind(otherStack()).deliveryStream)],
      ['a custom destination that gives no more than an ARN', () => new CustomDestination({ destinationArn: arnElsewhere(STREAM_ARN) })],
    ])('is refused as %s', (_, destination) => {
      // WHEN
      const add = () => addEventStream(stack, { destination: destination() });

      // THEN
      expect(add).toThrow(
        `destination must be in the ${name} of its event stream, expected ${ENV[name]}, got ${elsewhere}: `
        + 'put both into the same region and account (at Stack/Events)');
    });
  });

  it.each<[string, () => IEventStreamDestination]>([
    ['a stream of a stack without an environment', () => new KinesisStreamDestination(
      new kinesis.Stream(new Stack(stack.node.scope as App, 'Other'), 'Stream', { streamName: 'events' }))],
    ['an imported stream with an ARN of tokens', () => new KinesisStreamDestination(importedStream(stack, new CfnParameter(stack, 'Arn').valueAsString))],
    ['a custom destination with an ARN of tokens', () => new CustomDestination({ destinationArn: `arn:aws:kinesis:${Aws.REGION}:${Aws.ACCOUNT_ID}:stream/x` })],
  ])('is not checked where it is not known at synthesis: %s', (_, destination) => {
    // THEN
    expect(() => addEventStream(stack, { destination: destination() })).not.toThrow();
  });

  it('is not checked against the region and the account of a stack without an environment', () => {
    // THEN
    expect(() => addEventStream(new Stack(new App(), 'Stack'))).not.toThrow();
  });
});

describe('an app with an event stream', () => {
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
