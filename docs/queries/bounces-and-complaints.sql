-- Who bounced or complained, and why
--
-- | event             | message          | recipient        | reason    |
-- | ----------------- | ---------------- | ---------------- | --------- |
-- | Bounce            | email-2          | eli@example.com  | Permanent |
-- | Complaint         | email-3          | fay@example.com  | abuse     |
-- | _email.complaint  | pinpoint-email-3 | fay@example.com  | abuse     |
-- | _email.hardbounce | pinpoint-email-2 | cleo@example.com | Permanent |

SELECT eventtype AS event, json_extract_scalar(mail, '$.messageId') AS message, json_extract_scalar(recipient, '$.emailAddress') AS recipient,
  coalesce(json_extract_scalar(bounce, '$.bounceType'), json_extract_scalar(complaint, '$.complaintFeedbackType')) AS reason
FROM email_events
LEFT JOIN UNNEST(CAST(coalesce(json_extract(bounce, '$.bouncedRecipients'), json_extract(complaint, '$.complainedRecipients'))
  AS array(json))) AS r (recipient) ON TRUE
WHERE day BETWEEN '2026-11-20' AND '2026-11-22' AND eventtype IN ('Bounce', 'Complaint')
  AND date(from_iso8601_timestamp(json_extract_scalar(coalesce(bounce, complaint), '$.timestamp'))) = DATE '2026-11-21'
UNION
SELECT event_type, json_extract_scalar(facets, '$.email_channel.mail_event.mail.message_id'), json_extract_scalar(recipient, '$.email_address'),
  coalesce(json_extract_scalar(facets, '$.email_channel.mail_event.bounce.bounce_type'),
    json_extract_scalar(facets, '$.email_channel.mail_event.complaint.complaint_feedback_type'))
FROM pinpoint_events
LEFT JOIN UNNEST(CAST(coalesce(json_extract(facets, '$.email_channel.mail_event.bounce.bounced_recipients'),
  json_extract(facets, '$.email_channel.mail_event.complaint.complained_recipients')) AS array(json))) AS r (recipient) ON TRUE
WHERE day BETWEEN '2026-11-20' AND '2026-11-22' AND event_type IN ('_email.hardbounce', '_email.softbounce', '_email.complaint')
  AND date(from_unixtime(arrival_timestamp / 1000)) = DATE '2026-11-21'
ORDER BY 1, 2
