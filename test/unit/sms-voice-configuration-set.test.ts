import { App, CfnOutput, CfnParameter, CfnResource, Fn, PhysicalName, PropertyInjectors, RemovalPolicy, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnConfigurationSet } from 'aws-cdk-lib/aws-smsvoice';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { CloudWatchLogsDestination, FirehoseDestination, SmsVoiceConfigurationSet, SmsVoiceConfigurationSetProps, SnsTopicDestination } from '../../src';
import { arnInStack, ENV, logicalIdsOf, newRole, newStack } from '../support/synth';

const TYPE = 'AWS::SMSVOICE::ConfigurationSet';
const ARN = 'arn:aws:sms-voice:eu-west-1:111111111111:configuration-set/messages';

/** What the CDK CLI prints as errors, each with the path of its construct. */
function errorsIn(stack: Stack): string[] {
  return Annotations.fromStack(stack).findError('*', Match.anyValue()).map(({ id, entry }) => `${id}: ${entry.data}`);
}

/** The logical IDs of resources, by the policy for their deletion. */
function logicalIdsByPolicy(stack: Stack): Record<string, string[]> {
  const byPolicy: Record<string, string[]> = {};
  const { Resources } = Template.fromStack(stack).toJSON();
  for (const [logicalId, { DeletionPolicy, UpdateReplacePolicy }] of Object.entries<Record<string, string>>(Resources)) {
    (byPolicy[`${DeletionPolicy}, ${UpdateReplacePolicy}`] ??= []).push(logicalId);
  }
  return byPolicy;
}

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

describe('a configuration set', () => {
  it('can have no event destination yet, and adds nothing but itself to the stack, without a warning', () => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages');

    // THEN
    const template = Template.fromStack(stack).toJSON() as { Resources: object };
    expect(Object.values(template.Resources)).toEqual([{ Type: TYPE, Properties: { ConfigurationSetName: 'Stack-Messages-86B88258' } }]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    expect(errorsIn(stack)).toEqual([]);
  });

  it('passes on all that its resource can be told', () => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', {
      configurationSetName: 'messages', defaultSenderId: 'MyShop', messageFeedbackEnabled: true, protectConfigurationId: 'protect-1',
    });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, Match.objectEquals({
      ConfigurationSetName: 'messages', DefaultSenderId: 'MyShop', MessageFeedbackEnabled: true, ProtectConfigurationId: 'protect-1',
    }));
  });

  it('can be told not to ask for feedback, which is more than to say nothing of it', () => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', { messageFeedbackEnabled: false });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { MessageFeedbackEnabled: false });
  });

  it('has its name and its ARN as attributes, which wait for it, and as a reference for constructs of the CDK', () => {
    // WHEN
    const { configurationSetName, configurationSetArn, configurationSetRef } = new SmsVoiceConfigurationSet(stack, 'Messages');

    // THEN
    const [logicalId] = logicalIdsOf(stack, TYPE);
    expect(stack.resolve([configurationSetName, configurationSetArn])).toEqual([{ Ref: logicalId }, { 'Fn::GetAtt': [logicalId, 'Arn'] }]);
    expect(configurationSetRef).toEqual({ configurationSetName, configurationSetArn });
  });

  it.each<[string, SmsVoiceConfigurationSetProps, string]>([
    ['the name that it is given', { configurationSetName: 'messages' }, 'messages'],
    ['the name that is made for it', {}, 'Stack-Messages-86B88258'],
    ['the name that is made for it where the CDK would make one', { configurationSetName: PhysicalName.GENERATE_IF_NEEDED }, 'Stack-Messages-86B88258'],
  ])('can be referred to from another region, by %s', (_, props, name) => {
    // GIVEN
    const app = new App();
    const home = newStack(app);
    const messages = new SmsVoiceConfigurationSet(home, 'Messages', props);
    const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });

    // WHEN
    new CfnOutput(other, 'Name', { value: messages.configurationSetName });
    new CfnOutput(other, 'Arn', { value: messages.configurationSetArn });

    // THEN
    Template.fromStack(other).hasOutput('Name', { Value: name });
    Template.fromStack(other).hasOutput('Arn', { Value: arnInStack(`sms-voice:eu-west-1:111111111111:configuration-set/${name}`) });
    Template.fromStack(home).hasResourceProperties(TYPE, { ConfigurationSetName: name });
  });

  it('is tagged with its stack', () => {
    // GIVEN
    new SmsVoiceConfigurationSet(stack, 'Messages');

    // WHEN
    Tags.of(stack).add('team', 'messages');

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { Tags: [{ Key: 'team', Value: 'messages' }] });
  });

  it('has its resource as the default child, to override what it sets, also beside an event destination of the ID Default', () => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
    messages.addEventDestination('Default', { destination: new SnsTopicDestination() });

    // WHEN
    (messages.node.defaultChild as CfnConfigurationSet).addPropertyOverride('DefaultSenderId', 'MyShop');

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { DefaultSenderId: 'MyShop' });
  });

  it('takes the properties that a property injector of the app gives it', () => {
    // GIVEN
    PropertyInjectors.of(stack).add({
      constructUniqueId: SmsVoiceConfigurationSet.PROPERTY_INJECTION_ID,
      inject: (props: SmsVoiceConfigurationSetProps) => ({ messageFeedbackEnabled: true, ...props }),
    });

    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', { defaultSenderId: 'MyShop' });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { MessageFeedbackEnabled: true, DefaultSenderId: 'MyShop' });
  });
});

