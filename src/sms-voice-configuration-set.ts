import { ArnComponents, IResource, Lazy, Names, PhysicalName, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import { CfnConfigurationSet, ConfigurationSetReference, IConfigurationSetRef } from 'aws-cdk-lib/aws-smsvoice';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { CONFIGURATION_SET, importProps, resourceNameIn } from './private/arn';
import { findDuplicate } from './private/duplicates';
import { onceComplete } from './private/once-complete';
import { RemovalGroup } from './private/removal';
import { errorAt, reportError, warn } from './private/report';
import { isKnown, printable } from './private/tokens';
import { validateArn } from './private/validation';
import { SmsVoiceConfigurationSetEventDestination, SmsVoiceEventDestinationOptions } from './sms-voice-configuration-set-event-destination';

/** @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-destinations.html */
const MAX_EVENT_DESTINATIONS = 5;

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The deployed name has the kind behind it, and up to 15 characters more for those that AWS may add. */
const EVENT_DESTINATION_ID = /^[A-Za-z0-9_-]{1,48}$/;

/**
 * A configuration set of AWS End User Messaging SMS and voice.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets.html
 */
export interface ISmsVoiceConfigurationSet extends IResource, IConfigurationSetRef {
  /**
   * The name of the configuration set, which each message that is to give events must name.
   *
   * @attribute
   */
  readonly configurationSetName: string;

  /**
   * The ARN of the configuration set.
   *
   * @attribute
   */
  readonly configurationSetArn: string;
}

abstract class SmsVoiceConfigurationSetBase extends Resource implements ISmsVoiceConfigurationSet {
  public abstract readonly configurationSetName: string;
  public abstract readonly configurationSetArn: string;

  /**
   * A reference to the configuration set, for constructs of the CDK.
   */
  public get configurationSetRef(): ConfigurationSetReference {
    const { configurationSetName, configurationSetArn } = this;
    return { configurationSetName, configurationSetArn };
  }
}

/**
 * Properties of a `SmsVoiceConfigurationSet`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-smsvoice-configurationset.html
 */
export interface SmsVoiceConfigurationSetProps {
  /**
   * The name of the configuration set, which each message that is to give events must name: 1 to 64 letters, digits, hyphens and underscores.
   *
   * Changing it replaces the configuration set.
   *
   * Reports an error if it is malformed, or if another configuration set of the stack has it, a native one among them, and
   * a warning if one of another stack of the app has it, in the same account and region. What only a deployment knows,
   * such as a parameter, is checked by the deployment.
   *
   * @default - a name that begins with that of the stack and follows the path of the construct. CloudFormation does not
   * make it up, since the roles, which must exist before the configuration set, trust it by its name
   */
  readonly configurationSetName?: string;

  /**
   * The sender ID of messages that name none, in countries where it is supported: 1 to 11 letters, digits, hyphens and underscores.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/sender-id.html
   * @default - no default sender ID
   */
  readonly defaultSenderId?: string;

  /**
   * Whether the sender tells AWS End User Messaging, message by message, what became of it.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-message-feedback.html
   * @default - the default of AWS End User Messaging, which is not to
   */
  readonly messageFeedbackEnabled?: boolean;

  /**
   * The ID of the protect configuration, which says to which countries messages may be sent.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/protect.html
   * @default - that of the account, if it has one
   */
  readonly protectConfigurationId?: string;

  /**
   * What happens to the configuration set when it is removed from its stack.
   *
   * RETAIN also keeps everything that was created for it, including its roles and their permissions: without them, its
   * events would go nowhere. Retain a role that you pass in as well.
   *
   * Throws with SNAPSHOT: CloudFormation cannot take a snapshot of a configuration set.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A configuration set of AWS End User Messaging, which streams the events of SMS, MMS, voice and RCS messages.
 *
 * `addEventDestination()` adds where they go: to Firehose delivery streams, CloudWatch log groups or SNS topics, each with
 * the role and the permissions that it needs. A message gives events only if it is sent with the name of a configuration set.
 *
 * It takes the place of a `PinpointEventStream` for the events of SMS and voice. One `FirehoseDestination` that is given a
 * delivery stream serves both. The events differ, and so does their form.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets.html
 *
 * @example
 * import { Stack } from 'aws-cdk-lib';
 * import { FirehoseDestination, SmsVoiceConfigurationSet, SmsVoiceEventType, SnsTopicDestination } from 'cdk-pinpoint-event-stream';
 *
 * declare const stack: Stack;
 * const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
 * messages.addEventDestination('All', { destination: new FirehoseDestination() });
 * messages.addEventDestination('Blocked', {
 *   destination: new SnsTopicDestination(),
 *   eventTypes: [SmsVoiceEventType.TEXT_BLOCKED, SmsVoiceEventType.TEXT_CARRIER_BLOCKED],
 * });
 */
@propertyInjectable
export class SmsVoiceConfigurationSet extends SmsVoiceConfigurationSetBase {
  /** Identifies this class for property injection. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-pinpoint-event-stream.SmsVoiceConfigurationSet';

  /**
   * Refers to a configuration set that is managed elsewhere, by its name.
   *
   * Reports an error if the name is known at synthesis and malformed.
   *
   * @param scope the construct that holds the reference
   * @param id the ID of the reference
   * @param configurationSetName the name: 1 to 64 letters, digits, hyphens and underscores
   * @returns the reference, to which no event destination can be added
   */
  public static fromConfigurationSetName(scope: Construct, id: string, configurationSetName: string): ISmsVoiceConfigurationSet {
    class Import extends SmsVoiceConfigurationSetBase {
      public readonly configurationSetName = configurationSetName;
      public readonly configurationSetArn = Stack.of(this).formatArn(arnComponents(configurationSetName));
    }
    const configurationSet = new Import(scope, id);
    validateName(configurationSet, configurationSetName);
    return configurationSet;
  }

  /**
   * Refers to a configuration set that is managed elsewhere, by its ARN.
   *
   * Reports an error if the ARN is known at synthesis and is not that of a configuration set.
   *
   * @param scope the construct that holds the reference
   * @param id the ID of the reference
   * @param configurationSetArn the ARN: `arn:…:sms-voice:…:configuration-set/NAME`
   * @returns the reference, to which no event destination can be added
   */
  public static fromConfigurationSetArn(scope: Construct, id: string, configurationSetArn: string): ISmsVoiceConfigurationSet {
    class Import extends SmsVoiceConfigurationSetBase {
      public readonly configurationSetName = resourceNameIn(configurationSetArn);
      public readonly configurationSetArn = configurationSetArn;
    }
    const configurationSet = new Import(scope, id, importProps(configurationSetArn, CONFIGURATION_SET));
    validateArn(configurationSet, 'configurationSetArn', configurationSetArn, CONFIGURATION_SET);
    return configurationSet;
  }

  /**
   * The name of the configuration set.
   *
   * Whatever uses it is deployed after the configuration set.
   */
  public readonly configurationSetName: string;

  /**
   * The ARN of the configuration set.
   */
  public readonly configurationSetArn: string;

  /** The name of the configuration set, without a reference to it. */
  private readonly name: string;
  private readonly resource: CfnConfigurationSet;
  private readonly eventDestinations: CfnConfigurationSet.EventDestinationProperty[] = [];
  private readonly removalGroup: RemovalGroup;

  /**
   * Adds a configuration set to a stack.
   *
   * Throws where one of its properties says so.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the configuration set
   * @param props what differs from the defaults, by default nothing
   */
  constructor(scope: Construct, id: string, props: SmsVoiceConfigurationSetProps = {}) {
    // The CDK generates a name for references from other environments; the roles need it in any case.
    const given = props.configurationSetName === PhysicalName.GENERATE_IF_NEEDED ? undefined : props.configurationSetName;
    super(scope, id, { physicalName: given ?? PhysicalName.GENERATE_IF_NEEDED });
    this.name = given ?? this.generatePhysicalName();
    validateName(this, this.name);
    onceComplete(this, () => this.reportDuplicate());

    this.resource = new CfnConfigurationSet(this, 'Resource', {
      configurationSetName: this.name,
      defaultSenderId: props.defaultSenderId,
      messageFeedbackEnabled: props.messageFeedbackEnabled,
      protectConfigurationId: props.protectConfigurationId,
      eventDestinations: Lazy.any({ produce: () => this.eventDestinations }, { omitEmptyArray: true }),
    });
    // Not by the CDK's rules, which find two where an event destination has the ID `Default`.
    this.node.defaultChild = this.resource;
    this.configurationSetName = this.getResourceNameAttribute(this.resource.ref);
    this.configurationSetArn = this.getResourceArnAttribute(this.resource.attrArn, arnComponents(this.name));

    this.removalGroup = new RemovalGroup(this);
    this.removalGroup.addAllIn(this);
    if (props.removalPolicy) {
      this.applyRemovalPolicy(props.removalPolicy);
    }
  }

  /**
   * Sends events of the configuration set to a destination. A configuration set can have five event destinations.
   *
   * AWS cannot change the kind of a deployed event destination, from a log group to a delivery stream, say. So its deployed
   * name is its ID and its kind, `Lake-Firehose`, `Lake-CloudWatchLogs` or `Lake-Sns`: a change of kind is another event destination.
   * Whether CloudFormation adds that before it removes the old one is not documented.
   *
   * Throws where one of the options says so, if the ID is malformed or that of another child of the configuration set, or if there are five already.
   *
   * @param id the ID, which no other event destination of this configuration set has: 1 to 48 letters, digits, hyphens and underscores
   * @param options where the events go, and which of them
   * @returns the event destination, with what was created for it
   */
  public addEventDestination(id: string, options: SmsVoiceEventDestinationOptions): SmsVoiceConfigurationSetEventDestination {
    if (Token.isUnresolved(id) || !EVENT_DESTINATION_ID.test(id)) {
      throw errorAt(this,
        `the ID of an event destination must be 1 to 48 letters, digits, hyphens and underscores, got ${Token.isUnresolved(id) ? 'a token' : `'${id}'`}`);
    }
    if (this.node.tryFindChild(id)) {
      throw errorAt(this, `the configuration set already has a child '${id}': choose another ID`);
    }
    if (this.eventDestinations.length === MAX_EVENT_DESTINATIONS) {
      throw errorAt(this, `cannot add the event destination '${id}': a configuration set can have ${MAX_EVENT_DESTINATIONS}, so remove one first`);
    }
    const configurationSet = { name: this.name, arn: Stack.of(this).formatArn(arnComponents(this.name)) };
    const eventDestination = SmsVoiceConfigurationSetEventDestination._addTo(this, id, configurationSet, options);
    this.eventDestinations.push(eventDestination._properties);
    this.resource.node.addDependency(...eventDestination._dependables);
    this.removalGroup.addAllIn(eventDestination);
    return eventDestination;
  }

  /**
   * Sets what happens to the configuration set when it is removed from its stack.
   *
   * The same as the `removalPolicy` property, for event destinations that are added later as well. Throws with SNAPSHOT:
   * CloudFormation cannot take a snapshot of a configuration set.
   *
   * @param policy DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    this.removalGroup.applyRemovalPolicy(policy);
  }

  /**
   * Called where no name is given.
   *
   * @returns the stack's name and the path within it, shortened in the middle, and made unique by a hash
   */
  protected generatePhysicalName(): string {
    return Names.uniqueResourceName(this, { maxLength: 64, separator: '-', allowedSpecialCharacters: '_-' });
  }

  /** Reports another configuration set of the name in the app: an account has one of a name in each region. */
  private reportDuplicate(): void {
    const duplicate = findDuplicate(this, (node) => {
      const isNative = CfnConfigurationSet.isCfnConfigurationSet(node) && !(node.node.scope instanceof SmsVoiceConfigurationSet);
      return node instanceof SmsVoiceConfigurationSet ? node.name : isNative ? node.configurationSetName : undefined;
    });
    if (!duplicate) {
      return;
    }
    const { account, region } = Stack.of(this);
    const name = printable(this, this.name);
    if (Stack.of(duplicate) === Stack.of(this)) {
      reportError(this, `configurationSetName '${name}' is already the name of '${duplicate.node.path}': choose another name for one of the two`);
    } else if (isKnown(account) && isKnown(region)) {
      warn(this, 'second-configuration-set',
        `configurationSetName '${name}' is also the name of '${duplicate.node.path}' in the same account and region: choose another name for one of the two`);
    }
  }
}

function arnComponents(name: string): ArnComponents {
  return { service: 'sms-voice', resource: 'configuration-set', resourceName: name };
}

/** Reports a name that is known and malformed. */
function validateName(scope: Construct, name: string): void {
  if (isKnown(name) && !NAME.test(name)) {
    reportError(scope, `configurationSetName must be 1 to 64 letters, digits, hyphens and underscores, got '${name}'`);
  }
}
