/** How a table stores a field of a record: as a value, or as the JSON of an object that may get more fields. */
type ColumnType = 'string' | 'bigint' | 'int' | 'double' | 'boolean' | 'map<string,string>' | 'map<string,double>';

/** As JSON, objects keep fields that AWS adds later. Queries extract what they need. */
const JSON_TEXT: ColumnType = 'string';

/** A service that sends events, and where a lake stores them. */
export interface Sender {
  /** The name that users know. */
  readonly name: string;

  /** How the keys of its objects begin. */
  readonly prefix: string;

  /** Whether it ends its records with a newline, according to AWS. A second newline would be an empty row. */
  readonly endsRecords: boolean;

  readonly tableName: string;

  /** The fields of its records, those in `docs/schemas`: each is a column. */
  readonly columns: Readonly<Record<string, ColumnType>>;
}

export const PINPOINT: Sender = {
  name: 'Amazon Pinpoint',
  prefix: 'pinpoint/',
  endsRecords: false,
  tableName: 'pinpoint_events',
  columns: {
    event_type: 'string',
    event_timestamp: 'bigint',
    arrival_timestamp: 'bigint',
    event_version: 'string',
    application: JSON_TEXT,
    client: JSON_TEXT,
    device: JSON_TEXT,
    session: JSON_TEXT,
    attributes: 'map<string,string>',
    metrics: 'map<string,double>',
    client_context: JSON_TEXT,
    facets: JSON_TEXT,
    endpoint: JSON_TEXT,
    awsAccountId: 'string',
  },
};

export const SMS_VOICE: Sender = {
  name: 'AWS End User Messaging',
  prefix: 'sms-voice/',
  endsRecords: false,
  tableName: 'sms_voice_events',
  columns: {
    eventType: 'string',
    eventVersion: 'string',
    eventTimestamp: 'bigint',
    isFinal: 'boolean',
    contentType: 'string',
    originationPhoneNumber: 'string',
    destinationPhoneNumber: 'string',
    isoCountryCode: 'string',
    isInternationalSend: 'boolean',
    mcc: 'string',
    mnc: 'string',
    carrierName: 'string',
    messageId: 'string',
    messageRequestTimestamp: 'bigint',
    messageEncoding: 'string',
    messageType: 'string',
    messageStatus: 'string',
    messageStatusDescription: 'string',
    context: 'map<string,string>',
    totalMessageParts: 'int',
    totalMessagePrice: 'double',
    totalCarrierFee: 'double',
    callDurationInSeconds: 'double',
    totalDurationInMinutes: 'double',
    protectConfiguration: JSON_TEXT,
    protectConfigurationAssessment: JSON_TEXT,
    rcsBusinessId: 'string',
    agentIsoCountryCode: 'string',
    rcsMetadata: JSON_TEXT,
    conversationInitiatingMessageId: 'string',
    conversationInitiatingMessageType: 'string',
    conversationSessionFee: 'double',
  },
};

export const EMAIL: Sender = {
  name: 'Amazon SES',
  prefix: 'email/',
  endsRecords: true,
  tableName: 'email_events',
  columns: {
    eventType: 'string',
    mail: JSON_TEXT,
    send: JSON_TEXT,
    delivery: JSON_TEXT,
    deliveryDelay: JSON_TEXT,
    bounce: JSON_TEXT,
    complaint: JSON_TEXT,
    reject: JSON_TEXT,
    failure: JSON_TEXT,
    open: JSON_TEXT,
    click: JSON_TEXT,
    subscription: JSON_TEXT,
  },
};
