import { Arn, ArnComponents, ArnFormat, Lazy, Names, PhysicalName, Resource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnConfigurationSet } from 'aws-cdk-lib/aws-smsvoice';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IDependable } from 'constructs';
import { FirehoseDestination } from './destinations/firehose-destination';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './destinations/sms-voice-event-destination';
import { grantServiceRole, sourceConditions } from './private/service-role';
import { errorAt } from './private/validation';
import { SmsVoiceEventType } from './sms-voice-event-type';

const SERVICE = 'sms-voice.amazonaws.com';

/** @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-destinations.html */
const MAX_EVENT_DESTINATIONS = 5;

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The kinds of events that AWS describes `ALL` to contain: SMS, MMS and voice. */
const KINDS_IN_ALL = ['TEXT', 'MEDIA', 'VOICE'];

/**
 * Properties of an event destination of a `SmsVoiceEventStream`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-smsvoice-configurationset-eventdestination.html
 */
export interface SmsVoiceEventDestinationProps {
  /**
   * Where the events go.
   *
   * Changing it moves the events without a gap: the new destination and a new role exist before
   * the configuration set is changed, and the old ones until after. That does not hold for what is changed in
   * place: the policy of a topic that still has other statements, the value of a parameter.
   *
   * Throws if it is not a destination of AWS End User Messaging, such as a `KinesisStreamDestination`.
   *
   * @default - a new Firehose delivery stream to a new bucket, see `FirehoseDestination`
   */
  readonly destination?: ISmsVoiceEventDestination;

  /**
   * The events that go there.
   *
   * Throws if there are none, if one is there twice, or if one is there beside another that contains it, such as `TEXT_ALL`.
   *
   * @default - all events; whether those of RCS are among them is not documented
   */
  readonly eventTypes?: SmsVoiceEventType[];

  /**
   * The role that AWS End User Messaging assumes to write to the destination.
   *
   * It is given the permissions for the destination, in a policy of their own, unless it is imported
   * as immutable. Its trust is left alone: it must let `sms-voice.amazonaws.com` assume it.
   *
   * Throws if the destination is an SNS topic, which needs no role.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-kinesis-creating-role.html
   * @default - a new role that only this configuration set of this account can use, and only for this destination; none for a topic
   */
  readonly role?: iam.IRole;
}

/**
 * Properties of a `SmsVoiceEventStream`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-smsvoice-configurationset.html
 */
export interface SmsVoiceEventStreamProps extends SmsVoiceEventDestinationProps {
  /**
   * The name of the configuration set, which each message that is to give events must name: 1 to 64 letters, digits, hyphens and underscores.
   *
   * Changing it replaces the configuration set.
   *
   * Throws if it is malformed. What only a deployment knows, such as a parameter, is checked by the deployment.
   *
   * @default - a name that begins with that of the stack and follows the path of the construct. CloudFormation does not
   * make it up, since the roles, which must exist before the configuration set, trust it by its name
   */
  readonly configurationSetName?: string;
}

interface AddedDestination {
  readonly role?: iam.IRole;
  readonly config: SmsVoiceEventDestinationConfig;
}

/** A sink that AWS End User Messaging may write to, once all of the dependables exist. */
interface GrantedSink {
  readonly role?: iam.IRole;
  readonly dependables: IDependable[];
  readonly sink: Partial<CfnConfigurationSet.EventDestinationProperty>;
}

/**
 * Streams the events of SMS, MMS, voice and RCS messages of AWS End User Messaging to a Firehose delivery stream, a CloudWatch log group or an SNS topic.
 *
 * Creates a configuration set with an event destination, and the destination and the role
 * where none are passed in. `addEventDestination()` adds more of them. A message gives events only if it is sent
 * with the name of a configuration set.
 *
 * This is where the events of a `PinpointEventStream` go on that are about SMS and voice. One `FirehoseDestination` that
 * is given a delivery stream serves both. The events are others, in another form.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets.html
 *
 * @example
 * import { Stack } from 'aws-cdk-lib';
 * import { FirehoseDestination, SmsVoiceEventStream, SmsVoiceEventType, SnsTopicDestination } from 'cdk-pinpoint-event-stream';
 *
 * declare const stack: Stack;
 * const events = new SmsVoiceEventStream(stack, 'SmsEvents', { destination: new FirehoseDestination() });
 * events.addEventDestination('Blocked', {
 *   destination: new SnsTopicDestination(),
 *   eventTypes: [SmsVoiceEventType.TEXT_BLOCKED, SmsVoiceEventType.TEXT_CARRIER_BLOCKED],
 * });
 */
export class SmsVoiceEventStream extends Resource {
  /**
   * The name of the configuration set.
   *
   * Whatever uses it is deployed after the configuration set.
   *
   * @attribute
   */
  public readonly configurationSetName: string;

  /**
   * The ARN of the configuration set.
   *
   * @attribute
   */
  public readonly configurationSetArn: string;

