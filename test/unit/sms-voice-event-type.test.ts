import { Aws } from 'aws-cdk-lib';
import { SmsVoiceEventType } from '../../src';

describe('an event type of End User Messaging', () => {
  it.each(['', 'text_blocked', 'TEXT BLOCKED', '1TEXT'])('cannot be named %j', (name) => {
    // WHEN
    const of = () => SmsVoiceEventType.of(name);

    // THEN
    expect(of).toThrow(new Error(`an event type must be upper-case letters, digits and underscores, got '${name}'`));
  });

  it.each([['a token', Aws.STACK_NAME], ['yet to be looked up', 'dummy-value-for-/event-type']])('is not checked where it is %s', (_, name) => {
    // WHEN
    const eventType = SmsVoiceEventType.of(name);

    // THEN
    expect(eventType.name).toBe(name);
  });

  it('cannot be TEXT_SENT, which AWS lists and does not support', () => {
    // WHEN
    const of = () => SmsVoiceEventType.of('TEXT_SENT');

    // THEN
    expect(of).toThrow(new Error('AWS does not support the event type TEXT_SENT: leave it out'));
  });

  it.each([SmsVoiceEventType.ALL, SmsVoiceEventType.of('FUTURE_EVENT')])('prints as its name, %s', (eventType) => {
    // WHEN
    const printed = `${eventType}`;

    // THEN
    expect(printed).toBe(eventType.name);
  });

  // As in the service's API model of November 2026.
  it('is one of those that AWS lists, without TEXT_SENT, which it does not support', () => {
    // WHEN
    const constants = Object.entries(SmsVoiceEventType).map(([constant, { name }]) => [constant, name]);

    // THEN
    const named = (prefix: string, names: string) => names.split(' ').map((name) => `${prefix}_${name}`);
    const common = 'ALL PENDING QUEUED SUCCESSFUL DELIVERED INVALID INVALID_MESSAGE UNREACHABLE CARRIER_UNREACHABLE BLOCKED CARRIER_BLOCKED SPAM UNKNOWN TTL_EXPIRED';
    expect(constants).toEqual([
      'ALL',
      ...named('TEXT', `${common} PROTECT_BLOCKED`),
      ...named('VOICE', 'ALL INITIATED RINGING ANSWERED COMPLETED BUSY NO_ANSWER FAILED TTL_EXPIRED'),
      ...named('MEDIA', `${common} FILE_INACCESSIBLE FILE_TYPE_UNSUPPORTED FILE_SIZE_EXCEEDED`),
      ...named('RCS', 'ALL QUEUED SENT DELIVERED READ FAILED TTL_EXPIRED PROTECT_BLOCKED FALLEN_BACK_TO_SMS'),
    ].map((name) => [name, name]));
  });
});
