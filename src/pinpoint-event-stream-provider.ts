import * as path from 'path';
import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct, IDependable } from 'constructs';
import {
  DEFAULT_PROPAGATION_TIMEOUT_SECONDS,
  functionTimeoutSeconds,
  MAX_EVENT_AGE_SECONDS,
  MAX_PROPAGATION_TIMEOUT_SECONDS,
  PROPAGATION_TIMEOUT_VARIABLE,
  serviceTimeoutSeconds,
} from './handler/protocol';
import { eventStreamPolicy, loggingPolicy, vpcPolicy } from './private/handler-policy';
import { attachInlinePolicy } from './private/inline-policy';
import { onceComplete } from './private/once-complete';
import { eventStreamPolicySize, loggingPolicySize, MAX_INLINE_POLICY_CHARACTERS, vpcPolicySize } from './private/policy-size';
import { errorAt } from './private/report';
import { isSame } from './private/same';
import { validateEnvironment } from './private/validation';
import { warnOfWeakReferences } from './private/weak-references';

/** Takes half the time of 128 MB for about the same price. More memory would cost more while the function waits. See docs/decisions/0002-bundled-sdk.md. */
const MEMORY_MEGABYTES = 256;

/** The ID of a stack's shared provider. Never change it: the function's logical ID, and so the service token, depends on it. */
const SHARED_ID = 'PinpointEventStreamProvider';

/**
 * Properties of a `PinpointEventStreamProvider`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html
 */
export interface PinpointEventStreamProviderProps {
  /**
   * How long the function retries calls that fail for a reason that may pass, such as IAM's propagation, throttling or an outage.
   *
   * A new role is not visible everywhere at once. Amazon Pinpoint answers with the same "bad request" whether the role
   * does not exist yet or never will.
   *
   * Whole seconds, from 0 (one attempt) to 10 minutes. The function's timeout is two minutes longer, and CloudFormation
   * waits three minutes beyond that.
   *
   * Throws if it is not a whole number of seconds, is longer than 10 minutes, or is not known at synthesis.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
   * @default Duration.minutes(2)
   */
  readonly propagationTimeout?: Duration;

  /**
   * The log group to which the function writes one line of JSON per decision.
   *
   * The function may write to this log group only. The log group itself is not changed.
   *
   * Throws if it is a log group of the app in another region or account than the stack. Reports an error if its ARN names
   * another region or account.
   *
   * @default - a new log group that keeps its lines for two years and is deleted with the provider
   */
  readonly logGroup?: logs.ILogGroupRef;

  /**
   * The VPC in which the function runs.
   *
   * The function must reach Amazon Pinpoint from there, and Amazon S3, where it puts its answers for CloudFormation.
   * A VPC without NAT needs an endpoint for each:
   *
   * - `com.amazonaws.REGION.pinpoint`, an interface endpoint: `InterfaceVpcEndpointAwsService.PINPOINT_V1`. `PINPOINT` is
   *   the endpoint of AWS End User Messaging
   * - `com.amazonaws.REGION.s3`, a gateway endpoint: `GatewayVpcEndpointAwsService.S3`. Its policy, if you set one, must allow
   *   `s3:PutObject` on `cloudformation-custom-resource-response-REGION/*`, with the region written without hyphens, such as `euwest1`
   *
   * Add them with `vpc.addInterfaceEndpoint()` and `vpc.addGatewayEndpoint()`. A stack that contains them then keeps them until its
   * event streams are deleted. The function's role gets the permissions that Lambda needs to connect the function to the VPC.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/security-vpc-endpoints.html
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
   * @default - the function runs in no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the VPC in which the function runs.
   *
   * Throws without `vpc`.
   *
   * @default - the default of the VPC: its private subnets, if it has any
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the function.
   *
   * Throws without `vpc`.
   *
   * @default - with `vpc`, a new one, which allows all outbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The key that encrypts the function's environment variables, which hold no secret.
   *
   * Throws if it is a key of the app in another region or account than the stack. Reports an error if its ARN names
   * another region or account.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
   * @default - the AWS managed key of Lambda
   */
  readonly environmentEncryption?: kms.IKeyRef;
}

/**
 * The Lambda function that sets and removes event streams, with its role and its log group.
 *
 * All event streams of a stack share one provider, which the first of them creates. Most stacks never mention it. To set its
 * properties, call `forStack()` before the first event stream.
 *
 * The role has one inline policy for each event stream. It has room for about 17 event streams, or 16 in a VPC, because IAM
 * limits the inline policies of a role to 10,240 characters. A value that synthesis does not know counts as the longest
 * that it can be (for a role that you pass in: without a path). For more event streams, create a second provider and pass
 * it to them as `provider`.
 *
 * A deployed event stream can never change its provider, because CloudFormation refuses to change the service token of a
 * custom resource. Only new event streams can use another provider.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 *
 * @example
 * import { Duration, Stack } from 'aws-cdk-lib';
 * import { PinpointEventStreamProvider } from 'cdk-pinpoint-event-stream';
 *
 * declare const stack: Stack;
 * PinpointEventStreamProvider.forStack(stack, { propagationTimeout: Duration.minutes(5) });
 */
