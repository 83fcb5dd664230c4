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

/** The deployed name ends in the kind. Up to 15 characters more leave room for kinds that AWS may add. */
const EVENT_DESTINATION_ID = /^[A-Za-z0-9_-]{1,48}$/;

/**
 * A configuration set of AWS End User Messaging SMS and voice.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets.html
 */
export interface ISmsVoiceConfigurationSet extends IResource, IConfigurationSetRef {
  /**
   * The name of the configuration set. A message produces events only if it is sent with this name.
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
   * A reference to the configuration set, for the CDK's own constructs.
   */
  public get configurationSetRef(): ConfigurationSetReference {
    const { configurationSetName, configurationSetArn } = this;
    return { configurationSetName, configurationSetArn };
  }
}

/**
 * Properties of an `SmsVoiceConfigurationSet`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-smsvoice-configurationset.html
 */
export interface SmsVoiceConfigurationSetProps {
  /**
   * The name of the configuration set: 1 to 64 letters, digits, hyphens and underscores.
   *
   * A message produces events only if it is sent with this name. A change replaces the configuration set.
   *
   * Reports an error if it is malformed, or if another configuration set of the stack has the same name, including a native
   * `AWS::SMSVOICE::ConfigurationSet`. Warns if a configuration set of another stack of the app has it, in the same account and
   * region. A name that only a deployment knows, such as a parameter, is checked during the deployment.
   *
   * @default - a name made of the stack's name and the path of the construct. The CDK makes it, not CloudFormation, because the
   * roles must exist before the configuration set and trust it by its name
   */
  readonly configurationSetName?: string;

  /**
   * The sender ID for messages without one, in countries that support sender IDs: 1 to 11 letters, digits, hyphens and underscores.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/sender-id.html
   * @default - no default sender ID
   */
  readonly defaultSenderId?: string;

  /**
   * Whether you report to AWS End User Messaging, for each message, whether it was received.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-message-feedback.html
   * @default - the default of AWS End User Messaging, which is not to
   */
  readonly messageFeedbackEnabled?: boolean;

  /**
   * The ID of the protect configuration, which defines the countries that messages may be sent to.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/protect.html
   * @default - the protect configuration of the account, if it has one
   */
  readonly protectConfigurationId?: string;

  /**
   * What happens to the configuration set when it is removed from its stack.
   *
   * RETAIN and RETAIN_ON_UPDATE_OR_DELETE also keep everything that was created for it, including the roles and permissions without
   * which no events would arrive. Also retain a role that you pass in.
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
 * Call `addEventDestination()` to send the events to Firehose delivery streams, CloudWatch log groups or SNS topics. It creates
 * the role and the permissions. A message produces events only if it is sent with the name of a configuration set.
 *
 * For the events of SMS and voice, this replaces a `PinpointEventStream`. A `FirehoseDestination` with a delivery stream of yours can
 * serve both, but the events and their format differ.
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
   * Imports a configuration set that is managed elsewhere, by its name.
   *
   * Reports an error if the name is known at synthesis and malformed.
   *
   * @param scope the parent of the imported configuration set
   * @param id the ID of the imported configuration set in its scope
   * @param configurationSetName the name: 1 to 64 letters, digits, hyphens and underscores
   * @returns the configuration set, for references. No event destination can be added to it
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
   * Imports a configuration set that is managed elsewhere, by its ARN.
   *
   * Reports an error if the ARN is known at synthesis and is not the ARN of a configuration set.
   *
   * @param scope the parent of the imported configuration set
   * @param id the ID of the imported configuration set in its scope
   * @param configurationSetArn the ARN: `arn:…:sms-voice:…:configuration-set/NAME`
   * @returns the configuration set, for references. No event destination can be added to it
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
   * A resource that uses this attribute is deployed after the configuration set.
   */
  public readonly configurationSetName: string;

  /**
   * The ARN of the configuration set.
   */
  public readonly configurationSetArn: string;

  /** The name of the configuration set as it was passed in, without a reference to the resource. */
  private readonly name: string;
  private readonly resource: CfnConfigurationSet;
  private readonly eventDestinations: CfnConfigurationSet.EventDestinationProperty[] = [];
  private readonly removalGroup: RemovalGroup;

  /**
   * Adds a configuration set to a stack.
   *
   * Throws where one of the properties says so.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the configuration set, which must not change while it is deployed
   * @param props the properties, without which the defaults apply
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
    // Set here because the CDK's own rules find two default children if an event destination has the ID `Default`.
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
   * Sends events of the configuration set to a destination.
   *
   * A configuration set can have five event destinations.
   *
   * AWS cannot change the kind of a deployed event destination, such as from a log group to a delivery stream. Its deployed name
   * is therefore its ID with its kind: `Lake-Firehose`, `Lake-CloudWatchLogs` or `Lake-Sns`. A change of kind replaces the event
   * destination with another. AWS does not document whether CloudFormation adds the new one before it removes the old one.
   *
   * Throws where one of the options says so, if the ID is malformed or belongs to another child of the configuration set, or if
   * there are already five event destinations.
   *
   * @param id the ID, unique within this configuration set: 1 to 48 letters, digits, hyphens and underscores
   * @param options where the events go, and which events
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
   * This does the same as the `removalPolicy` property, and also covers event destinations that you add later. Throws with
   * SNAPSHOT: CloudFormation cannot take a snapshot of a configuration set.
   *
   * @param policy DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    this.removalGroup.applyRemovalPolicy(policy);
  }

  /**
   * Makes the name of the configuration set if you pass none.
   *
   * @returns the stack's name and the path within it, shortened in the middle, and made unique by a hash
   */
  protected generatePhysicalName(): string {
    return Names.uniqueResourceName(this, { maxLength: 64, separator: '-', allowedSpecialCharacters: '_-' });
  }

  /** Reports another configuration set of the same name in the app. A name is unique within an account and region. */
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
