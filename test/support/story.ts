import { EMAIL, JsonRecord, PINPOINT, SMS_VOICE } from './events';

/** The day on which Firehose got the records of the story, UTC. */
export const STORY_DAY = '2026-11-21';

/**
 * What happened to a few messages, since the samples have one event of each. Prices repeat over the events of a message, a message is
 * read before it is delivered, two messages share a session fee, an event is late, and each sender sends a record twice. Ada is a
 * recipient of all three.
 */
export const STORY: Readonly<Record<'pinpoint' | 'sms-voice' | 'email', JsonRecord[]>> = {
  'pinpoint': pinpointStory(),
  'sms-voice': smsVoiceStory(),
  'email': emailStory(),
};

function pinpointStory(): JsonRecord[] {
  const sms = (eventType: string, clock: string, attributes: JsonRecord, price: number) => {
    const sample = PINPOINT.sample(eventType);
    return {
      ...sample,
      ...pinpointTimes(clock, clock),
      attributes: { ...sample.attributes as JsonRecord, ...attributes },
      metrics: { price_in_millicents_usd: price },
    };
  };
  const toAda = { message_id: 'pinpoint-sms-1', destination_phone_number: '+14255550101', iso_country_code: 'US' };
  const toBen = { message_id: 'pinpoint-sms-2', destination_phone_number: '+493023125001', iso_country_code: 'DE' };

  const email = (eventType: string, sent: string, arrived: string, messageId: string, recipient: string, happened: JsonRecord = {}) => {
    const sample = PINPOINT.sample(eventType);
    const { mail_event: event } = (sample.facets as { email_channel: { mail_event: JsonRecord } }).email_channel;
    const mail = { ...event.mail as JsonRecord, message_id: messageId, destination: [recipient], message_send_timestamp: millis(sent) };
    return { ...sample, ...pinpointTimes(sent, arrived), facets: { email_channel: { mail_event: { ...event, mail, ...happened } } } };
  };
  const opened = email('_email.open', '08:00:00', '08:30:00', 'pinpoint-email-1', 'ada@example.com');

  return [
    sms('_SMS.BUFFERED', '07:00:00', { ...toAda, record_status: 'SUCCESSFUL' }, 645),
    sms('_SMS.SUCCESS', '07:00:03', { ...toAda, record_status: 'DELIVERED' }, 645),
    sms('_SMS.BUFFERED', '07:01:00', { ...toBen, record_status: 'SUCCESSFUL' }, 9582),
    sms('_SMS.FAILURE', '07:01:09', { ...toBen, record_status: 'UNREACHABLE' }, 9582),
    email('_email.send', '08:00:00', '08:00:01', 'pinpoint-email-1', 'ada@example.com'),
    email('_email.delivered', '08:00:00', '08:00:02', 'pinpoint-email-1', 'ada@example.com'),
    opened,
    opened,
    email('_email.open', '08:00:00', '08:45:00', 'pinpoint-email-1', 'ada@example.com'),
    email('_email.send', '08:05:00', '08:05:01', 'pinpoint-email-2', 'cleo@example.com'),
    email('_email.hardbounce', '08:05:00', '08:05:02', 'pinpoint-email-2', 'cleo@example.com', {
      bounce: { bounce_type: 'Permanent', bounce_sub_type: 'General', bounced_recipients: [{ email_address: 'cleo@example.com' }] },
    }),
    email('_email.complaint', '08:10:00', '09:10:00', 'pinpoint-email-3', 'fay@example.com', {
      complaint: { complaint_feedback_type: 'abuse', complained_recipients: [{ email_address: 'fay@example.com' }] },
    }),
  ];
}