describe('the name of a configuration set', () => {
  it.each(['a', 'My_messages-1', 'x'.repeat(64)])('can be %j', (configurationSetName) => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { ConfigurationSetName: configurationSetName });
    expect(errorsIn(stack)).toEqual([]);
  });

  it('has 64 characters where it is made from a path that has more', () => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages'.repeat(20));

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { ConfigurationSetName: Match.stringLikeRegexp('^[A-Za-z0-9-]{64}$') });
    expect(errorsIn(stack)).toEqual([]);
  });

  it.each(['', 'my messages', 'a.b', 'x'.repeat(65), 'messages\n'])('cannot be %j', (configurationSetName) => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName });

    // THEN
    expect(errorsIn(stack)).toEqual([
      `/Stack/Messages: configurationSetName must be 1 to 64 letters, digits, hyphens and underscores, got '${configurationSetName}'`,
    ]);
  });

  it.each<[string, (scope: Stack) => string, unknown]>([
    ['parameter', (scope) => new CfnParameter(scope, 'Name').valueAsString, { Ref: 'Name' }],
    ['dynamic reference that is written as text', () => '{{resolve:ssm:/messages/name}}', '{{resolve:ssm:/messages/name}}'],
  ])('can be a %s, which only a deployment knows', (_, nameIn, expected) => {
    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName: nameIn(stack) });

    // THEN
    Template.fromStack(stack).hasResourceProperties(TYPE, { ConfigurationSetName: expected });
    expect(errorsIn(stack)).toEqual([]);
  });

  it('can be one that has yet to be looked up: the synthesis comes to its end, and asks for it', () => {
    // GIVEN
    const app = new App();
    const home = newStack(app);
    const configurationSetName = ssm.StringParameter.valueFromLookup(home, '/messages/name');

    // WHEN
    new SmsVoiceConfigurationSet(home, 'Messages', { configurationSetName }).addEventDestination('Lake', { destination: new FirehoseDestination() });

    // THEN
    expect(app.synth().manifest.missing).toMatchObject([{ provider: 'ssm', props: { parameterName: '/messages/name' } }]);
  });

  it('cannot be that of an earlier one in its stack', () => {
    // GIVEN
    new SmsVoiceConfigurationSet(stack, 'First', { configurationSetName: 'messages' });

    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName: 'messages' });

    // THEN
    expect(errorsIn(stack)).toEqual([
      "/Stack/Messages: configurationSetName 'messages' is already the name of 'Stack/First': choose another name for one of the two",
    ]);
  });

  it.each([true, false])('cannot be that of a native one in its stack, which comes first: %s', (nativeComesFirst) => {
    // GIVEN
    const steps = [
      () => new CfnConfigurationSet(stack, 'Native', { configurationSetName: 'messages' }),
      () => new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName: 'messages' }),
    ];

    // WHEN
    (nativeComesFirst ? steps : steps.reverse()).forEach((step) => step());

    // THEN
    expect(errorsIn(stack)).toEqual([
      "/Stack/Messages: configurationSetName 'messages' is already the name of 'Stack/Native': choose another name for one of the two",
    ]);
  });

  it('has a warning where it is that of another stack in its account and region', () => {
    // GIVEN
    const app = new App();
    new SmsVoiceConfigurationSet(newStack(app, 'Other'), 'First', { configurationSetName: 'messages' });
    const home = newStack(app);

    // WHEN
    new SmsVoiceConfigurationSet(home, 'Messages', { configurationSetName: 'messages' });

    // THEN
    Annotations.fromStack(home).hasWarning('/Stack/Messages', "configurationSetName 'messages' is also the name of 'Other/First' in the same account and "
      + 'region: choose another name for one of the two [ack: cdk-pinpoint-event-stream:second-configuration-set]');
  });

  it('cannot be that of another configuration set where both have it from one parameter', () => {
    // GIVEN
    const configurationSetName = new CfnParameter(stack, 'Name').valueAsString;
    new SmsVoiceConfigurationSet(stack, 'First', { configurationSetName });

    // WHEN
    new SmsVoiceConfigurationSet(stack, 'Messages', { configurationSetName });

    // THEN
    expect(errorsIn(stack)).toContain(
      "/Stack/Messages: configurationSetName '${Name}' is already the name of 'Stack/First': choose another name for one of the two");
  });

  it.each<[string, (app: App) => void]>([
    ['is in another region', (app) => {
      new SmsVoiceConfigurationSet(new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } }), 'First', { configurationSetName: 'messages' });
      new SmsVoiceConfigurationSet(newStack(app), 'Messages', { configurationSetName: 'messages' });
    }],
    ['is in a stage of its own, where neither is told its environment', (app) => {
      for (const id of ['Test', 'Production']) {
        new SmsVoiceConfigurationSet(new Stack(new Stage(app, id), 'Stack'), 'Messages', { configurationSetName: 'messages' });
      }
    }],
    ['has its name from another parameter', (app) => {
      const home = newStack(app);
      ['First', 'Second'].forEach((id) =>
        new SmsVoiceConfigurationSet(home, id, { configurationSetName: new CfnParameter(home, `${id}Name`).valueAsString }));
    }],
    ['is native and leaves its name to CloudFormation', (app) => {
      const home = newStack(app);
      new CfnConfigurationSet(home, 'Native');
      new SmsVoiceConfigurationSet(home, 'Messages', { configurationSetName: 'messages' });
    }],
  ])('can be that of another one where that %s', (_, add) => {
    // GIVEN
    const app = new App();

    // WHEN
    add(app);

    // THEN
    const stacks = app.node.findAll().filter(Stack.isStack);
    expect(stacks.flatMap(errorsIn)).toEqual([]);
  });
});

