-- What a recipient was sent, and what happened to it
--
-- | sender             | message          | first_event | events                                                  |
-- | ------------------ | ---------------- | ----------- | ------------------------------------------------------- |
-- | End User Messaging | sms-1            | 20 23:59    | TEXT_SUCCESSFUL, TEXT_DELIVERED                         |
-- | Pinpoint           | pinpoint-sms-1   | 21 07:00    | _SMS.BUFFERED, _SMS.SUCCESS                             |
-- | Pinpoint           | pinpoint-email-1 | 21 08:00    | _email.send, _email.delivered, _email.open, _email.open |
-- | End User Messaging | rcs-1            | 21 10:00    | RCS_SENT, RCS_READ, RCS_DELIVERED                       |
-- | SES                | email-1          | 21 12:00    | Send, Delivery, Open, Open, Click                      |

WITH event AS (
  SELECT 'Pinpoint' AS sender, event_type AS event, arrival_timestamp AS millis,
    coalesce(element_at(attributes, 'message_id'), json_extract_scalar(facets, '$.email_channel.mail_event.mail.message_id')) AS message
  FROM pinpoint_events
  WHERE day BETWEEN '2026-11-20' AND '2026-11-22' AND (element_at(attributes, 'destination_phone_number') = '+14255550101'
    OR json_array_contains(json_extract(facets, '$.email_channel.mail_event.mail.destination'), 'ada@example.com'))
  UNION
  SELECT 'End User Messaging', eventtype, eventtimestamp, messageid
  FROM sms_voice_events
  WHERE day BETWEEN '2026-11-20' AND '2026-11-22' AND destinationphonenumber = '+14255550101'
  UNION
  SELECT 'SES', eventtype, CAST(1000 * to_unixtime(from_iso8601_timestamp(coalesce(
      json_extract_scalar(coalesce(delivery, deliverydelay, bounce, complaint, open, click, subscription), '$.timestamp'),
      json_extract_scalar(mail, '$.timestamp')))) AS bigint), json_extract_scalar(mail, '$.messageId')
  FROM email_events
  WHERE day BETWEEN '2026-11-20' AND '2026-11-22' AND json_array_contains(json_extract(mail, '$.destination'), 'ada@example.com')
)
SELECT sender, message, date_format(from_unixtime(min(millis) / 1000), '%d %H:%i') AS first_event,
  array_join(array_agg(event ORDER BY millis), ', ') AS events
FROM event GROUP BY sender, message ORDER BY min(millis)