@propertyInjectable
export class PinpointEventStreamProvider extends Construct {
  /** Identifies this class for property injection. Its injectors also apply to the provider that `forStack()` creates. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-pinpoint-event-stream.PinpointEventStreamProvider';

  /**
   * Returns the provider that the event streams of a stack share, and creates it on the first call.
   *
   * To set its properties, call this before the first event stream of the stack.
   *
   * Throws if the stack's provider already exists with other properties than these, if another construct of the stack has its ID,
   * `PinpointEventStreamProvider`, or where one of the properties says so.
   *
   * @param scope any construct in the stack
   * @param props the properties that the provider must have, by default those that it has, or the defaults for a new one
   * @returns the shared provider of the stack
   */
  public static forStack(scope: Construct, props: PinpointEventStreamProviderProps = {}): PinpointEventStreamProvider {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(SHARED_ID);
    if (!existing) {
      const provider = new PinpointEventStreamProvider(stack, SHARED_ID, props);
      provider.requested = props;
      return provider;
    }
    if (!(existing instanceof PinpointEventStreamProvider)) {
      throw errorAt(scope, `'${existing.node.path}' has the ID that the stack's shared PinpointEventStreamProvider needs: give that construct another ID`);
    }
    existing.validateSame(scope, props);
    return existing;
  }

  /**
   * The log group to which the function writes.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * The Lambda function, for example for an alarm on `handler.metricErrors()`.
   *
   * Anyone who may invoke it can change or delete the event streams that use this provider.
   */
  public readonly handler: lambda.IFunction;

  /**
   * The service token of the custom resources.
   *
   * @internal
   */
  public readonly _serviceToken: string;

  /**
   * How long CloudFormation waits for the function's answer.
   *
   * @internal
   */
  public readonly _serviceTimeout: Duration;

  /**
   * What the function needs to be invoked and to answer. It must exist from before the first request until after the last.
   *
   * @internal
   */
  public readonly _dependables: IDependable[];

  private readonly props: PinpointEventStreamProviderProps;
  /** What `forStack()` was called with. A property injector may have changed some of it. */
  private requested: PinpointEventStreamProviderProps = {};
  private readonly role: iam.Role;
  private eventStreams = 0;
  private inlinePolicyCharacters: number;

  /**
   * Adds a provider to a stack, beside the one that its event streams share.
   *
   * Throws where one of the properties says so. Synthesis fails if the policies of its event streams do not fit into its role.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the provider, which must not change while an event stream uses it
   * @param props the properties, without which the defaults apply
   */
  constructor(scope: Construct, id: string, props: PinpointEventStreamProviderProps = {}) {
    super(scope, id);
    const propagationSeconds = this.validatePropagationTimeout(props.propagationTimeout);
    const timeout = Duration.seconds(functionTimeoutSeconds(propagationSeconds));
    const { logGroup, vpc, vpcSubnets, securityGroups, environmentEncryption } = props;
    this.logGroup = logGroup ? this.logGroupOf(logGroup) : new logs.LogGroup(this, 'Logs', { removalPolicy: RemovalPolicy.DESTROY });
    validateEnvironment(this, 'logGroup', this.logGroup.logGroupArn);
    if (environmentEncryption) {
      validateEnvironment(this, 'environmentEncryption', environmentEncryption.keyRef.keyArn);
    }
    this.props = { ...props, propagationTimeout: Duration.seconds(propagationSeconds), logGroup: logGroup ?? this.logGroup };

    this.role = new iam.Role(this, 'Role', {
      description: 'Sets and removes the event streams of Amazon Pinpoint applications',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: { Logs: loggingPolicy(this.logGroup.logGroupArn) },
    });
    const handler = new lambda.Function(this, 'Function', {
      description: 'Sets and removes the event streams of Amazon Pinpoint applications',
      runtime: lambda.determineLatestNodeRuntime(this),
      memorySize: MEMORY_MEGABYTES,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', 'assets', 'handler', 'index')),
      role: this.role,
      logGroup: this.logGroup,
      timeout,
      environment: { [PROPAGATION_TIMEOUT_VARIABLE]: String(propagationSeconds) },
      vpc,
      vpcSubnets,
      securityGroups,
      environmentEncryption,
    });
    this.validateTimeout(handler, timeout.toSeconds());
    // A property injector of functions may also put it into a VPC. The function depends on the role and on everything under it.
    if (handler.isBoundToVpc) {
      this.role.attachInlinePolicy(new iam.Policy(this.role, 'Vpc', { document: vpcPolicy() }));
    }
    this.node.defaultChild = handler.node.defaultChild;
    this.handler = handler;
    // A Create that runs twice, or late, could put back an event stream that has been deleted since.
    const invocation = new lambda.EventInvokeConfig(this, 'Invocation', {
      function: handler,
      retryAttempts: 0,
      maxEventAge: Duration.seconds(MAX_EVENT_AGE_SECONDS),
    });
    // Without routes and endpoints, the function cannot answer, and the deletion of the stack would hang.
    this._dependables = [invocation, ...vpc ? [vpc, ...securityGroups ?? []] : []];
    this._serviceToken = handler.functionArn;
    this._serviceTimeout = Duration.seconds(serviceTimeoutSeconds(propagationSeconds));

    this.inlinePolicyCharacters = loggingPolicySize(this.logGroup.logGroupArn, logGroup === undefined) + (handler.isBoundToVpc ? vpcPolicySize() : 0);
    this.node.addValidation({ validate: () => this.validatePolicySize() });
  }