function smsVoiceStory(): JsonRecord[] {
  const event = (eventType: string, time: string, fields: JsonRecord) =>
    ({ ...SMS_VOICE.sample(eventType), eventTimestamp: millis(time), ...fields });
  const requestedAt = (clock: string) => ({ messageRequestTimestamp: millis(clock) });
  const toAda = { messageId: 'sms-1', destinationPhoneNumber: '+14255550101', isoCountryCode: 'US', context: { userId: 'ada' }, messageRequestTimestamp: millis('00:00:00') - 2000 };
  const toBen = {
    messageId: 'sms-2', destinationPhoneNumber: '+493023125001', isoCountryCode: 'DE', context: { userId: 'ben' }, ...requestedAt('08:59:59'),
  };
  const rcs = { ...toAda, messageId: 'rcs-1', ...requestedAt('09:59:59') };
  const session = {
    isoCountryCode: 'CA',
    destinationPhoneNumber: '+14165550102',
    context: { userId: 'dora' },
    totalMessagePrice: 0,
    totalCarrierFee: 0,
    conversationInitiatingMessageId: 'rcs-2',
    conversationInitiatingMessageType: 'OUTBOUND',
    conversationSessionFee: 0.012,
  };
  const price = { totalMessagePrice: 0.00581, totalCarrierFee: 0.00302 };
  const delivered = event('TEXT_DELIVERED', '00:00:04', { ...toAda, ...price });

  return [
    // Of the day before, and sent to Firehose after midnight.
    { ...event('TEXT_SUCCESSFUL', '00:00:00', { ...toAda, ...price, isFinal: false }), eventTimestamp: millis('00:00:00') - 1000 },
    delivered,
    delivered,
    event('TEXT_PENDING', '09:00:00', toBen),
    event('TEXT_UNREACHABLE', '09:00:30', { ...toBen, totalMessagePrice: 0.09582, totalCarrierFee: 0 }),
    event('RCS_SENT', '10:00:00', rcs),
    event('RCS_READ', '10:00:07.203', rcs),
    event('RCS_DELIVERED', '10:00:07.660', { ...rcs, totalMessagePrice: 0.007, totalCarrierFee: 0.00494 }),
    event('RCS_DELIVERED', '11:00:00', { ...session, messageId: 'rcs-3', ...requestedAt('10:59:59') }),
    event('RCS_DELIVERED', '11:05:00', { ...session, messageId: 'rcs-4', ...requestedAt('11:04:59') }),
  ];
}

function emailStory(): JsonRecord[] {
  const event = (eventType: string, sent: string, messageId: string, recipient: string, happened: JsonRecord = {}) => {
    const sample = EMAIL.sample(eventType);
    const name = Object.keys(sample).find((field) => !['eventType', 'mail'].includes(field))!;
    return {
      ...sample,
      mail: { ...sample.mail as JsonRecord, timestamp: iso(sent), messageId, destination: [recipient] },
      [name]: { ...sample[name] as JsonRecord, ...happened },
    };
  };
  const toAda = (eventType: string, happened?: JsonRecord) => event(eventType, '12:00:00', 'email-1', 'ada@example.com', happened);
  const opened = toAda('Open', { timestamp: iso('12:30:00') });

  return [
    toAda('Send'),
    toAda('Delivery', { timestamp: iso('12:00:02'), recipients: ['ada@example.com'] }),
    opened,
    opened,
    toAda('Open', { timestamp: iso('13:00:00') }),
    toAda('Click', { timestamp: iso('13:00:05') }),
    event('Send', '12:05:00', 'email-2', 'eli@example.com'),
    event('Bounce', '12:05:00', 'email-2', 'eli@example.com', {
      timestamp: iso('12:05:01'), bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ emailAddress: 'eli@example.com' }],
    }),
    event('Send', '12:10:00', 'email-3', 'fay@example.com'),
    event('Complaint', '12:10:00', 'email-3', 'fay@example.com', {
      timestamp: iso('14:00:00'), complaintFeedbackType: 'abuse', complainedRecipients: [{ emailAddress: 'fay@example.com' }],
    }),
  ];
}

function pinpointTimes(event: string, arrival: string) {
  return { event_timestamp: millis(event), arrival_timestamp: millis(arrival) };
}

function iso(clock: string): string {
  return new Date(millis(clock)).toISOString();
}

function millis(clock: string): number {
  return Date.parse(`${STORY_DAY}T${clock}Z`);
}
