import { readdirSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, CfnResource, Duration, IPropertyInjector, NestedStack, PropertyInjectors, Stack, Token } from 'aws-cdk-lib';
import { Capture, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { KinesisStreamDestination, PinpointEventStream, PinpointEventStreamProps, PinpointEventStreamProvider, PinpointEventStreamProviderProps } from '../../src';
import { allowing, APPLICATION_ID, arnInStack, arnOf, importedStream, newStack, ROLE_ARN } from '../support/synth';

/** Every property, with the constructs made once, and the structures again with each call. */
function givenOnce(stack: Stack): () => PinpointEventStreamProviderProps {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const securityGroup = new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc });
  const [logGroup, environmentEncryption] = [new logs.LogGroup(stack, 'Logs'), new kms.Key(stack, 'Key')];
  return () => ({
    propagationTimeout: Duration.minutes(1),
    logGroup,
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
    environmentEncryption,
  });
}

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

  it('has the properties of the first call, which later ones may repeat, as structures of their own', () => {
    // GIVEN
    const stack = newStack();
    const propsOf = givenOnce(stack);
    const provider = PinpointEventStreamProvider.forStack(stack, propsOf());

    // WHEN
    const again = PinpointEventStreamProvider.forStack(stack, propsOf());

    // THEN
    expect(again).toBe(provider);
    expect(PinpointEventStreamProvider.forStack(stack)).toBe(provider);
    expect(PinpointEventStreamProvider.forStack(stack, { vpc: undefined, propagationTimeout: Duration.seconds(60) })).toBe(provider);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  it.each<[keyof PinpointEventStreamProviderProps, (stack: Stack) => PinpointEventStreamProviderProps]>([
    ['propagationTimeout', () => ({ propagationTimeout: Duration.minutes(2) })],
    ['logGroup', (stack) => ({ logGroup: new logs.LogGroup(stack, 'Another') })],
    ['vpc', (stack) => ({ vpc: new ec2.Vpc(stack, 'Another') })],
    ['vpcSubnets', () => ({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } })],
    ['vpcSubnets', () => ({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true } })],
    ['vpcSubnets', () => ({ vpcSubnets: {} })],
    ['securityGroups', () => ({ securityGroups: [] })],
    ['environmentEncryption', (stack) => ({ environmentEncryption: new kms.Key(stack, 'Another') })],
  ])('is refused with another %s', (name, propsOf) => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack, givenOnce(stack)());

    // WHEN
    const again = () => PinpointEventStreamProvider.forStack(stack, propsOf(stack));

    // THEN
    expect(again).toThrow(
      `the stack's provider already exists with another ${name}: ` +
      'call PinpointEventStreamProvider.forStack() with properties only once, before the first event stream of the stack (at Stack)');
  });

  it.each<[keyof PinpointEventStreamProviderProps, (stack: Stack) => unknown]>([
    ['logGroup', (stack) => new logs.LogGroup(stack, 'Logs')],
    ['vpc', (stack) => new ec2.Vpc(stack, 'Vpc')],
    ['vpcSubnets', () => ({})],
    ['securityGroups', () => []],
    ['environmentEncryption', (stack) => new kms.Key(stack, 'Key')],
  ])('is refused with a %s where it was made with none', (name, valueOf) => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack);

    // WHEN
    const again = () => PinpointEventStreamProvider.forStack(stack, { [name]: valueOf(stack) });

    // THEN
    expect(again).toThrow(`the stack's provider already exists with another ${name}: `);
  });

  it('is refused where another construct has its ID', () => {
    // GIVEN
    const stack = newStack();
    new Construct(stack, 'PinpointEventStreamProvider');

    // WHEN
    const add = () => new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    expect(add).toThrow(
      "'Stack/PinpointEventStreamProvider' has the ID that the stack's shared PinpointEventStreamProvider needs: give that construct another ID (at Stack/Events)");
  });

  it('has the properties that the app injects, also where an event stream makes it', () => {
    // GIVEN
    const stack = newStack();
    const injector: IPropertyInjector = {
      constructUniqueId: PinpointEventStreamProvider.PROPERTY_INJECTION_ID,
      inject: (originalProps) => ({ propagationTimeout: Duration.seconds(60), ...originalProps }),
    };
    PropertyInjectors.of(stack.node.root).add(injector);

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Timeout: 180 });
    Template.fromStack(stack).hasResourceProperties('Custom::PinpointEventStream', { ServiceTimeout: '360' });
    expect(PinpointEventStreamProvider.forStack(stack, { propagationTimeout: Duration.minutes(1) })).toBe(
      stack.node.findChild('PinpointEventStreamProvider'));
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

  it('has a role for Lambda in this account alone, which may write to its own log group, and has no other policy', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: allowing({
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      }),
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

  it.each<[string, (stack: Stack) => logs.ILogGroupRef, unknown, unknown]>([
    ['a CfnLogGroup', (stack) => new logs.CfnLogGroup(stack, 'Logs'), { Ref: 'Logs' },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:111111111111:log-group:', { Ref: 'Logs' }, ':*']] }],
    ['a reference by its name', (stack) => logs.CfnLogGroup.fromLogGroupName(stack, 'Logs', 'pinpoint'), 'pinpoint',
      arnInStack('logs:eu-west-1:111111111111:log-group:pinpoint:*')],
    ['a reference by its ARN', (stack) => logs.CfnLogGroup.fromLogGroupArn(stack, 'Logs', 'arn:aws:logs:eu-west-1:111111111111:log-group:pinpoint'),
      'pinpoint', arnInStack('logs:eu-west-1:111111111111:log-group:pinpoint:*')],
  ])('writes to the log streams of a log group that is known as %s', (_, logGroupOf, name, logStreamsArn) => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack, { logGroup: logGroupOf(stack) });

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: name } });
    template.hasResourceProperties('AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: [{ Resource: logStreamsArn }] } }] });
  });

  it('has metrics for alarms', () => {
    // GIVEN
    const stack = newStack();
    const { handler } = PinpointEventStreamProvider.forStack(stack);

    // WHEN
    new cloudwatch.Alarm(stack, 'Alarm', { metric: handler.metricErrors(), threshold: 1, evaluationPeriods: 1 });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^PinpointEventStreamProviderFunction') } }],
    });
  });

  it('is refused where a property injector of functions gives it less time than it needs to answer', () => {
    // GIVEN
    const stack = newStack();
    const inject = <P extends object>(props: P) => ({ ...props, timeout: Duration.seconds(30) });
    PropertyInjectors.of(stack).add({ constructUniqueId: lambda.Function.PROPERTY_INJECTION_ID, inject });

    // WHEN
    const add = () => PinpointEventStreamProvider.forStack(stack);

    // THEN
    expect(add).toThrow('the function must have a timeout of 240 seconds, got 30: exempt it from the property injector that sets the timeout '
      + '(at Stack/PinpointEventStreamProvider)');
  });

  it('is the default child of the provider, which takes overrides', () => {
    // GIVEN
    const stack = newStack();
    const provider = PinpointEventStreamProvider.forStack(stack);

    // WHEN
    (provider.node.defaultChild as CfnResource).addPropertyOverride('ReservedConcurrentExecutions', 1);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 1 });
  });

  it('has its environment encrypted with the key that is passed in', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack, { environmentEncryption: new kms.CfnKey(stack, 'Key') });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { KmsKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] } });
  });
});