  /**
   * Allows the function to manage one event stream.
   *
   * @param eventStream the scope of the policy, which so comes and goes with the event stream
   * @internal
   */
  public _grantManage(eventStream: Construct, policyId: string, applicationId: string, roleArn: string): iam.Policy {
    this.eventStreams++;
    this.inlinePolicyCharacters += eventStreamPolicySize(roleArn);
    validateEnvironment(eventStream, 'provider', this._serviceToken);
    warnOfWeakReferences(eventStream, { provider: this._serviceToken });
    const { partition, region, account } = Stack.of(eventStream);
    const document = eventStreamPolicy({ partition, region, account, applicationId, roleArn });
    const policy = attachInlinePolicy(eventStream, policyId, document, this.role);
    // Never retained, even if the event stream is: IAM does not delete a role that still has a policy.
    const resource = policy.node.defaultChild as CfnResource;
    onceComplete(resource, () => {
      resource.cfnOptions.deletionPolicy = undefined;
      resource.cfnOptions.updateReplacePolicy = undefined;
    });
    return policy;
  }

  /** The CDK's function does not take a mere reference to a log group. */
  private logGroupOf(logGroup: logs.ILogGroupRef): logs.ILogGroup {
    return 'logGroupArn' in logGroup ? logGroup as logs.ILogGroup : logs.LogGroup.fromLogGroupName(this, 'Logs', logGroup.logGroupRef.logGroupName);
  }

  /** @throws if a property injector of functions gives it too little time to answer */
  private validateTimeout(handler: lambda.Function, seconds: number): void {
    if (handler.timeout?.toSeconds() !== seconds) {
      throw errorAt(this, `the function must have a timeout of ${seconds} seconds, got ${handler.timeout?.toSeconds()}: exempt it from the property injector that sets the timeout`);
    }
  }

  private validatePropagationTimeout(timeout: Duration = Duration.seconds(DEFAULT_PROPAGATION_TIMEOUT_SECONDS)): number {
    const seconds = timeout.isUnresolved() ? NaN : timeout.toMilliseconds() / 1_000;
    if (!Number.isInteger(seconds) || seconds > MAX_PROPAGATION_TIMEOUT_SECONDS) {
      throw errorAt(this,
        `propagationTimeout must be a whole number of seconds, known at synthesis, from 0 to ${MAX_PROPAGATION_TIMEOUT_SECONDS}, ` +
        `got ${timeout.isUnresolved() ? 'a token' : `${seconds} seconds`}`);
    }
    return seconds;
  }

  /** @throws if a property that is given differs from what this provider has */
  private validateSame(scope: Construct, props: PinpointEventStreamProviderProps): void {
    this.validatePropagationTimeout(props.propagationTimeout);
    for (const name of Object.keys(props) as (keyof PinpointEventStreamProviderProps)[]) {
      if (props[name] !== undefined && ![this.props, this.requested].some((existing) => isSame(props[name], existing[name]))) {
        throw errorAt(scope,
          `the stack's provider already exists with another ${name}: ` +
          'call PinpointEventStreamProvider.forStack() with properties only once, before the first event stream of the stack');
      }
    }
  }

  private validatePolicySize(): string[] {
    if (this.inlinePolicyCharacters <= MAX_INLINE_POLICY_CHARACTERS) {
      return [];
    }
    return [
      `the ${this.eventStreams} event streams of this provider need up to ${this.inlinePolicyCharacters} characters of inline policies, ` +
      `but IAM allows a role ${MAX_INLINE_POLICY_CHARACTERS}: pass a second PinpointEventStreamProvider to the newest event streams, ` +
      'and leave deployed ones as they are, because CloudFormation refuses to change their provider',
    ];
  }
}
