import { readdirSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, Duration, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProvider } from '../../src';
import { addEventStreams, APPLICATION_ID, customResource, importedStream, newStack, resourceOf, resourcesOf, ROLE_ARN } from '../support/synth';

describe('the provider of a stack', () => {
  it('is shared by the event streams of that stack', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    addEventStreams(stack, 2, {});

    // THEN
    const { logicalId } = resourceOf(stack, 'AWS::Lambda::Function');
    expect(resourcesOf(stack, 'Custom::PinpointEventStream').map(({ Properties }) => Properties.ServiceToken))
      .toEqual([{ 'Fn::GetAtt': [logicalId, 'Arn'] }, { 'Fn::GetAtt': [logicalId, 'Arn'] }]);
  });

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
    expect(resourceOf(stack, 'AWS::Lambda::Function').Properties.Environment.Variables).toEqual({ PROPAGATION_TIMEOUT_SECONDS: '60' });
  });

  it('is refused with another propagationTimeout', () => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack);

    // WHEN
    const again = () => PinpointEventStreamProvider.forStack(stack, { propagationTimeout: Duration.minutes(1) });

    // THEN
    expect(again).toThrow(
      "the stack's provider has a propagationTimeout of 120 seconds already, got 60: " +
      'call PinpointEventStreamProvider.forStack() with its properties once, before the first event stream of the stack (at Stack)',
    );
  });

  it('is refused with another log group', () => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack);

    // WHEN
    const again = () => PinpointEventStreamProvider.forStack(stack, { logGroup: new logs.LogGroup(stack, 'Logs') });

    // THEN
    expect(again).toThrow(
      "the stack's provider writes to the log group Stack/PinpointEventStreamProvider/Logs already, got Stack/Logs: " +
      'call PinpointEventStreamProvider.forStack() with its properties once, before the first event stream of the stack (at Stack)',
    );
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
    expect(resourceOf(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
      Timeout: timeout,
      Environment: { Variables: { PROPAGATION_TIMEOUT_SECONDS: String(inSeconds) } },
    });
    expect(customResource(stack).Properties.ServiceTimeout).toBe(serviceTimeout);
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

  it('cannot be negative', () => {
    // WHEN
    const create = () => new PinpointEventStreamProvider(newStack(), 'Provider', { propagationTimeout: Duration.seconds(-1) });

    // THEN
    expect(create).toThrow('negative');
  });
});

describe('the function', () => {
  it('is the bundled handler, invoked once, and soon or never', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    const { logicalId, Properties } = resourceOf(stack, 'AWS::Lambda::Function');
    expect(Properties).toEqual({
      Description: 'Sets and removes the event streams of Amazon Pinpoint applications',
      Code: { S3Bucket: expect.any(String), S3Key: expect.stringMatching(/\.zip$/) },
      Handler: 'index.handler',
      MemorySize: 256,
      Runtime: expect.stringMatching(/^nodejs/),
      Role: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::IAM::Role').logicalId, 'Arn'] },
      LoggingConfig: { LogGroup: { Ref: resourceOf(stack, 'AWS::Logs::LogGroup').logicalId } },
      Timeout: 240,
      Environment: { Variables: { PROPAGATION_TIMEOUT_SECONDS: '120' } },
    });
    expect(resourceOf(stack, 'AWS::Lambda::EventInvokeConfig').Properties).toEqual({
      FunctionName: { Ref: logicalId },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 180,
    });
  });

  it('has in its package the file that Lambda loads', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    PinpointEventStreamProvider.forStack(stack);

    // WHEN
    const { directory } = app.synth();

    // THEN
    const { Code } = resourceOf(stack, 'AWS::Lambda::Function').Properties;
    expect(readdirSync(join(directory, `asset.${Code.S3Key.replace('.zip', '')}`))).toContain('index.js');
  });

  it('may write to its own log group, and has no managed policy', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    expect(resourceOf(stack, 'AWS::IAM::Role').Properties).toEqual({
      Description: 'Sets and removes the event streams of Amazon Pinpoint applications',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{
        PolicyName: 'Logs',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [resourceOf(stack, 'AWS::Logs::LogGroup').logicalId, 'Arn'] },
          }],
        },
      }],
    });
    expect(resourcesOf(stack, 'AWS::IAM::Policy')).toEqual([]);
  });

  it('leaves no log group behind', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    expect(resourceOf(stack, 'AWS::Logs::LogGroup')).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('writes to the log group that is passed in, and to no other', () => {
    // GIVEN
    const stack = newStack();
    const logGroupArn = 'arn:aws:logs:eu-west-1:111111111111:log-group:pinpoint:*';
    const logGroup = logs.LogGroup.fromLogGroupArn(stack, 'Logs', logGroupArn);

    // WHEN
    const provider = new PinpointEventStreamProvider(stack, 'Provider', { logGroup });

    // THEN
    expect(provider.logGroup).toBe(logGroup);
    expect(resourceOf(stack, 'AWS::Lambda::Function').Properties.LoggingConfig).toEqual({ LogGroup: 'pinpoint' });
    expect(resourceOf(stack, 'AWS::IAM::Role').Properties.Policies[0].PolicyDocument.Statement[0].Resource).toBe(logGroupArn);
    expect(resourcesOf(stack, 'AWS::Logs::LogGroup')).toEqual([]);
  });
});