  /**
   * The role that AWS End User Messaging assumes to write to the destination, not set where that is a topic.
   */
  public readonly role?: iam.IRole;

  /**
   * The Firehose delivery stream that receives the events, not set where a log group or a topic does.
   */
  public readonly deliveryStream?: firehose.IDeliveryStream;

  /**
   * The bucket that was created for the events, not set where none was.
   */
  public readonly bucket?: s3.IBucket;

  /**
   * The CloudWatch log group that receives the events, not set where a delivery stream or a topic does.
   */
  public readonly logGroup?: logs.ILogGroup;

  /**
   * The SNS topic that receives the events, not set where a delivery stream or a log group does.
   */
  public readonly topic?: sns.ITopic;

  /** The name of the configuration set, without a reference to it. */
  private readonly name: string;
  private readonly resource: CfnConfigurationSet;
  private readonly eventDestinations: CfnConfigurationSet.EventDestinationProperty[] = [];

  /**
   * Adds a configuration set with an event destination to a stack.
   *
   * Throws where one of its properties says so.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the event stream
   * @param props what differs from the defaults, by default nothing
   */
  constructor(scope: Construct, id: string, props: SmsVoiceEventStreamProps = {}) {
    // The CDK generates a name for references from other environments; the roles need it in any case.
    const given = props.configurationSetName === PhysicalName.GENERATE_IF_NEEDED ? undefined : props.configurationSetName;
    super(scope, id, { physicalName: given ?? PhysicalName.GENERATE_IF_NEEDED });
    this.name = given ?? this.generatePhysicalName();
    validateName(this, 'configurationSetName', this.name);
    this.resource = new CfnConfigurationSet(this, 'Resource', {
      configurationSetName: this.name,
      eventDestinations: Lazy.any({ produce: () => this.eventDestinations }),
    });
    this.configurationSetName = this.getResourceNameAttribute(this.resource.ref);
    this.configurationSetArn = this.getResourceArnAttribute(this.resource.attrArn, this.arnComponents());

    const { role, config } = this.bindDestination('Events', props);
    this.role = role;
    this.deliveryStream = config.deliveryStream;
    this.bucket = config.bucket;
    this.logGroup = config.logGroup;
    this.topic = config.topic;
  }

  /**
   * Adds another event destination to the configuration set, which can have five in all.
   *
   * Throws where one of its properties says so, if the name is malformed or that of another event destination, or if there are five already.
   *
   * @param name the name, which no other event destination of this event stream has (the first is `Events`): 1 to 64 letters, digits,
   * hyphens and underscores
   * @param props what differs from the defaults, by default nothing
   * @returns the delivery stream, the log group or the topic that receives the events, and what else the destination tells
   */
  public addEventDestination(name: string, props: SmsVoiceEventDestinationProps = {}): SmsVoiceEventDestinationConfig {
    return this.bindDestination(name, props).config;
  }

  /**
   * Called where no name is given.
   *
   * @returns the stack's name and the path within it, shortened in the middle, and made unique by a hash
   */
  protected generatePhysicalName(): string {
    return Names.uniqueResourceName(this, { maxLength: 64, separator: '-', allowedSpecialCharacters: '_-' });
  }

  private bindDestination(name: string, props: SmsVoiceEventDestinationProps): AddedDestination {
    const { destination = new FirehoseDestination(), eventTypes = [SmsVoiceEventType.ALL] } = props;
    this.validateAnother(name);
    validateEventTypes(this, eventTypes);
    validateDestination(this, destination);

    // Not just the name, which may be that of a child already, or one that logical IDs leave out.
    const scope = new Construct(this, `Destination${name}`);
    const config = destination.bindAsSmsVoiceEventDestination(scope);
    validateOneSink(this, config);
    const { role, dependables, sink } = config.topic
      ? this.grantPublish(config.topic, props.role)
      : this.grantWrite(scope, name, config, props.role);
    this.resource.node.addDependency(...dependables, ...config.dependables ?? []);
    this.eventDestinations.push({
      eventDestinationName: name,
      enabled: true,
      matchingEventTypes: eventTypes.map((eventType) => eventType.name),
      ...sink,
    });
    return { role, config };
  }

  /** A topic is published to without a role: its own policy allows it, and the policy of its key. */
  private grantPublish(topic: sns.ITopic, role: iam.IRole | undefined): GrantedSink {
    if (role) {
      throw errorAt(this, `role must not be set where the destination is an SNS topic, got ${role.node.path}: a topic needs no role, so leave it out`);
    }
    const principals = [new iam.ServicePrincipal(SERVICE)];
    const { policyDependable } = topic.addToResourcePolicy(new iam.PolicyStatement({
      principals,
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: sourceConditions(this, this.arnByName()),
    }));
    // Without conditions, as AWS documents it for event destinations: which of them SNS hands on to KMS depends on the service.
    topic.masterKey?.addToResourcePolicy(new iam.PolicyStatement({
      principals,
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['*'],
    }));
    return { dependables: policyDependable ? [policyDependable] : [], sink: { snsDestination: { topicArn: topic.topicArn } } };
  }

