import { isKnown } from './private/tokens';

const NAME = /^[A-Z][A-Z0-9_]*$/;

const UNSUPPORTED = 'TEXT_SENT';

/**
 * A type of events that a configuration set of AWS End User Messaging can send to an event destination.
 *
 * These are the event types that AWS lists, except `TEXT_SENT`, which AWS says is not supported. AWS lists most types of RCS events
 * without describing them. Their descriptions here follow their names. AWS does not document whether CloudFormation accepts them.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_EventDestination.html
 *
 * @example
 * import { Stack } from 'aws-cdk-lib';
 * import { FirehoseDestination, SmsVoiceConfigurationSet, SmsVoiceEventType } from 'cdk-pinpoint-event-stream';
 *
 * declare const stack: Stack;
 * new SmsVoiceConfigurationSet(stack, 'Messages').addEventDestination('Failures', {
 *   destination: new FirehoseDestination(),
 *   eventTypes: [SmsVoiceEventType.TEXT_UNREACHABLE, SmsVoiceEventType.TEXT_BLOCKED],
 * });
 */
export class SmsVoiceEventType {
  /** Every event of SMS, MMS and voice. AWS does not document whether this includes RCS. */
  public static readonly ALL = new SmsVoiceEventType('ALL');

  /** Every event of SMS messages. */
  public static readonly TEXT_ALL = new SmsVoiceEventType('TEXT_ALL');

  /** An SMS message is on its way, neither delivered nor failed. */
  public static readonly TEXT_PENDING = new SmsVoiceEventType('TEXT_PENDING');

  /** An SMS message waits to be sent. */
  public static readonly TEXT_QUEUED = new SmsVoiceEventType('TEXT_QUEUED');

  /** The recipient's carrier has accepted an SMS message. In some countries, `TEXT_DELIVERED` means the same. */
  public static readonly TEXT_SUCCESSFUL = new SmsVoiceEventType('TEXT_SUCCESSFUL');

  /** An SMS message was delivered. In some countries, `TEXT_SUCCESSFUL` means the same. */
  public static readonly TEXT_DELIVERED = new SmsVoiceEventType('TEXT_DELIVERED');

  /** The phone number of an SMS message is not valid. */
  public static readonly TEXT_INVALID = new SmsVoiceEventType('TEXT_INVALID');

  /** The body of an SMS message is not valid. */
  public static readonly TEXT_INVALID_MESSAGE = new SmsVoiceEventType('TEXT_INVALID_MESSAGE');

  /** The recipient's device cannot be reached by SMS, for example because it is off. */
  public static readonly TEXT_UNREACHABLE = new SmsVoiceEventType('TEXT_UNREACHABLE');

  /** The network of the recipient's carrier is temporarily unavailable. */
  public static readonly TEXT_CARRIER_UNREACHABLE = new SmsVoiceEventType('TEXT_CARRIER_UNREACHABLE');

  /** The recipient's device or carrier blocks SMS messages to this recipient. */
  public static readonly TEXT_BLOCKED = new SmsVoiceEventType('TEXT_BLOCKED');

  /** The recipient's carrier has blocked an SMS message, for example as malicious or abusive. */
  public static readonly TEXT_CARRIER_BLOCKED = new SmsVoiceEventType('TEXT_CARRIER_BLOCKED');

  /** The recipient's carrier has blocked an SMS message as unsolicited advertising. */
  public static readonly TEXT_SPAM = new SmsVoiceEventType('TEXT_SPAM');

  /** An SMS message failed for a reason that has no event type of its own. */
  public static readonly TEXT_UNKNOWN = new SmsVoiceEventType('TEXT_UNKNOWN');

  /** An SMS message was not delivered within its time to live. */
  public static readonly TEXT_TTL_EXPIRED = new SmsVoiceEventType('TEXT_TTL_EXPIRED');

  /** A protect configuration has blocked an SMS message. */
  public static readonly TEXT_PROTECT_BLOCKED = new SmsVoiceEventType('TEXT_PROTECT_BLOCKED');

  /** Every event of voice messages. */
  public static readonly VOICE_ALL = new SmsVoiceEventType('VOICE_ALL');

  /** A call was initiated. */
  public static readonly VOICE_INITIATED = new SmsVoiceEventType('VOICE_INITIATED');

  /** The recipient's phone rings. */
  public static readonly VOICE_RINGING = new SmsVoiceEventType('VOICE_RINGING');

  /** A call was answered. */
  public static readonly VOICE_ANSWERED = new SmsVoiceEventType('VOICE_ANSWERED');

  /** A voice message was played, to a person or to an answering machine. */
  public static readonly VOICE_COMPLETED = new SmsVoiceEventType('VOICE_COMPLETED');

  /** The recipient's line is busy. */
  public static readonly VOICE_BUSY = new SmsVoiceEventType('VOICE_BUSY');

  /** A call was not answered. */
  public static readonly VOICE_NO_ANSWER = new SmsVoiceEventType('VOICE_NO_ANSWER');

  /** A call has failed. */
  public static readonly VOICE_FAILED = new SmsVoiceEventType('VOICE_FAILED');

  /** A voice message was not delivered within its time to live. */
  public static readonly VOICE_TTL_EXPIRED = new SmsVoiceEventType('VOICE_TTL_EXPIRED');

  /** Every event of MMS messages. */
  public static readonly MEDIA_ALL = new SmsVoiceEventType('MEDIA_ALL');

