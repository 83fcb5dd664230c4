import { readdirSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, Duration, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { Capture, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProps, PinpointEventStreamProvider, PinpointEventStreamProviderProps } from '../../src';
import { allowing, APPLICATION_ID, arnOf, importedStream, newStack, ROLE_ARN } from '../support/synth';

describe('the provider of a stack', () => {
  it('is the same from anywhere in the stack, and another in every other stack', () => {
    // GIVEN
    const stack = newStack();
    const provider = PinpointEventStreamProvider.forStack(stack);

    // WHEN
    const fromWithin = PinpointEventStreamProvider.forStack(new Construct(stack, 'Within'));
    const others = [new NestedStack(stack, 'Nested'), newStack()].map((other) => PinpointEventStreamProvider.forStack(other));

    // THEN
    expect(fromWithin).toBe(provider);
    expect(new Set([provider, ...others]).size).toBe(3);
  });

  it('has the properties of the first call, which later ones may repeat', () => {
    // GIVEN
    const stack = newStack();
    const logGroup = new logs.LogGroup(stack, 'Logs');
    const provider = PinpointEventStreamProvider.forStack(stack, { propagationTimeout: Duration.minutes(1), logGroup });

    // WHEN
    const again = PinpointEventStreamProvider.forStack(stack, { propagationTimeout: Duration.seconds(60), logGroup });

    // THEN
    expect(again).toBe(provider);
    expect(provider.logGroup).toBe(logGroup);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { PROPAGATION_TIMEOUT_SECONDS: '60' } } });
  });

  it.each<[string, (stack: Stack) => PinpointEventStreamProviderProps, string]>([
    ['propagationTimeout', () => ({ propagationTimeout: Duration.minutes(1) }), 'has a propagationTimeout of 120 seconds already, got 60'],
    ['log group', (stack) => ({ logGroup: new logs.LogGroup(stack, 'Logs') }),
      'writes to the log group Stack/PinpointEventStreamProvider/Logs already, got Stack/Logs'],
  ])('is refused with another %s', (_, props, problem) => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack);

    // WHEN
    const again = () => PinpointEventStreamProvider.forStack(stack, props(stack));

    // THEN
    expect(again).toThrow(
      `the stack's provider ${problem}: ` +
      'call PinpointEventStreamProvider.forStack() with its properties once, before the first event stream of the stack (at Stack)');
  });
});

describe('the propagation timeout', () => {
  it.each([
    ['of 0', Duration.seconds(0), 0, 120, '300'],
    ['by default', undefined, 120, 240, '420'],
    ['of 10 minutes', Duration.minutes(10), 600, 720, '900'],
  ])('%s is what the other times derive from', (_, propagationTimeout, inSeconds, timeout, serviceTimeout) => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const provider = new PinpointEventStreamProvider(stack, 'Provider', { propagationTimeout });
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, provider });

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: timeout,
      Environment: { Variables: { PROPAGATION_TIMEOUT_SECONDS: String(inSeconds) } },
    });
    template.hasResourceProperties('Custom::PinpointEventStream', { ServiceToken: arnOf('Provider'), ServiceTimeout: serviceTimeout });
  });

  it.each([
    ['is longer than 10 minutes', Duration.seconds(601), '601 seconds'],
    ['has a fraction of a second', Duration.millis(1_500), '1.5 seconds'],
    ['is not known at synthesis', Duration.seconds(Token.asNumber({ Ref: 'Timeout' })), 'a token'],
  ])('is refused where it %s', (_, propagationTimeout, got) => {
    // WHEN
    const create = () => new PinpointEventStreamProvider(newStack(), 'Provider', { propagationTimeout });

    // THEN
    expect(create).toThrow(
      `propagationTimeout must be a whole number of seconds, known at synthesis, from 0 to 600, got ${got} (at Stack/Provider)`,
    );
  });
});