  private grantWrite(scope: Construct, name: string, config: SmsVoiceEventDestinationConfig, given: iam.IRole | undefined): GrantedSink {
    const { deliveryStream, logGroup, policyStatements = [] } = config;
    const sinkArn = deliveryStream?.deliveryStreamArn ?? logGroupArn(this, logGroup!);
    const { role, dependables } = grantServiceRole(scope, {
      description: 'Lets AWS End User Messaging write the events of one configuration set to their destination',
      service: SERVICE,
      sourceArn: this.arnByName(),
      policyStatements,
      identity: [this.name, name, sinkArn],
      role: given,
    });
    const iamRoleArn = role.roleArn;
    const sink = deliveryStream
      ? { kinesisFirehoseDestination: { deliveryStreamArn: sinkArn, iamRoleArn } }
      : { cloudWatchLogsDestination: { logGroupArn: sinkArn, iamRoleArn } };
    return { role, dependables, sink };
  }

  private arnComponents(): ArnComponents {
    return { service: 'sms-voice', resource: 'configuration-set', resourceName: this.name };
  }

  /** The ARN of the configuration set, without a reference to it: it depends on what uses this. */
  private arnByName(): string {
    return Stack.of(this).formatArn(this.arnComponents());
  }

  /** @throws if the configuration set cannot have another event destination of this name */
  private validateAnother(name: string): void {
    validateName(this, 'the name of an event destination', name);
    if (this.eventDestinations.some(({ eventDestinationName }) => eventDestinationName === name)) {
      throw errorAt(this, `the name of an event destination must be one that no other of this event stream has, got '${name}' again: choose another`);
    }
    if (this.eventDestinations.length === MAX_EVENT_DESTINATIONS) {
      throw errorAt(this,
        `an event stream must have ${MAX_EVENT_DESTINATIONS} event destinations at most, got '${name}' in addition: ` +
        'AWS End User Messaging allows a configuration set no more, so add it to another event stream');
    }
  }
}

/** Without the `:*` of the ARN that CloudFormation gives, as AWS documents it for event destinations. */
function logGroupArn(scope: Construct, { logGroupName, env: { region, account } }: logs.ILogGroup): string {
  return Arn.format({
    service: 'logs', resource: 'log-group', resourceName: logGroupName, region, account, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  }, Stack.of(scope));
}

/** @throws if the name is known at synthesis and malformed */
function validateName(scope: Construct, what: string, name: string): void {
  if (!Token.isUnresolved(name) && !NAME.test(name)) {
    throw errorAt(scope, `${what} must be 1 to 64 letters, digits, hyphens and underscores, got '${name}': choose such a name`);
  }
}

/** @throws if the event types are not such that each event is meant exactly once, as far as their names tell */
function validateEventTypes(scope: Construct, eventTypes: SmsVoiceEventType[]): void {
  const names = eventTypes.map(({ name }) => name);
  if (names.length === 0) {
    throw errorAt(scope, 'eventTypes must have at least one event type, got none: leave it out for all events');
  }
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice) {
    throw errorAt(scope, `eventTypes must have each event type once, got ${twice} twice: remove one of the two`);
  }
  for (const name of names) {
    const [kind] = name.split('_');
    const container = names.find((other) => other !== name && (other === `${kind}_ALL` || other === 'ALL' && KINDS_IN_ALL.includes(kind)));
    if (container) {
      throw errorAt(scope, `eventTypes must not have ${container} beside what it contains, got ${name}: remove one of the two`);
    }
  }
}

/** @throws if the destination is not one of AWS End User Messaging: only TypeScript looks before */
function validateDestination(scope: Construct, destination: ISmsVoiceEventDestination): void {
  if (typeof destination.bindAsSmsVoiceEventDestination !== 'function') {
    throw errorAt(scope,
      `destination must be one of AWS End User Messaging, got a ${(destination as object).constructor.name}: use a FirehoseDestination, ` +
      'a CloudWatchLogsDestination or a SnsTopicDestination, since AWS End User Messaging sends events to no Kinesis data stream');
  }
}

/** @throws if the destination is not exactly one of what receives events */
function validateOneSink(scope: Construct, { deliveryStream, logGroup, topic }: SmsVoiceEventDestinationConfig): void {
  const sinks = Object.entries({ deliveryStream, logGroup, topic }).filter(([, sink]) => sink).map(([name]) => name);
  if (sinks.length !== 1) {
    throw errorAt(scope,
      `destination must give exactly one of deliveryStream, logGroup and topic, got ${sinks.join(' and ') || 'none'}: make one destination for each`);
  }
}
