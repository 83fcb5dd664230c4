import { readFileSync } from 'fs';
import { join } from 'path';
import {
  Annotations as AppAnnotations, App, Aws, CfnParameter, CfnResource, Duration, NestedStack, RemovalPolicy, Stack, Stage, Tags,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  EventStreamDestinationConfig, FirehoseDestination, IEventStreamDestination, KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProps,
  PinpointEventStreamProvider,
} from '../../src';
import {
  APPLICATION_ID, createdRole, createdRoleStatements, customResource, DELIVERY_STREAM_ARN, ENV, importedStream, newStack, OTHER_APPLICATION_ID,
  OTHER_STREAM_ARN, resourceOf, resourcesOf, ROLE_ARN, STREAM_ARN,
} from '../support/synth';

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

/** The name of a policy: its ID, and what tells the stack from all others. */
function policyName(id: RegExp): unknown {
  return { 'Fn::Join': ['', [expect.stringMatching(id), { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] };
}

/** A stack with the event stream `Events`, of the application and the imported stream that everything here is about unless told otherwise. */
function stackWithEventStream(props: (stack: Stack) => Partial<PinpointEventStreamProps> = () => ({})): Stack {
  const stack = newStack();
  const { destination, ...rest } = props(stack);
  new PinpointEventStream(stack, 'Events', {
    applicationId: APPLICATION_ID,
    destination: destination ?? new KinesisStreamDestination(importedStream(stack)),
    ...rest,
  });
  return stack;
}

function newRole(stack: Stack): iam.Role {
  return new iam.Role(stack, 'MyRole', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });
}

/** A logical ID without what the CDK and this library append to it. */
function withoutHashes(logicalId: string): string {
  return logicalId.replace(/([0-9a-f]{8})?[0-9A-F]{8}$/, '');
}

const handlerActions = ['mobiletargeting:GetEventStream', 'mobiletargeting:PutEventStream', 'mobiletargeting:DeleteEventStream'];

describe('an event stream', () => {
  it('needs no more than an application ID', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    const { Properties, DeletionPolicy } = customResource(stack);
    expect(Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::Lambda::Function').logicalId, 'Arn'] },
      ServiceTimeout: '420',
      ApplicationId: APPLICATION_ID,
      DestinationStreamArn: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::Kinesis::Stream').logicalId, 'Arn'] },
      RoleArn: { 'Fn::GetAtt': [createdRole(stack).logicalId, 'Arn'] },
      ReplaceExisting: 'false',
    });
    expect(DeletionPolicy).toBe('Delete');
    expect(eventStream.stream).toBeInstanceOf(kinesis.Stream);
    expect(eventStream).toMatchObject({ deliveryStream: undefined, bucket: undefined });
  });

  it('exposes the delivery stream and the bucket that were created for it', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // THEN
    expect(eventStream.stream).toBeUndefined();
    expect(eventStream.deliveryStream).toBeInstanceOf(firehose.DeliveryStream);
    expect(eventStream.bucket).toBeInstanceOf(s3.Bucket);
    expect(eventStream.destinationArn).toBe(eventStream.deliveryStream!.deliveryStreamArn);
  });

  it('has its application ID as its reference, and its attributes', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    const { logicalId } = customResource(stack);
    expect(stack.resolve({
      applicationId: eventStream.applicationId,
      lastModifiedDate: eventStream.lastModifiedDate,
      lastUpdatedBy: eventStream.lastUpdatedBy,
      eventStreamArn: eventStream.eventStreamArn,
    })).toEqual({
      applicationId: { Ref: logicalId },
      lastModifiedDate: { 'Fn::GetAtt': [logicalId, 'LastModifiedDate'] },
      lastUpdatedBy: { 'Fn::GetAtt': [logicalId, 'LastUpdatedBy'] },
      eventStreamArn: {
        'Fn::Join': ['', [
          'arn:', { Ref: 'AWS::Partition' }, `:mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}/eventstream`,
        ]],
      },
    });
  });

  it.each([[undefined, 'false'], [false, 'false'], [true, 'true']])('with replaceExisting %s tells the handler %s', (replaceExisting, expected) => {
    // WHEN
    const stack = stackWithEventStream(() => ({ replaceExisting }));

    // THEN
    expect(customResource(stack).Properties.ReplaceExisting).toBe(expected);
  });

  it('names the provider that it was given', () => {
    // GIVEN
    const stack = newStack();
    const provider = new PinpointEventStreamProvider(stack, 'Mine', { propagationTimeout: Duration.seconds(30) });

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, provider });

    // THEN
    const handler = resourceOf(stack, 'AWS::Lambda::Function');
    expect(handler.logicalId).toMatch(/^Mine/);
    expect(customResource(stack).Properties).toMatchObject({ ServiceToken: { 'Fn::GetAtt': [handler.logicalId, 'Arn'] }, ServiceTimeout: '330' });
  });

  it.each([
    ['itself', (stack: Stack) => new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID })],
    ['a reference to it', (stack: Stack) => PinpointEventStream.fromApplicationId(stack, 'Events', APPLICATION_ID)],
  ])('lets a principal read its settings through %s', (_, eventStreamIn) => {
    // GIVEN
    const stack = newStack();
    const eventStream = eventStreamIn(stack);
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });

    // WHEN
    eventStream.grantRead(reader);

    // THEN
    expect(resourceOf(stack, 'AWS::IAM::Policy', 'Reader').Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'mobiletargeting:GetEventStream', Resource: stack.resolve(eventStream.eventStreamArn) },
    ]);
  });
});

