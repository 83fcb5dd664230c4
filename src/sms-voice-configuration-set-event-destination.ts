import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnConfigurationSet } from 'aws-cdk-lib/aws-smsvoice';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IDependable } from 'constructs';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './destinations/sms-voice-event-destination';
import { asDeliveryStream } from './private/delivery-stream';
import { described, errorAt, warn } from './private/report';
import { grantServiceRole, sourceConditions } from './private/service-role';
import { printable } from './private/tokens';
import { validateEnvironment } from './private/validation';
import { warnOfWeakReferences } from './private/weak-references';
import { SmsVoiceEventType } from './sms-voice-event-type';

const SERVICE = 'sms-voice.amazonaws.com';

/** The channels that `ALL` contains, according to AWS: SMS, MMS and voice. */
const CHANNELS_IN_ALL = ['TEXT', 'MEDIA', 'VOICE'];

/**
 * Options of an event destination: where events of an `SmsVoiceConfigurationSet` go, and which events.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-smsvoice-configurationset-eventdestination.html
 */
export interface SmsVoiceEventDestinationOptions {
  /**
   * Where the events go.
   *
   * A change to another destination of the same kind moves the events without a gap. The new destination and a new role exist
   * before the configuration set is changed. The old ones are deleted afterwards, unless they are retained. This does not hold for
   * what is changed in place, such as the policy of a topic that still has other statements, or the value of a parameter.
   *
   * Throws if it is not an `ISmsVoiceEventDestination` (a `KinesisStreamDestination` is not), or is a resource of the app in
   * another region or account. Reports an error if its ARN names another region or account.
   */
  readonly destination: ISmsVoiceEventDestination;

  /**
   * The types of events to send.
   *
   * Throws if the list is empty, if it has a type twice, or if it has a type beside another that contains it, such as `TEXT_ALL`.
   *
   * @default - all events. AWS does not document whether this includes the events of RCS
   */
  readonly eventTypes?: SmsVoiceEventType[];

  /**
   * The role that AWS End User Messaging assumes to write to the destination.
   *
   * The role gets the permissions for the destination in a separate policy, unless it is imported as immutable. A warning then
   * says which permissions to add.
   *
   * Its trust policy stays as it is. It must let `sms-voice.amazonaws.com` assume the role, for this account and this
   * configuration set only. If it does not, or if synthesis does not know it, a warning has the statement to add.
   *
   * Throws if it is not a role, if the destination is an SNS topic, which needs no role, or if it is a role of the app in another
   * account. Reports an error if its ARN names another account.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-kinesis-creating-role.html
   * @default - a new role that AWS End User Messaging can use for this configuration set of this account only, to write to this
   * destination only. For a topic, no role
   */
  readonly role?: iam.IRole;

  /**
   * Whether events are sent to the destination.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/** The configuration set that an event destination belongs to. */
interface ConfigurationSet {
  readonly name: string;
  /** Without a reference to the configuration set, because that depends on what uses this ARN. */
  readonly arn: string;
}

/** A sink that AWS End User Messaging may write to, once all of the dependables exist. */
interface GrantedSink {
  readonly kind: 'Firehose' | 'CloudWatchLogs' | 'Sns';
  readonly role?: iam.IRole;
  readonly dependables: IDependable[];
  readonly properties: Partial<CfnConfigurationSet.EventDestinationProperty>;
}

/**
 * An event destination of an `SmsVoiceConfigurationSet`, as its `addEventDestination()` returns it.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-destinations.html
 *
 * @example
 * import * as iam from 'aws-cdk-lib/aws-iam';
 * import { CloudWatchLogsDestination, SmsVoiceConfigurationSet } from 'cdk-pinpoint-event-stream';
 *
 * declare const messages: SmsVoiceConfigurationSet;
 * declare const analysts: iam.IRole;
 * const toLog = messages.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
 * toLog.logGroup!.grantRead(analysts);
 */
export class SmsVoiceConfigurationSetEventDestination extends Construct {
  /**
   * Adds an event destination under its configuration set.
   *
   * @internal
   */
  public static _addTo(
    scope: Construct, id: string, configurationSet: ConfigurationSet, options: SmsVoiceEventDestinationOptions,
  ): SmsVoiceConfigurationSetEventDestination {
    return new SmsVoiceConfigurationSetEventDestination(scope, id, configurationSet, options);
  }

