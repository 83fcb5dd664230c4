-- The cost of Pinpoint's SMS by country, in US dollars
--
-- | country | messages | price   |
-- | ------- | -------- | ------- |
-- | DE      | 1        | 0.09582 |
-- | US      | 1        | 0.00645 |

SELECT country, count(*) AS messages, round(sum(millicents) / 100000, 5) AS price
FROM (
  SELECT max(element_at(attributes, 'iso_country_code')) AS country, max(element_at(metrics, 'price_in_millicents_usd')) AS millicents
  FROM pinpoint_events
  WHERE day BETWEEN '2026-11-20' AND '2026-11-25' AND split_part(event_type, '.', 1) = '_SMS'
  GROUP BY element_at(attributes, 'message_id')
  HAVING date(from_unixtime(min(event_timestamp) / 1000)) = DATE '2026-11-21'
)
GROUP BY country ORDER BY country
