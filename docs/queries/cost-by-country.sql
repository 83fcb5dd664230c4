-- The cost of messages in End User Messaging, by country
--
-- | country | messages | price   | carrier_fee | session_fee |
-- | ------- | -------- | ------- | ----------- | ----------- |
-- | CA      | 2        | 0.0     | 0.0         | 0.012       |
-- | DE      | 1        | 0.09582 | 0.0         |             |
-- | US      | 2        | 0.01281 | 0.00796     |             |

SELECT country, count(*) AS messages, round(sum(price), 5) AS price, round(sum(carrier_fee), 5) AS carrier_fee,
  round(sum(session_fee), 5) AS session_fee
FROM (
  SELECT max(isocountrycode) AS country, max(totalmessageprice) AS price, max(totalcarrierfee) AS carrier_fee,
    max(conversationsessionfee) / count(max(conversationsessionfee)) OVER (PARTITION BY max(conversationinitiatingmessageid)) AS session_fee
  FROM sms_voice_events WHERE day BETWEEN '2026-11-19' AND '2026-11-25'
    AND date(from_unixtime(messagerequesttimestamp / 1000)) BETWEEN DATE '2026-11-20' AND DATE '2026-11-21'
  GROUP BY messageid
) GROUP BY country ORDER BY country