  /** An MMS message is on its way, neither delivered nor failed. */
  public static readonly MEDIA_PENDING = new SmsVoiceEventType('MEDIA_PENDING');

  /** An MMS message waits to be sent. */
  public static readonly MEDIA_QUEUED = new SmsVoiceEventType('MEDIA_QUEUED');

  /** The recipient's carrier has accepted an MMS message. */
  public static readonly MEDIA_SUCCESSFUL = new SmsVoiceEventType('MEDIA_SUCCESSFUL');

  /** An MMS message was delivered. */
  public static readonly MEDIA_DELIVERED = new SmsVoiceEventType('MEDIA_DELIVERED');

  /** The phone number of an MMS message is not valid. */
  public static readonly MEDIA_INVALID = new SmsVoiceEventType('MEDIA_INVALID');

  /** The body of an MMS message is not valid. */
  public static readonly MEDIA_INVALID_MESSAGE = new SmsVoiceEventType('MEDIA_INVALID_MESSAGE');

  /** The recipient's device cannot be reached by MMS. */
  public static readonly MEDIA_UNREACHABLE = new SmsVoiceEventType('MEDIA_UNREACHABLE');

  /** The network of the recipient's carrier is unavailable for an MMS message. */
  public static readonly MEDIA_CARRIER_UNREACHABLE = new SmsVoiceEventType('MEDIA_CARRIER_UNREACHABLE');

  /** The recipient's device or carrier blocks MMS messages to this recipient. */
  public static readonly MEDIA_BLOCKED = new SmsVoiceEventType('MEDIA_BLOCKED');

  /** The recipient's carrier has blocked an MMS message. */
  public static readonly MEDIA_CARRIER_BLOCKED = new SmsVoiceEventType('MEDIA_CARRIER_BLOCKED');

  /** The recipient's carrier has blocked an MMS message as unsolicited advertising. */
  public static readonly MEDIA_SPAM = new SmsVoiceEventType('MEDIA_SPAM');

  /** An MMS message failed for a reason that has no event type of its own. */
  public static readonly MEDIA_UNKNOWN = new SmsVoiceEventType('MEDIA_UNKNOWN');

  /** An MMS message was not delivered within its time to live. */
  public static readonly MEDIA_TTL_EXPIRED = new SmsVoiceEventType('MEDIA_TTL_EXPIRED');

  /** The media file of an MMS message cannot be read. */
  public static readonly MEDIA_FILE_INACCESSIBLE = new SmsVoiceEventType('MEDIA_FILE_INACCESSIBLE');

  /** The media file of an MMS message is of a type that is not supported. */
  public static readonly MEDIA_FILE_TYPE_UNSUPPORTED = new SmsVoiceEventType('MEDIA_FILE_TYPE_UNSUPPORTED');

  /** The media file of an MMS message is too large. */
  public static readonly MEDIA_FILE_SIZE_EXCEEDED = new SmsVoiceEventType('MEDIA_FILE_SIZE_EXCEEDED');

  /** Every event of RCS messages. */
  public static readonly RCS_ALL = new SmsVoiceEventType('RCS_ALL');

  /** An RCS message waits to be sent. */
  public static readonly RCS_QUEUED = new SmsVoiceEventType('RCS_QUEUED');

  /** An RCS message was sent. */
  public static readonly RCS_SENT = new SmsVoiceEventType('RCS_SENT');

  /** An RCS message was delivered. */
  public static readonly RCS_DELIVERED = new SmsVoiceEventType('RCS_DELIVERED');

  /** An RCS message was read. */
  public static readonly RCS_READ = new SmsVoiceEventType('RCS_READ');

  /** An RCS message has failed. */
  public static readonly RCS_FAILED = new SmsVoiceEventType('RCS_FAILED');

  /** An RCS message was not delivered within its time to live. */
  public static readonly RCS_TTL_EXPIRED = new SmsVoiceEventType('RCS_TTL_EXPIRED');

  /** A protect configuration has blocked an RCS message. */
  public static readonly RCS_PROTECT_BLOCKED = new SmsVoiceEventType('RCS_PROTECT_BLOCKED');

  /** An SMS message was sent instead of an RCS message. */
  public static readonly RCS_FALLEN_BACK_TO_SMS = new SmsVoiceEventType('RCS_FALLEN_BACK_TO_SMS');

  /**
   * Returns an event type that has no constant here, such as one that AWS has added since.
   *
   * Throws if the name is not made of upper-case letters, digits and underscores, like `TEXT_BLOCKED`, or if it is `TEXT_SENT`, which
   * AWS lists but does not support.
   *
   * @param name the name, as AWS documents it
   * @returns the event type
   */
  public static of(name: string): SmsVoiceEventType {
    if (isKnown(name) && !NAME.test(name)) {
      throw new Error(`an event type must be upper-case letters, digits and underscores, got '${name}'`);
    }
    if (name === UNSUPPORTED) {
      throw new Error(`AWS does not support the event type ${UNSUPPORTED}: leave it out`);
    }
    return new SmsVoiceEventType(name);
  }

  private constructor(
    /** The name of the event type, as AWS documents it. */
    public readonly name: string,
  ) {}

  /**
   * The name of the event type, as AWS documents it.
   *
   * @returns `TEXT_BLOCKED`, for example
   */
  public toString(): string {
    return this.name;
  }
}