describe('a configuration set that is managed elsewhere', () => {
  it('can be referred to by its name', () => {
    // WHEN
    const messages = SmsVoiceConfigurationSet.fromConfigurationSetName(stack, 'Messages', 'messages');

    // THEN
    const { configurationSetName, configurationSetArn } = messages;
    expect(configurationSetName).toBe('messages');
    expect(stack.resolve(configurationSetArn)).toEqual(arnInStack('sms-voice:eu-west-1:111111111111:configuration-set/messages'));
    expect(messages.configurationSetRef).toEqual({ configurationSetName, configurationSetArn });
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  it('can be referred to by its ARN, which also tells its environment', () => {
    // WHEN
    const messages = SmsVoiceConfigurationSet.fromConfigurationSetArn(stack, 'Messages', ARN.replace('eu-west-1:111111111111', 'us-east-1:222222222222'));

    // THEN
    expect(messages).toMatchObject({
      configurationSetName: 'messages',
      configurationSetArn: 'arn:aws:sms-voice:us-east-1:222222222222:configuration-set/messages',
      env: { region: 'us-east-1', account: '222222222222' },
    });
    Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
  });

  it('can be referred to by an ARN that only a deployment knows', () => {
    // GIVEN
    const arn = new CfnParameter(stack, 'Arn').valueAsString;

    // WHEN
    const messages = SmsVoiceConfigurationSet.fromConfigurationSetArn(stack, 'Messages', arn);

    // THEN
    expect(stack.resolve([messages.configurationSetArn, messages.configurationSetName])).toEqual(stack.resolve([arn, Fn.select(1, Fn.split('/', arn))]));
    expect(errorsIn(stack)).toEqual([]);
  });

  it.each(['', 'a.b'])('cannot have the name %j', (name) => {
    // WHEN
    SmsVoiceConfigurationSet.fromConfigurationSetName(stack, 'Messages', name);

    // THEN
    expect(errorsIn(stack)).toEqual([
      `/Stack/Messages: configurationSetName must be 1 to 64 letters, digits, hyphens and underscores, got '${name}'`,
    ]);
  });

  it.each(['messages', '', `${ARN}/more`, ARN.replace('sms-voice', 'ses')])('cannot have the ARN %j', (arn) => {
    // WHEN
    SmsVoiceConfigurationSet.fromConfigurationSetArn(stack, 'Messages', arn);

    // THEN
    expect(errorsIn(stack)).toEqual([
      `/Stack/Messages: configurationSetArn must be the ARN of a configuration set (arn:…:configuration-set/NAME), got '${arn}'`,
    ]);
  });

  it('can have an ARN that has yet to be looked up: the synthesis comes to its end, and asks for it', () => {
    // GIVEN
    const app = new App();
    const home = newStack(app);

    // WHEN
    SmsVoiceConfigurationSet.fromConfigurationSetArn(home, 'Messages', ssm.StringParameter.valueFromLookup(home, '/messages/arn'));

    // THEN
    expect(app.synth().manifest.missing).toMatchObject([{ provider: 'ssm', props: { parameterName: '/messages/arn' } }]);
  });
});

describe('the removal policy of a configuration set', () => {
  /** One event destination of each kind, each of which creates what it needs. */
  function addEventDestinations(messages: SmsVoiceConfigurationSet): void {
    messages.addEventDestination('Lake', { destination: new FirehoseDestination() });
    messages.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
    messages.addEventDestination('Topic', { destination: new SnsTopicDestination() });
    messages.addEventDestination('AsYourRole', { destination: new FirehoseDestination(), role: newRole(messages) });
  }

  const ways: [string, (policy: RemovalPolicy) => void][] = [
    ['as a property', (removalPolicy) => addEventDestinations(new SmsVoiceConfigurationSet(stack, 'Messages', { removalPolicy }))],
    ['before event destinations are added', (removalPolicy) => {
      const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
      messages.applyRemovalPolicy(removalPolicy);
      addEventDestinations(messages);
    }],
    ['after event destinations are added', (removalPolicy) => {
      const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
      addEventDestinations(messages);
      messages.applyRemovalPolicy(removalPolicy);
    }],
  ];

  // The role that is passed in is its owner's to retain.
  const created = [
    'AWS::IAM::Policy', 'AWS::KMS::Key', 'AWS::KinesisFirehose::DeliveryStream', 'AWS::Logs::LogGroup', 'AWS::SMSVOICE::ConfigurationSet',
    'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy',
  ];

  it.each(ways)('retains all that was created for its events, since one is of no use without the others, where it is RETAIN and given %s', (_, apply) => {
    // WHEN
    apply(RemovalPolicy.RETAIN);

    // THEN
    const resources = Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, any>);
    const notRetained = resources.filter(([, { DeletionPolicy }]) => !['Retain', 'RetainExceptOnCreate'].includes(DeletionPolicy));
    expect(notRetained.map(([logicalId]) => logicalId)).toEqual([expect.stringMatching(/^MessagesMyRole/)]);
    expect(resources.filter(([, { UpdateReplacePolicy }]) => UpdateReplacePolicy !== 'Retain')).toEqual(notRetained);
    expect(resources.map(([, { Type }]) => Type)).toEqual(expect.arrayContaining([...created, 'AWS::IAM::Role', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy']));
  });

  it.each(ways)('still cleans up after a creation that failed where it is RETAIN_ON_UPDATE_OR_DELETE and given %s', (_, apply) => {
    // WHEN
    apply(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);

    // THEN
    expect(logicalIdsByPolicy(stack)).toEqual({
      // A log stream goes with its log group.
      'Retain, Retain': [expect.stringMatching(/LogsS3Destination/), expect.stringMatching(/LogsS3Destination/)],
      'RetainExceptOnCreate, Retain': expect.any(Array),
      'undefined, undefined': [expect.stringMatching(/^MessagesMyRole/)],
    });
  });

  it.each(ways)('leaves what keeps events as it is where it is DESTROY and given %s', (_, apply) => {
    // WHEN
    apply(RemovalPolicy.DESTROY);

    // THEN
    const { 'RetainExceptOnCreate, Retain': retained } = logicalIdsByPolicy(stack);
    expect(retained.map((logicalId) => logicalId.slice(0, -8))).toEqual([
      'MessagesLakeBucket', 'MessagesLakeBucketPolicy', 'MessagesLogLogGroup', 'MessagesAsYourRoleBucket', 'MessagesAsYourRoleBucketPolicy',
    ]);
  });

  it('leaves what is passed in to its owner where it is RETAIN', () => {
    // GIVEN
    const messages = new SmsVoiceConfigurationSet(stack, 'Messages', { removalPolicy: RemovalPolicy.RETAIN });
    new CfnResource(stack, 'Unrelated', { type: 'Custom::Unrelated' });

    // WHEN
    messages.addEventDestination('Lake', { destination: new FirehoseDestination(), role: newRole(stack) });

    // THEN
    expect(logicalIdsByPolicy(stack)['undefined, undefined']).toEqual(['Unrelated', expect.stringMatching(/^MyRole/)]);
  });

  it.each(ways)('cannot be SNAPSHOT where it is given %s', (_, apply) => {
    // WHEN
    const applySnapshot = () => apply(RemovalPolicy.SNAPSHOT);

    // THEN
    expect(applySnapshot).toThrow(
      'removalPolicy must be DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE, got SNAPSHOT (at Stack/Messages)');
  });
});
