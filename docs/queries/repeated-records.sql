-- Records, and events without repeats
--
-- A message can be TEXT_SUCCESSFUL twice, first in passing and then for good: isfinal tells these two apart.
--
-- | table_name       | records | events |
-- | ---------------- | ------- | ------ |
-- | email_events     | 10      | 9      |
-- | pinpoint_events  | 12      | 11     |
-- | sms_voice_events | 10      | 9      |

SELECT 'email_events' AS table_name, count(*) AS records, count(DISTINCT ROW(eventtype, json_extract_scalar(mail, '$.messageId'),
  coalesce(open, click, delivery, deliverydelay, bounce, complaint, subscription))) AS events
FROM email_events WHERE day = '2026-11-21'
UNION ALL
SELECT 'pinpoint_events', count(*), count(DISTINCT ROW(event_type, arrival_timestamp,
  coalesce(element_at(attributes, 'message_id'), json_extract_scalar(facets, '$.email_channel.mail_event.mail.message_id'))))
FROM pinpoint_events WHERE day = '2026-11-21' AND split_part(event_type, '.', 1) IN ('_SMS', '_email')
UNION ALL
SELECT 'sms_voice_events', count(*), count(DISTINCT ROW(messageid, eventtype, isfinal))
FROM sms_voice_events WHERE day = '2026-11-21' AND eventtype IS NOT NULL
ORDER BY 1
