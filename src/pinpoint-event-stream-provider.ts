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

/** Half the time of 128 MB for about the same price; more would be paid for while the function waits. See docs/decisions/0002-bundled-sdk.md. */
const MEMORY_MEGABYTES = 256;

/** The ID of the provider that a stack's event streams share; the function's logical ID, and so the service token, rests on it. */
const SHARED_ID = 'PinpointEventStreamProvider';

/**
 * Properties of a `PinpointEventStreamProvider`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html
 */
export interface PinpointEventStreamProviderProps {
  /**
   * How long the function retries what IAM's propagation, throttling or an outage may cause, before it fails.
   *
   * A new role is not visible everywhere at once, and Amazon Pinpoint answers the
   * same "bad request" to a role that is not there yet and to one that never will
   * be. Whole seconds, from 0 (one attempt) to 10 minutes. The function's timeout
   * is two minutes longer, and CloudFormation waits three minutes beyond that.
   *
   * Throws if it is no whole number of seconds, is longer than 10 minutes, or is not known at synthesis.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
   * @default Duration.minutes(2)
   */
  readonly propagationTimeout?: Duration;

  /**
   * The log group to which the function writes one line of JSON per decision.
   *
   * The function may write to this log group and to no other; nothing else about it is changed.
   *
   * @default - a new log group that keeps its lines for two years, deleted with the provider
   */
  readonly logGroup?: logs.ILogGroupRef;

  /**
   * The VPC in which the function runs.
   *
   * It must let the function reach Amazon Pinpoint and Amazon S3, to which the function sends its answers for
   * CloudFormation. The function's role then gets the permissions that Lambda needs to connect it to the VPC.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   * @default - the function runs in no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the VPC in which the function runs.
   *
   * Throws without `vpc`.
   *
   * @default - the default of the VPC: its private subnets, if it has some
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
   * The key that encrypts the function's environment variables. They hold no secret.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
   * @default - the AWS managed key of Lambda
   */
  readonly environmentEncryption?: kms.IKeyRef;
}

/**
 * The Lambda function behind event streams, with its role and its log group.
 *
 * All event streams of a stack share one, made on first use, so most stacks
 * never mention it. Its role holds the permissions of each event stream as a
 * policy of that event stream's own, and room for about 17 of them, 16 in a VPC: IAM limits
 * a role's inline policies to 10,240 characters. What is not known at synthesis
 * counts with the longest value it can have, a role passed in without a path. Create
 * a second provider for more event streams, and pass it to them as their `provider`.
 *
 * A deployed event stream can never change its provider, since CloudFormation
 * refuses to change a custom resource's service token; only new event streams can
 * name another one.
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
  /** Identifies this class for property injection: its injectors apply to the provider of `forStack()` as well. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-pinpoint-event-stream.PinpointEventStreamProvider';

  /**
   * The provider that the event streams of the scope's stack share, made on first use.
   *
   * Call it with properties before the first event stream of the stack to set them.
   *
   * Throws if the stack's provider exists already and differs from these properties, if another construct has its ID,
   * `PinpointEventStreamProvider`, and where one of the properties says so.
   *
   * @param scope any construct in the stack
   * @param props what the provider must have, by default what it has, or the defaults of the properties
   * @returns the one provider of the stack
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
   * The function, for alarms such as `handler.metricErrors()`.
   *
   * Whoever may invoke it can change or delete the event streams of the stack.
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
   * What the function needs to be invoked and to answer: in place before the first request, and until after the last.
   *
   * @internal
   */
  public readonly _dependables: IDependable[];

  private readonly props: PinpointEventStreamProviderProps;
  /** What `forStack()` was called with, of which a property injector may have changed something. */
  private requested: PinpointEventStreamProviderProps = {};
  private readonly role: iam.Role;
  private eventStreams = 0;
  private inlinePolicyCharacters: number;

  /**
   * Adds a provider to a stack, beside the one that its event streams share.
   *
   * Throws where one of its properties says so. Synthesis fails if the policies of its event streams
   * do not fit its role.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the provider, which stays the same as long as an event stream uses it
   * @param props what differs from the defaults, by default nothing
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
    // A property injector of functions may put it into a VPC as well. The function depends on the role and on what is under it.
    if (handler.isBoundToVpc) {
      this.role.attachInlinePolicy(new iam.Policy(this.role, 'Vpc', { document: vpcPolicy() }));
    }
    this.node.defaultChild = handler.node.defaultChild;
    this.handler = handler;
    // A Create that is invoked again, or late, could put back an event stream that was deleted since.
    const invocation = new lambda.EventInvokeConfig(this, 'Invocation', {
      function: handler,
      retryAttempts: 0,
      maxEventAge: Duration.seconds(MAX_EVENT_AGE_SECONDS),
    });
    // Without its routes and endpoints, the function can no longer answer, and a stack would be stuck in its deletion.
    this._dependables = [invocation, ...vpc ? [vpc, ...securityGroups ?? []] : []];
    this._serviceToken = handler.functionArn;
    this._serviceTimeout = Duration.seconds(serviceTimeoutSeconds(propagationSeconds));

    this.inlinePolicyCharacters = loggingPolicySize(this.logGroup.logGroupArn, logGroup === undefined) + (handler.isBoundToVpc ? vpcPolicySize() : 0);
    this.node.addValidation({ validate: () => this.validatePolicySize() });
  }

  /**
   * Grants the function the management of one event stream.
   *
   * @param eventStream the scope of the policy, so that it comes and goes with the event stream
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
    // Where the event stream is retained, by whatever means, this goes all the same: IAM deletes no role that has a policy.
    const resource = policy.node.defaultChild as CfnResource;
    onceComplete(resource, () => {
      resource.cfnOptions.deletionPolicy = undefined;
      resource.cfnOptions.updateReplacePolicy = undefined;
    });
    return policy;
  }

  /** The function takes no mere reference to a log group. */
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