describe('the function', () => {
  it('is the bundled handler, with a role and a log group of its own', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    const asset = new Capture(Match.stringLikeRegexp('\\.zip$'));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Code: { S3Key: asset },
      Handler: 'index.handler',
      MemorySize: 256,
      Runtime: Match.stringLikeRegexp('^nodejs'),
      Role: arnOf('PinpointEventStreamProviderRole'),
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^PinpointEventStreamProviderLogs') } },
    });
    expect(readdirSync(join(app.synth().directory, `asset.${asset.asString().replace('.zip', '')}`))).toContain('index.js');
  });

  it('is invoked once, and soon or never', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^PinpointEventStreamProviderFunction') },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 180,
    });
  });

  it('has a role for Lambda alone, which may write to its own log group, and has no other policy', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: allowing({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      Policies: [{ PolicyName: 'Logs', PolicyDocument: { Statement: [{ Resource: arnOf('PinpointEventStreamProviderLogs') }] } }],
      ManagedPolicyArns: Match.absent(),
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it('leaves no log group behind', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('writes to the log group that is passed in, and to no other', () => {
    // GIVEN
    const stack = newStack();
    const logGroupArn = 'arn:aws:logs:eu-west-1:111111111111:log-group:pinpoint:*';
    const logGroup = logs.LogGroup.fromLogGroupArn(stack, 'Logs', logGroupArn);

    // WHEN
    const provider = new PinpointEventStreamProvider(stack, 'Provider', { logGroup });

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: 'pinpoint' } });
    template.hasResourceProperties('AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: [{ Resource: logGroupArn }] } }] });
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    expect(provider.logGroup).toBe(logGroup);
  });
});

describe('the room in the role of a provider', () => {
  /** Adds as many event streams as there is a count, each of an application of its own. */
  function add(stack: Stack, count: number, props: Omit<PinpointEventStreamProps, 'applicationId'>): void {
    for (let i = 0; i < count; i++) {
      const number = stack.node.children.length;
      new PinpointEventStream(stack, `Events${number}`, { applicationId: String(number).padStart(32, '0'), ...props });
    }
  }

  const withDestination = (stack: Stack) => ({ destination: new KinesisStreamDestination(importedStream(stack)) });
  const message = (count: number, characters: number) =>
    `[Stack/PinpointEventStreamProvider] the ${count} event streams of this provider need up to ${characters} characters of inline policies, ` +
    'and IAM allows a role 10240: give the newest event streams a provider of their own (a second PinpointEventStreamProvider, as their provider), ' +
    'and leave deployed ones where they are, since CloudFormation refuses to change the provider of a deployed event stream';

  it('suffices for 17 event streams whose names are as long as can be, and for more with a second provider', () => {
    // GIVEN
    const stack = newStack();
    add(stack, 17, withDestination(stack));

    // WHEN
    add(stack, 1, { destination: new KinesisStreamDestination(), provider: new PinpointEventStreamProvider(stack, 'Second') });

    // THEN
    Template.fromStack(stack).resourcePropertiesCountIs('Custom::PinpointEventStream', { ServiceToken: arnOf('PinpointEventStreamProvider') }, 17);
    Template.fromStack(stack).resourcePropertiesCountIs('Custom::PinpointEventStream', { ServiceToken: arnOf('Second') }, 1);
  });

  it.each<[string, (stack: Stack) => PinpointEventStreamProviderProps, number]>([
    ['with a log group of its own', () => ({}), 10_716],
    ['with a log group whose name is not known at synthesis',
      (stack) => ({ logGroup: logs.LogGroup.fromLogGroupName(stack, 'Logs', new CfnParameter(stack, 'Name').valueAsString) }), 10_831],
  ])('is refused to an 18th one %s', (_, props, characters) => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack, props(stack));

    // WHEN
    add(stack, 18, withDestination(stack));

    // THEN
    expect(() => Template.fromStack(stack)).toThrow(message(18, characters));
  });

  it('can be used to the last character, where the role is known, and no further', () => {
    // GIVEN
    const withRoleOfLength = (length: number) => {
      const stack = newStack();
      add(stack, 17, { ...withDestination(stack), role: iam.Role.fromRoleArn(stack, 'MyRole', ROLE_ARN.padEnd(75, 'x')) });
      add(stack, 1, { destination: new KinesisStreamDestination(), role: iam.Role.fromRoleArn(stack, 'LastRole', ROLE_ARN.padEnd(length, 'x')) });
      return stack;
    };

    // WHEN
    const full = withRoleOfLength(85);
    const tooFull = withRoleOfLength(86);

    // THEN
    Template.fromStack(full).resourceCountIs('Custom::PinpointEventStream', 18);
    expect(() => Template.fromStack(tooFull)).toThrow(message(18, 10_241));
  });
});