  /**
   * The role that AWS End User Messaging assumes to write to the destination, not set where that is a topic.
   */
  public readonly role?: iam.IRole;

  /**
   * The Firehose delivery stream that receives the events, not set where something else does, or where only a reference was passed in.
   */
  public readonly deliveryStream?: firehose.IDeliveryStream;

  /**
   * The bucket that was created for the events, not set where none was.
   */
  public readonly bucket?: s3.IBucket;

  /**
   * The CloudWatch log group that receives the events, not set where something else does.
   */
  public readonly logGroup?: logs.ILogGroup;

  /**
   * The SNS topic that receives the events, not set where something else does.
   */
  public readonly topic?: sns.ITopic;

  /**
   * How the resource of the configuration set describes this event destination.
   *
   * @internal
   */
  public readonly _properties: CfnConfigurationSet.EventDestinationProperty;

  /**
   * What must exist before events are sent there.
   *
   * @internal
   */
  public readonly _dependables: IDependable[];

  private constructor(scope: Construct, id: string, configurationSet: ConfigurationSet, options: SmsVoiceEventDestinationOptions) {
    super(scope, id);
    const { destination, eventTypes = [SmsVoiceEventType.ALL], enabled = true } = options;
    validateEventTypes(this, eventTypes);
    validateDestination(this, destination);
    const config = destination.bindAsSmsVoiceEventDestination(this);
    validateOneSink(this, config);
    const { kind, role, dependables, properties } = config.topic
      ? this.grantPublish(config.topic, configurationSet, options.role)
      : this.grantWrite(config, configurationSet, options.role);

    this.role = role;
    this.deliveryStream = asDeliveryStream(config.deliveryStream);
    this.bucket = config.bucket;
    this.logGroup = config.logGroup;
    this.topic = config.topic;
    this._dependables = [...dependables, ...config.dependables ?? []];
    this._properties = {
      eventDestinationName: `${id}-${kind}`,
      enabled,
      matchingEventTypes: eventTypes.map((eventType) => eventType.name),
      ...properties,
    };
  }