describe('the room in the role of a provider', () => {
  const withDestination = (stack: Stack) => ({ destination: new KinesisStreamDestination(importedStream(stack)) });
  const withRoleOf = (stack: Stack, arn: string) => ({ ...withDestination(stack), role: iam.Role.fromRoleArn(stack, 'MyRole', arn) });
  const message = (count: number, characters: number) =>
    `the ${count} event streams of this provider need up to ${characters} characters of inline policies, and IAM allows a role 10240: ` +
    'give the newest event streams a provider of their own (a second PinpointEventStreamProvider, as their provider), ' +
    'and leave deployed ones where they are, since CloudFormation refuses to change the provider of a deployed event stream';

  it('suffices for 17 event streams whose names are as long as can be', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    addEventStreams(stack, 17, withDestination(stack));

    // THEN
    Template.fromStack(stack).resourceCountIs('Custom::PinpointEventStream', 17);
  });

  it.each<[string, (stack: Stack) => Parameters<typeof PinpointEventStreamProvider.forStack>[1], number, number]>([
    ['with a log group of its own', () => ({}), 18, 10_716],
    ['with a log group whose name is not known at synthesis',
      (stack) => ({ logGroup: logs.LogGroup.fromLogGroupName(stack, 'Logs', new CfnParameter(stack, 'Name').valueAsString) }), 18, 10_831],
  ])('is refused to an 18th one %s', (_, props, count, characters) => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack, props(stack));

    // WHEN
    addEventStreams(stack, count, withDestination(stack));

    // THEN
    expect(() => Template.fromStack(stack)).toThrow(`[Stack/PinpointEventStreamProvider] ${message(count, characters)}`);
  });

  it('is reckoned by the real ARN of a role where that is known', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    addEventStreams(stack, 18, withRoleOf(stack, ROLE_ARN));

    // THEN
    Template.fromStack(stack).resourceCountIs('Custom::PinpointEventStream', 18);
  });

  it('can be used to the last character, and no further', () => {
    // GIVEN
    const withRoleOfLength = (length: number) => {
      const stack = newStack();
      addEventStreams(stack, 17, withRoleOf(stack, ROLE_ARN.padEnd(75, 'x')));
      const role = iam.Role.fromRoleArn(stack, 'LastRole', ROLE_ARN.padEnd(length, 'x'));
      addEventStreams(stack, 1, { destination: new KinesisStreamDestination(), role });
      return stack;
    };

    // WHEN
    const full = withRoleOfLength(85);
    const tooFull = withRoleOfLength(86);

    // THEN
    Template.fromStack(full).resourceCountIs('Custom::PinpointEventStream', 18);
    expect(() => Template.fromStack(tooFull)).toThrow(message(18, 10_241));
  });

  it('is enough for more event streams with a second provider', () => {
    // GIVEN
    const stack = newStack();
    addEventStreams(stack, 17, withDestination(stack));

    // WHEN
    addEventStreams(stack, 1, {
      destination: new KinesisStreamDestination(),
      provider: new PinpointEventStreamProvider(stack, 'Second'),
    });

    // THEN
    expect(resourcesOf(stack, 'AWS::Lambda::Function').map(({ logicalId }) => logicalId))
      .toEqual([expect.stringMatching(/^PinpointEventStreamProvider/), expect.stringMatching(/^Second/)]);
  });
});