describe('a reference to an event stream that is managed elsewhere', () => {
  it('knows the application and the ARN', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const eventStream = PinpointEventStream.fromApplicationId(stack, 'Events', APPLICATION_ID);

    // THEN
    expect(eventStream.applicationId).toBe(APPLICATION_ID);
    expect(stack.resolve(eventStream.eventStreamArn)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}/eventstream`]],
    });
    expect(stack.node.findAll().filter(CfnResource.isCfnResource)).toEqual([]);
  });

  it('takes an application ID that is not known at synthesis', () => {
    // GIVEN
    const stack = newStack();
    const parameter = new CfnParameter(stack, 'ApplicationId');

    // WHEN
    const eventStream = PinpointEventStream.fromApplicationId(stack, 'Events', parameter.valueAsString);

    // THEN
    expect(stack.resolve(eventStream.applicationId)).toEqual({ Ref: 'ApplicationId' });
  });

  it('refuses a malformed application ID', () => {
    // WHEN
    const refer = () => PinpointEventStream.fromApplicationId(newStack(), 'Events', 'my-app');

    // THEN
    expect(refer).toThrow(
      "applicationId must be 32 lower-case hexadecimal digits, got 'my-app': pass the ID, which the console called the project ID, not the name or the ARN (at Stack/Events)");
  });
});

describe('the role that is created', () => {
  it('trusts Amazon Pinpoint alone, for this application of this account', () => {
    // WHEN
    const stack = stackWithEventStream();

    // THEN
    expect(createdRole(stack).Properties).toEqual({
      Description: 'Lets Amazon Pinpoint write the events of one application to their destination',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow',
          Principal: { Service: 'pinpoint.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111111111111' },
            ArnLike: {
              'aws:SourceArn': {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}`]],
              },
            },
          },
        }],
      },
      Policies: [{
        PolicyName: 'EventStream',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: STREAM_ARN }],
        },
      }],
    });
  });

  it('has just the permissions that a custom destination asks for', () => {
    // GIVEN
    const statement = new iam.PolicyStatement({ actions: ['kinesis:PutRecords'], resources: [STREAM_ARN] });

    // WHEN
    const stack = stackWithEventStream(() => ({ destination: new CustomDestination({ policyStatements: [statement] }) }));

    // THEN
    expect(createdRoleStatements(stack)).toEqual([statement.toJSON()]);
  });

  it.each<[string, (stack: Stack) => Partial<PinpointEventStreamProps>]>([
    ['application', () => ({ applicationId: OTHER_APPLICATION_ID })],
    ['destination', (stack) => ({ destination: new KinesisStreamDestination(importedStream(stack, OTHER_STREAM_ARN)) })],
  ])('is another one when the %s changes, so that the old one still works until the event stream has moved', (_, change) => {
    // WHEN
    const before = stackWithEventStream();
    const after = stackWithEventStream(change);

    // THEN
    expect(createdRole(after).logicalId).not.toBe(createdRole(before).logicalId);
    expect(resourceOf(after, 'AWS::IAM::Policy').logicalId).not.toBe(resourceOf(before, 'AWS::IAM::Policy').logicalId);
    expect(customResource(after).logicalId).toBe(customResource(before).logicalId);
  });

  it('is another one when the destination has the same logical ID in another stack', () => {
    // GIVEN
    const roleFor = (owner: string) => {
      const app = new App();
      const stream = new kinesis.Stream(newStack(app, owner), 'Stream');
      const stack = newStack(app);
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(stream) });
      return createdRole(stack).logicalId;
    };

    // WHEN
    const roles = [roleFor('One'), roleFor('Two')];

    // THEN
    expect(roles).toEqual(['EventsRole8191c998EAB4E77F', 'EventsRole6dcd0636356EA45E']);
  });

  it('is another one when only a reference within the ARN of the destination changes', () => {
    // GIVEN
    const roleFor = (parameter: string) => {
      const stack = newStack();
      const streamArn = stack.formatArn({ service: 'kinesis', resource: 'stream', resourceName: new CfnParameter(stack, parameter).valueAsString });
      new PinpointEventStream(stack, 'Events', {
        applicationId: APPLICATION_ID,
        destination: new KinesisStreamDestination(importedStream(stack, streamArn)),
      });
      return createdRole(stack).logicalId;
    };

    // WHEN
    const before = roleFor('OneStream');
    const after = roleFor('AnotherStream');

    // THEN
    expect(after).not.toBe(before);
  });
});