  /** Publishing to a topic takes no role: the policies of the topic and of its key allow it. */
  private grantPublish(topic: sns.ITopic, { arn }: ConfigurationSet, role: iam.IRole | undefined): GrantedSink {
    if (role) {
      throw errorAt(this, `role must not be set with an SNS topic, which needs none, got '${role.node.path}': leave it out`);
    }
    const { topicArn, masterKey } = topic;
    this.validateSink(topicArn);
    const statement = new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(SERVICE)], actions: ['sns:Publish'], resources: [topicArn], conditions: sourceConditions(this, arn),
    });
    const { statementAdded, policyDependable } = topic.addToResourcePolicy(statement);
    if (!statementAdded) {
      warn(this, 'topic-policy', `the policy of the imported topic '${topic.node.path}' cannot be changed from here: add to it ${printable(this, statement.toJSON())}, `
        + `and if the topic has a key, let ${SERVICE} use that`);
    }
    if (masterKey) {
      this.grantUse(masterKey);
    }
    return { kind: 'Sns', dependables: policyDependable ? [policyDependable] : [], properties: { snsDestination: { topicArn } } };
  }

  /** Opens the key of a topic to the service. */
  private grantUse(key: kms.IKey): void {
    const statement = new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(SERVICE)],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['*'],
      // AWS documents no condition, and not whether SNS passes the source on to KMS. If it does, other accounts are refused.
      conditions: { StringEqualsIfExists: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    const { statementAdded } = key.addToResourcePolicy(statement);
    if (!statementAdded) {
      warn(this, 'topic-key-policy', `the policy of the imported key '${key.node.path}' cannot be changed from here: add to it ${printable(this, statement.toJSON())}`);
    } else if (!key.node.scopes.includes(this)) {
      warn(this, 'topic-key-shared', `the key '${key.node.path}' now lets ${SERVICE} use it for all that it protects: give the topic a key of its own`);
    }
  }

  private grantWrite(config: SmsVoiceEventDestinationConfig, { name, arn }: ConfigurationSet, given: iam.IRole | undefined): GrantedSink {
    const { deliveryStream, logGroup, policyStatements = [] } = config;
    const sinkArn = deliveryStream?.deliveryStreamRef.deliveryStreamArn ?? logGroupArn(this, logGroup!);
    this.validateSink(logGroup?.logGroupArn ?? sinkArn);
    const { role, dependables } = grantServiceRole(this, {
      description: 'Lets AWS End User Messaging write the events of one configuration set to their destination',
      service: SERVICE,
      sourceArn: arn,
      policyStatements,
      // With the ID: two event destinations may share a role and a sink, but each has its own policy.
      identity: [name, this.node.id, sinkArn],
      role: given,
    });
    const iamRoleArn = role.roleArn;
    return deliveryStream
      ? { kind: 'Firehose', role, dependables, properties: { kinesisFirehoseDestination: { deliveryStreamArn: sinkArn, iamRoleArn } } }
      : { kind: 'CloudWatchLogs', role, dependables, properties: { cloudWatchLogsDestination: { logGroupArn: sinkArn, iamRoleArn } } };
  }

  private validateSink(arn: string): void {
    validateEnvironment(this, 'destination', arn);
    warnOfWeakReferences(this, { destination: arn });
  }
}

/** Without the `:*` of the ARN that CloudFormation gives, as AWS documents it for event destinations. */
function logGroupArn(scope: Construct, { logGroupName, env: { region, account } }: logs.ILogGroup): string {
  return Arn.format({
    service: 'logs', resource: 'log-group', resourceName: logGroupName, region, account, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  }, Stack.of(scope));
}

/** @throws if some event would match twice, as far as the names of the event types tell, or if there are no event types */
function validateEventTypes(scope: Construct, eventTypes: SmsVoiceEventType[]): void {
  const names = eventTypes.map(({ name }) => name);
  if (names.length === 0) {
    throw errorAt(scope, 'eventTypes is empty: leave it out for all events');
  }
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice) {
    throw errorAt(scope, `eventTypes has ${twice} twice: remove one of the two`);
  }
  for (const name of names) {
    const [channel] = name.split('_');
    const container = names.find((other) => other !== name && (other === `${channel}_ALL` || other === 'ALL' && CHANNELS_IN_ALL.includes(channel)));
    if (container) {
      throw errorAt(scope, `eventTypes has ${name}, which ${container} contains: remove one of the two`);
    }
  }
}

/** @throws if the destination is not one of AWS End User Messaging: not every language checks types */
function validateDestination(scope: Construct, destination: ISmsVoiceEventDestination | undefined): void {
  if (typeof destination?.bindAsSmsVoiceEventDestination !== 'function') {
    throw errorAt(scope,
      'destination must be an EventLake, a FirehoseDestination, a CloudWatchLogsDestination, an SnsTopicDestination or another ISmsVoiceEventDestination, ' +
      `got ${described(destination)}`);
  }
}

/** @throws unless the destination gives exactly one resource that receives events */
function validateOneSink(scope: Construct, { deliveryStream, logGroup, topic }: SmsVoiceEventDestinationConfig): void {
  const sinks = Object.entries({ deliveryStream, logGroup, topic }).filter(([, sink]) => sink).map(([name]) => name);
  if (sinks.length !== 1) {
    throw errorAt(scope, `destination must give exactly one of deliveryStream, logGroup and topic, got ${sinks.join(' and ') || 'none'}`);
  }
}