describe('the function in a VPC', () => {
  const ACTIONS = [
    'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
  ];

  it('is in its private subnets, with a security group of its own', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) });

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: {
        SubnetIds: [{ Ref: Match.stringLikeRegexp('^VpcPrivateSubnet1Subnet') }],
        SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^PinpointEventStreamProviderFunctionSecurityGroup'), 'GroupId'] }],
      },
    });
  });

  it('is in the subnets and the security groups that are passed in', () => {
    // GIVEN
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      maxAzs: 1,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    const securityGroups = [new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc })];

    // WHEN
    PinpointEventStreamProvider.forStack(stack, { vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, securityGroups });

    // THEN
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: {
        SubnetIds: [{ Ref: Match.stringLikeRegexp('^VpcIsolatedSubnet1Subnet') }],
        SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^SecurityGroup'), 'GroupId'] }],
      },
    });
  });

  it.each<[string, (vpc: ec2.Vpc) => PinpointEventStreamProviderProps, string]>([
    ['subnets', () => ({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }), "Cannot configure 'vpcSubnets' without configuring a VPC"],
    ['security groups', (vpc) => ({ securityGroups: [new ec2.SecurityGroup(vpc, 'SecurityGroup', { vpc })] }),
      "Cannot configure 'securityGroups' without configuring a VPC"],
  ])('is refused where its %s are given, and not the VPC', (_, propsOf, problem) => {
    // GIVEN
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');

    // WHEN
    const create = () => PinpointEventStreamProvider.forStack(stack, propsOf(vpc));

    // THEN
    expect(create).toThrow(problem);
  });

  it('has a role that lets Lambda connect it, and denies the same to its code, and has no managed policy', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    PinpointEventStreamProvider.forStack(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) });

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectEquals({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ACTIONS, Resource: '*' },
          { Effect: 'Deny', Action: ACTIONS, Resource: '*', Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } } },
        ],
      }),
      Roles: [{ Ref: Match.stringLikeRegexp('^PinpointEventStreamProviderRole') }],
    });
    template.hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^PinpointEventStreamProviderRoleVpc')]) });
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  it('has that role where a property injector of functions connects it', () => {
    // GIVEN
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
    PropertyInjectors.of(stack).add({ constructUniqueId: lambda.Function.PROPERTY_INJECTION_ID, inject: (props) => ({ ...props, vpc }) });

    // WHEN
    PinpointEventStreamProvider.forStack(stack);

    // THEN
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
  });

  it.each([
    ['its route to the internet', 'VpcPrivateSubnet1DefaultRoute'],
    ['the NAT gateway', 'VpcPublicSubnet1NATGateway'],
    ['the route of the NAT gateway', 'VpcPublicSubnet1DefaultRoute'],
    ['the internet gateway', 'VpcIGW'],
    ['a gateway endpoint', 'VpcS3'],
    ['an interface endpoint that is added later', 'VpcPinpoint'],
    ['its security group', 'SecurityGroup'],
    ['a rule of its security group', 'SecurityGroupToPinpoint'],
  ])('can answer until the last event stream is deleted, which goes before %s', (_, id) => {
    // GIVEN
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } } });
    const securityGroup = new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc, allowAllOutbound: false });
    PinpointEventStreamProvider.forStack(stack, { vpc, securityGroups: [securityGroup] });

    // WHEN
    new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID });
    vpc.addInterfaceEndpoint('Pinpoint', { service: ec2.InterfaceVpcEndpointAwsService.PINPOINT });
    new ec2.CfnSecurityGroupEgress(securityGroup, 'ToPinpoint', { groupId: securityGroup.securityGroupId, ipProtocol: 'tcp', cidrIp: '10.0.0.0/16' });

    // THEN
    Template.fromStack(stack).hasResource('Custom::PinpointEventStream', { DependsOn: Match.arrayWith([Match.stringLikeRegexp(`^${id}[0-9A-F]{8}$`)]) });
  });

  it.each<[string, (stack: Stack) => Stack, (template: Record<string, any>) => unknown]>([
    ['a nested stack whose parent has the VPC', (stack) => new NestedStack(stack, 'Nested'), (template) =>
      Object.values<any>(template.Resources).find(({ Type }) => Type === 'AWS::CloudFormation::Stack').DependsOn],
    ['the stack of the VPC', (stack) => stack, (template) =>
      Object.values<any>(template.Resources).find(({ Type }) => Type === 'Custom::PinpointEventStream').DependsOn],
  ])('can answer until the last event stream is deleted in %s', (_, holderOf, dependenciesOf) => {
    // GIVEN
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
    const holder = holderOf(stack);
    PinpointEventStreamProvider.forStack(holder, { vpc });

    // WHEN
    new PinpointEventStream(holder, 'Events', { applicationId: APPLICATION_ID });

    // THEN
    expect(dependenciesOf(Template.fromStack(stack).toJSON())).toEqual(expect.arrayContaining([
      expect.stringMatching(/^VpcPrivateSubnet1DefaultRoute/), expect.stringMatching(/^VpcPublicSubnet1NATGateway/),
    ]));
  });

  it('takes room in the role, so that 16 event streams remain', () => {
    // GIVEN
    const stack = newStack();
    PinpointEventStreamProvider.forStack(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) });
    const destination = new KinesisStreamDestination(importedStream(stack));

    // WHEN
    for (let i = 0; i < 17; i++) {
      new PinpointEventStream(stack, `Events${i}`, { applicationId: String(i).padStart(32, '0'), destination });
    }

    // THEN
    expect(() => Template.fromStack(stack)).toThrow('the 17 event streams of this provider need up to 10690 characters of inline policies');
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
    'but IAM allows a role 10240: pass a second PinpointEventStreamProvider to the newest event streams, ' +
    'and leave deployed ones as they are, because CloudFormation refuses to change their provider';

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