describe('a role that is passed in', () => {
  it('is given the permissions in a policy of their own, and otherwise left alone', () => {
    // WHEN
    const stack = stackWithEventStream((scope) => ({ role: newRole(scope) }));

    // THEN
    const role = resourceOf(stack, 'AWS::IAM::Role', 'MyRole');
    expect(role.Properties).not.toHaveProperty('Policies');
    expect(resourceOf(stack, 'AWS::IAM::Policy', 'EventsRolePolicy').Properties).toMatchObject({
      Roles: [{ Ref: role.logicalId }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['kinesis:PutRecords', 'kinesis:DescribeStream'], Resource: STREAM_ARN }] },
    });
    expect(resourcesOf(stack, 'AWS::IAM::Role', 'Events')).toEqual([]);
    expect(customResource(stack).Properties.RoleArn).toEqual({ 'Fn::GetAtt': [role.logicalId, 'Arn'] });
  });

  it.each<[string, (stack: Stack) => Partial<PinpointEventStreamProps>]>([
    ['application', (stack) => ({ role: newRole(stack), applicationId: OTHER_APPLICATION_ID })],
    ['destination', (stack) => ({
      role: newRole(stack),
      destination: new KinesisStreamDestination(importedStream(stack, OTHER_STREAM_ARN)),
    })],
    ['role', (stack) => ({ role: iam.Role.fromRoleArn(stack, 'OtherRole', ROLE_ARN) })],
  ])('gets another policy when the %s changes, so that the old one still works until the event stream has moved', (_, change) => {
    // WHEN
    const before = stackWithEventStream((stack) => ({ role: newRole(stack) }));
    const after = stackWithEventStream(change);

    // THEN
    for (const policy of ['EventsRolePolicy', 'EventsHandlerPolicy']) {
      expect(resourceOf(after, 'AWS::IAM::Policy', policy).logicalId).not.toBe(resourceOf(before, 'AWS::IAM::Policy', policy).logicalId);
    }
    expect(customResource(after).logicalId).toBe(customResource(before).logicalId);
  });

  it('gets no policy where it is imported as immutable', () => {
    // WHEN
    const stack = stackWithEventStream((scope) => ({ role: iam.Role.fromRoleArn(scope, 'MyRole', ROLE_ARN, { mutable: false }) }));

    // THEN
    const policies = resourcesOf(stack, 'AWS::IAM::Policy').map(({ logicalId }) => logicalId);
    expect(policies).toEqual([expect.stringMatching(/^EventsHandlerPolicy/)]);
    expect(customResource(stack)).toMatchObject({
      Properties: { RoleArn: ROLE_ARN },
      DependsOn: [policies[0], resourceOf(stack, 'AWS::Lambda::EventInvokeConfig').logicalId],
    });
  });
});

describe('the handler', () => {
  it.each<[string, (stack: Stack) => Partial<PinpointEventStreamProps>, () => unknown]>([
    ['that is created', () => ({}), () => ({ 'Fn::GetAtt': [expect.stringMatching(/^EventsRole/), 'Arn'] })],
    ['that is passed in', (stack) => ({ role: iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN) }), () => ROLE_ARN],
  ])('may manage this event stream and pass on the one role %s, by a policy of the event stream', (_, props, roleArn) => {
    // WHEN
    const stack = stackWithEventStream(props);

    // THEN
    expect(resourceOf(stack, 'AWS::IAM::Policy', 'EventsHandlerPolicy').Properties).toEqual({
      PolicyName: policyName(/^HandlerPolicy[0-9a-f]{8}-$/),
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: handlerActions,
            Resource: {
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:mobiletargeting:eu-west-1:111111111111:apps/${APPLICATION_ID}/eventstream`]],
            },
          },
          {
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: roleArn(),
            Condition: { StringEquals: { 'iam:PassedToService': ['pinpoint.amazonaws.com', 'mobiletargeting.amazonaws.com'] } },
          },
        ],
      },
      Roles: [{ Ref: resourceOf(stack, 'AWS::IAM::Role', 'PinpointEventStreamProvider').logicalId }],
    });
  });
});

describe('the custom resource', () => {
  it.each<[string, (stack: Stack) => Partial<PinpointEventStreamProps>, string[]]>([
    ['the role, the policy and the invocation of the handler', () => ({}),
      ['EventsHandlerPolicy', 'EventsRole', 'PinpointEventStreamProviderInvocation']],
    ['the delivery stream as well', () => ({ destination: new FirehoseDestination() }),
      ['EventsDeliveryStream', 'EventsHandlerPolicy', 'EventsRole', 'PinpointEventStreamProviderInvocation']],
    ['the policy of a role that is passed in', (stack) => ({ role: newRole(stack) }),
      ['EventsHandlerPolicy', 'EventsRolePolicy', 'MyRole', 'PinpointEventStreamProviderInvocation']],
    ['what a custom destination names', (stack) => ({ destination: new CustomDestination({ dependables: [new iam.User(stack, 'Other')] }) }),
      ['EventsHandlerPolicy', 'EventsRole', 'Other', 'PinpointEventStreamProviderInvocation']],
  ])('is created after, and deleted before, %s', (_, props, expected) => {
    // WHEN
    const stack = stackWithEventStream(props);

    // THEN
    expect(customResource(stack).DependsOn!.map(withoutHashes)).toEqual(expected);
  });
});

// What is deployed has these logical IDs: a change of one replaces a role, or loses an event stream. Never change what is expected here.
describe('the logical IDs', () => {
  it.each<[string, (stack: Stack) => Partial<PinpointEventStreamProps>, string[]]>([
    ['that is created', () => ({}), ['EventsRoled22b5032CB43E9F7', 'EventsHandlerPolicyd22b5032ED9B9554']],
    ['that is passed in', (stack) => ({ role: newRole(stack) }),
      ['MyRoleF48FFE04', 'EventsRolePolicy38e699d2DF232CF6', 'EventsHandlerPolicy38e699d2423186D3']],
  ])('with a role %s are the ones that they always were', (_, props, expected) => {
    // WHEN
    const stack = stackWithEventStream(props);

    // THEN
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources).sort()).toEqual([
      ...expected,
      'EventsD32975C2',
      'PinpointEventStreamProviderFunctionCA3FEF32',
      'PinpointEventStreamProviderInvocation7FDE8D43',
      'PinpointEventStreamProviderLogs32BF4CB9',
      'PinpointEventStreamProviderRole30061661',
    ].sort());
  });
});

describe('two stacks that share a role', () => {
  it('give it policies of different names, so that neither overwrites or deletes that of the other', () => {
    // GIVEN
    const app = new App();
    const stacks = ['One', 'Two'].map((id) => new Stack(app, id));

    // WHEN
    for (const stack of stacks) {
      new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, role: iam.Role.fromRoleArn(stack, 'Shared', ROLE_ARN) });
    }

    // THEN
    for (const stack of stacks) {
      expect(resourceOf(stack, 'AWS::IAM::Policy', 'EventsRolePolicy').Properties.PolicyName).toEqual(policyName(/^RolePolicy[0-9a-f]{8}-$/));
    }
  });
});

describe('a custom destination that needs no permissions of the role', () => {
  it('leaves the created role without a policy', () => {
    // WHEN
    const stack = stackWithEventStream(() => ({ destination: new CustomDestination({ policyStatements: [] }) }));

    // THEN
    expect(resourceOf(stack, 'AWS::IAM::Role', 'EventsRole').Properties.Policies).toBeUndefined();
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

  function deletionPolicies(stack: Stack): Record<string, string | undefined> {
    return Object.fromEntries(Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, { DeletionPolicy?: string }>)
      .filter(([logicalId]) => logicalId.startsWith('Events'))
      .map(([logicalId, { DeletionPolicy }]) => [withoutHashes(logicalId), DeletionPolicy]));
  }

  it.each<[string, RemovalPolicy | undefined, Record<string, string | undefined>]>([
    ['by default deletes everything but the bucket', undefined,
      {
        ...RETAINED,
        Events: 'Delete',
        EventsRole: undefined,
        EventsDeliveryStream: undefined,
        EventsDeliveryStreamRole: undefined,
        EventsDeliveryStreamLogs: 'Delete',
      }],
    ['DESTROY deletes everything but the bucket', RemovalPolicy.DESTROY,
      {
        ...RETAINED,
        Events: 'Delete',
        EventsRole: 'Delete',
        EventsDeliveryStream: 'Delete',
        EventsDeliveryStreamRole: 'Delete',
        EventsDeliveryStreamLogs: 'Delete',
      }],
    ['RETAIN keeps what the event stream needs to live, but not the policy of the handler', RemovalPolicy.RETAIN, RETAINED],
    ['RETAIN_ON_UPDATE_OR_DELETE does so, except where the creation fails', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      {
        ...RETAINED,
        Events: 'RetainExceptOnCreate',
        EventsRole: 'RetainExceptOnCreate',
        EventsDeliveryStream: 'RetainExceptOnCreate',
        EventsDeliveryStreamRole: 'RetainExceptOnCreate',
        EventsDeliveryStreamLogs: 'RetainExceptOnCreate',
      }],
  ])('%s', (_, removalPolicy, expected) => {
    // WHEN
    const stack = stackWithEventStream(() => ({ destination: new FirehoseDestination(), removalPolicy }));

    // THEN
    expect(deletionPolicies(stack)).toEqual(expected);
  });

  it('RETAIN keeps the policy of a role that is passed in, and leaves that role alone', () => {
    // WHEN
    const stack = stackWithEventStream((scope) => ({ role: newRole(scope), removalPolicy: RemovalPolicy.RETAIN }));

    // THEN
    expect(deletionPolicies(stack)).toEqual({ Events: 'Retain', EventsRolePolicy: 'Retain', EventsHandlerPolicy: undefined });
    expect(resourceOf(stack, 'AWS::IAM::Role', 'MyRole').DeletionPolicy).toBeUndefined();
  });

  it('can also be applied later', () => {
    // GIVEN
    const stack = newStack();
    const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // WHEN
    eventStream.applyRemovalPolicy(RemovalPolicy.RETAIN);

    // THEN
    expect(deletionPolicies(stack)).toEqual(RETAINED);
  });

  it.each<[string, (eventStream: PinpointEventStream) => void]>([
    ['as the property', ({ stack }) => new PinpointEventStream(stack, 'Other', { applicationId: OTHER_APPLICATION_ID, removalPolicy: RemovalPolicy.SNAPSHOT })],
    ['when it is applied later', (eventStream) => eventStream.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)],
  ])('SNAPSHOT is refused %s', (_, apply) => {
    // GIVEN
    const eventStream = new PinpointEventStream(newStack(), 'Events', { applicationId: APPLICATION_ID });

    // THEN
    expect(() => apply(eventStream)).toThrow(
      /^removalPolicy must be DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE, got SNAPSHOT: .* use RETAIN_ON_UPDATE_OR_DELETE to keep it \(at Stack\/(Events|Other)\)$/);
  });

  it.each<[string, () => Partial<PinpointEventStreamProps>, string[]]>([
    ['bucket', () => ({ destination: new FirehoseDestination() }), ['EventsBucket', 'EventsBucketPolicy']],
    ['stream', () => ({ destination: new KinesisStreamDestination() }), ['EventsStream']],
  ])('DESTROY never deletes the %s that was created, not even after RETAIN', (_, props, kept) => {
    // GIVEN
    const stack = newStack();
    const eventStream = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, ...props() });
    eventStream.applyRemovalPolicy(RemovalPolicy.RETAIN);

    // WHEN
    eventStream.applyRemovalPolicy(RemovalPolicy.DESTROY);

    // THEN
    expect(deletionPolicies(stack)).toMatchObject({
      Events: 'Delete',
      EventsRole: 'Delete',
      ...Object.fromEntries(kept.map((id) => [id, 'RetainExceptOnCreate'])),
    });
  });
});

describe('an application ID', () => {
  it.each(['', 'my-app', APPLICATION_ID.toUpperCase(), `${APPLICATION_ID}0`, APPLICATION_ID.slice(1), `${APPLICATION_ID}\n`])(
    '%j is refused, since it is malformed', (applicationId) => {
      // WHEN
      const create = () => new PinpointEventStream(newStack(), 'Events', { applicationId });

      // THEN
      expect(create).toThrow(
        `applicationId must be 32 lower-case hexadecimal digits, got '${applicationId}'`
        + ': pass the ID, which the console called the project ID, not the name or the ARN (at Stack/Events)');
    });

  it.each([
    ['known at synthesis', () => APPLICATION_ID],
    ['not known at synthesis', (stack: Stack) => (stack.node.tryFindChild('App') as pinpoint.CfnApp ?? new pinpoint.CfnApp(stack, 'App', { name: 'app' })).ref],
  ])('%s is refused a second time in a stack, since the two event streams would fight', (_, applicationIdIn) => {
    // GIVEN
    const stack = newStack();
    new PinpointEventStream(stack, 'First', { applicationId: applicationIdIn(stack) });

    // WHEN
    const createAnother = () => new PinpointEventStream(stack, 'Second', { applicationId: applicationIdIn(stack) });

    // THEN
    expect(createAnother).toThrow(
      'applicationId must be one that no other event stream of this stack has, got that of Stack/First: '
      + 'an application has one event stream at most, so remove one of the two (at Stack/Second)',
    );
  });

  it.each([
    ['another stack', (stack: Stack) => newStack(stack.node.scope as App, 'Other')],
    ['a nested stack', (stack: Stack) => new NestedStack(stack, 'Nested')],
  ])('may come again in %s, since the event stream may move there', (_, otherStackOf) => {
    // GIVEN
    const stack = newStack();
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // WHEN
    const other = otherStackOf(stack);
    new PinpointEventStream(other, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    expect(customResource(other).Properties.ApplicationId).toBe(APPLICATION_ID);
  });

  it('of another application that is not known at synthesis either is no repetition', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    for (const id of ['One', 'Two']) {
      new PinpointEventStream(stack, id, { applicationId: new CfnParameter(stack, `${id}Application`).valueAsString });
    }

    // THEN
    expect(resourcesOf(stack, 'Custom::PinpointEventStream').map(({ Properties }) => Properties.ApplicationId))
      .toEqual([{ Ref: 'OneApplication' }, { Ref: 'TwoApplication' }]);
  });
});

describe('a destination', () => {
  it.each([
    '', 'events', 'arn:aws:s3:::events', 'arn:aws:kinesis:eu-west-1:111111111111:stream/', `${STREAM_ARN}/consumer/reader:1`, ` ${STREAM_ARN}`,
    'arn:aws:kinesis:eu-west-1:111111111111:deliverystream/events', 'arn:aws:firehose:eu-west-1:111111111111:stream/events',
  ])('%j is refused, since it is malformed', (destinationArn) => {
    // WHEN
    const create = () => stackWithEventStream(() => ({ destination: new CustomDestination({ destinationArn }) }));

    // THEN
    expect(create).toThrow(
      `destination must be the ARN of a Kinesis data stream or of a Firehose delivery stream, got '${destinationArn}': `
      + 'pass a data stream to KinesisStreamDestination, or a delivery stream to FirehoseDestination (at Stack/Events)',
    );
  });

  const elsewhere = { region: 'us-east-1', account: '222222222222' };
  const streamOf = (stack: Stack) => new KinesisStreamDestination(new kinesis.Stream(stack, 'Stream'));
  const deliveryStreamOf = (stack: Stack) => new FirehoseDestination(
    new firehose.DeliveryStream(stack, 'DeliveryStream', { destination: new firehose.S3Bucket(new s3.Bucket(stack, 'Bucket')) }),
  );

  describe.each(['region', 'account'] as const)('in another %s than the event stream', (name) => {
    const env = { ...ENV, [name]: elsewhere[name] };
    const arnElsewhere = (arn: string) => arn.replace(ENV[name], env[name]);

    it.each<[string, (stack: Stack) => IEventStreamDestination]>([
      ['a stream that is imported', (stack) => new KinesisStreamDestination(importedStream(stack, arnElsewhere(STREAM_ARN)))],
      ['a delivery stream that is imported', (stack) => new FirehoseDestination(
        firehose.DeliveryStream.fromDeliveryStreamArn(stack, 'DeliveryStream', arnElsewhere(DELIVERY_STREAM_ARN)))],
      ['a stream of another stack', (stack) => streamOf(new Stack(stack.node.scope as App, 'Other', { env }))],
      ['a delivery stream of another stack', (stack) => deliveryStreamOf(new Stack(stack.node.scope as App, 'Other', { env }))],
      ['a custom destination that gives no more than an ARN', () => new CustomDestination({ destinationArn: arnElsewhere(STREAM_ARN) })],
    ])('is refused as %s', (_, destination) => {
      // WHEN
      const create = () => stackWithEventStream((stack) => ({ destination: destination(stack) }));

      // THEN
      expect(create).toThrow(
        `destination must be in the ${name} of its event stream, expected ${ENV[name]}, got ${env[name]}: `
        + 'put both into the same region and account (at Stack/Events)');
    });
  });

  it.each<[string, (stack: Stack) => IEventStreamDestination]>([
    ['a stream of a stack without an environment', (stack) => new KinesisStreamDestination(
      new kinesis.Stream(new Stack(stack.node.scope as App, 'Other'), 'Stream', { streamName: 'events' }))],
    ['a stream that is imported by an ARN of tokens',
      (stack) => new KinesisStreamDestination(importedStream(stack, new CfnParameter(stack, 'Arn').valueAsString))],
    ['a custom destination whose ARN is a token', () => new CustomDestination({ destinationArn: `arn:aws:kinesis:${Aws.REGION}:${Aws.ACCOUNT_ID}:stream/x` })],
  ])('is not checked where it is not known at synthesis: %s', (_, destination) => {
    // WHEN
    const stack = stackWithEventStream((scope) => ({ destination: destination(scope) }));

    // THEN
    expect(customResource(stack).Properties.DestinationStreamArn).not.toBe(STREAM_ARN);
  });

  it('is not checked against the region and the account of a stack without an environment', () => {
    // GIVEN
    const stack = new Stack(new App(), 'Stack');

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new KinesisStreamDestination(importedStream(stack)) });

    // THEN
    expect(customResource(stack).Properties.DestinationStreamArn).toBe(STREAM_ARN);
  });
});

describe('the end of support', () => {
  const ID = 'cdk-pinpoint-event-stream:end-of-support';

  it('is warned of, with the date and where to go', () => {
    // WHEN
    const stack = stackWithEventStream();

    // THEN
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ id, entry }) => [id, entry.data])).toEqual([[
      '/Stack/Events',
      'Amazon Pinpoint reached end of support on 2026-10-30. Messages by SMS, voice and push and their APIs go on as AWS End User Messaging, ' +
      'email as Amazon SES; segments, campaigns, journeys and analytics do not. AWS does not document what the event stream API answers since then. ' +
      'Stream the events of End User Messaging and SES from their configuration sets, and keep this event stream only as long as it still delivers: ' +
      `https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html [ack: ${ID}]`,
    ]]);
  });

  it('is no longer warned of once that is acknowledged', () => {
    // GIVEN
    const stack = stackWithEventStream();

    // WHEN
    AppAnnotations.of(stack.node.findChild('Events')).acknowledgeWarning(ID, 'we move in spring');

    // THEN
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

describe('the rest of the app', () => {
  it('can apply a permissions boundary to every role', () => {
    // GIVEN
    const stack = stackWithEventStream(() => ({ destination: new FirehoseDestination() }));
    const boundary = 'arn:aws:iam::111111111111:policy/boundary';

    // WHEN
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', boundary));

    // THEN
    expect(resourcesOf(stack, 'AWS::IAM::Role').map(({ Properties }) => Properties.PermissionsBoundary)).toEqual([boundary, boundary, boundary]);
  });

  it('can tag everything that takes tags', () => {
    // GIVEN
    const stack = stackWithEventStream(() => ({ destination: new KinesisStreamDestination() }));

    // WHEN
    Tags.of(stack).add('team', 'messaging');

    // THEN
    for (const type of ['AWS::IAM::Role', 'AWS::Kinesis::Stream', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup']) {
      for (const { Properties } of resourcesOf(stack, type)) {
        expect(Properties.Tags).toEqual([{ Key: 'team', Value: 'messaging' }]);
      }
    }
  });

  it('can be a stage of a pipeline, where the logical IDs are the same', () => {
    // GIVEN
    const outside = stackWithEventStream();
    const stage = new Stage(new App(), 'Production', { env: ENV });

    // WHEN
    const inside = new Stack(stage, 'Stack');
    new PinpointEventStream(inside, 'Events', {
      applicationId: APPLICATION_ID,
      destination: new KinesisStreamDestination(importedStream(inside)),
    });

    // THEN
    expect(Object.keys(Template.fromStack(inside).toJSON().Resources)).toEqual(Object.keys(Template.fromStack(outside).toJSON().Resources));
  });

  it('can replace every role by one that exists already', () => {
    // GIVEN
    const app = new App();
    iam.Role.customizeRoles(app, {
      usePrecreatedRoles: { 'Stack/Pinpoint': 'streams', 'Stack/PinpointEventStreamProvider/Role': 'handler' },
    });
    const stack = newStack(app);
    const role = new iam.Role(stack, 'Pinpoint', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });

    // WHEN
    new PinpointEventStream(stack, 'Events', {
      applicationId: APPLICATION_ID,
      destination: new KinesisStreamDestination(importedStream(stack)),
      role,
    });

    // THEN
    const arnOf = (name: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::111111111111:role/${name}`]] });
    expect([...resourcesOf(stack, 'AWS::IAM::Role'), ...resourcesOf(stack, 'AWS::IAM::Policy')]).toEqual([]);
    expect(customResource(stack).Properties.RoleArn).toEqual(arnOf('streams'));
    expect(resourceOf(stack, 'AWS::Lambda::Function').Properties.Role).toEqual(arnOf('handler'));
  });

  it('can prevent the synthesis of every role, to have them reported', () => {
    // GIVEN
    const app = new App();
    iam.Role.customizeRoles(app, { preventSynthesis: true });
    const stack = newStack(app);

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
    const assembly = app.synth();

    // THEN
    const report = JSON.parse(readFileSync(join(assembly.directory, 'iam-policy-report.json'), 'utf8')) as { roles: { roleConstructPath: string }[] };
    expect(report.roles.map(({ roleConstructPath }) => roleConstructPath.replace(/[0-9a-f]{8}$/, ''))).toEqual([
      'Stack/Events/Role', 'Stack/PinpointEventStreamProvider/Role',
    ]);
    expect([...resourcesOf(stack, 'AWS::IAM::Role'), ...resourcesOf(stack, 'AWS::IAM::Policy')]).toEqual([]);
  });
});
