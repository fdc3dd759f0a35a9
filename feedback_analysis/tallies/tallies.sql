-- Each tally as SQL that DuckDB and Spark both run, for data engineers who count in a warehouse.
-- Tables: feedback, orders, shipments, returns and asks, with the columns of data/README.md; for
-- what dated changes touched, also changes (products) and matches (products, name): the patterns
-- of each change joined by |, and each SKU or ASIN that one of them matches.
-- Days are DATE. Words that some engine keeps for itself are avoided: `piece` is the first day of a
-- week of products, `order_state` the column `order`, `came` a day from which the delay is counted.

-- name: placed
-- One row an order line; every other query reads it: CREATE VIEW placed AS ...
SELECT order_key, sku, asin, purchase_date AS date,
       coalesce(marketplace, 'not stated') AS marketplace,
       coalesce(channel, 'not stated') AS channel,
       CASE WHEN lower(coalesce(status, '')) LIKE 'cancel%' THEN 'cancelled'
            WHEN lower(status) = 'pending' THEN 'pending'
            WHEN lower(status) = 'unfulfillable' THEN 'unfulfillable'
            ELSE 'sold' END AS status,
       CASE WHEN extract(DAY FROM purchase_date) IN (1, 2, 3, 30, 31) THEN purchase_date
            ELSE greatest(CAST(date_trunc('week', purchase_date) AS DATE),
                          CAST(date_trunc('month', purchase_date) + INTERVAL 3 DAY AS DATE))
            END AS piece
FROM orders
WHERE order_key IS NOT NULL

-- name: each_order
-- One row an order: CREATE VIEW each_order AS ...
SELECT order_key, min(date) AS date, min(marketplace) AS marketplace, min(channel) AS channel,
       min(status) AS status, min(coalesce(sku, asin)) AS least
FROM placed
GROUP BY order_key

-- name: counted
-- Feedback that counts and tells its order: CREATE VIEW counted AS ...
SELECT order_key, date, rating, coalesce(source, 'not stated') AS source,
       CASE WHEN extract(DAY FROM date) IN (1, 2, 3, 30, 31) THEN date
            ELSE greatest(CAST(date_trunc('week', date) AS DATE),
                          CAST(date_trunc('month', date) + INTERVAL 3 DAY AS DATE)) END AS piece
FROM feedback
WHERE order_key IS NOT NULL AND NOT coalesce(gone, FALSE)

-- name: feedback
SELECT f.date, coalesce(f.marketplace, 'not stated') AS marketplace,
       coalesce(o.channel, 'not stated') AS channel, f.rating,
       coalesce(f.source, 'not stated') AS source, coalesce(f.gone, FALSE) AS gone,
       CASE WHEN f.order_key IS NULL THEN 'not stated'
            WHEN o.order_key IS NULL THEN 'not in the order files'
            WHEN o.status = 'cancelled' THEN 'cancelled' ELSE 'read' END AS order_state,
       count(*) AS n, max(coalesce(f.last_seen, f.date)) AS last_seen
FROM feedback f LEFT JOIN each_order o ON f.order_key = o.order_key
GROUP BY 1, 2, 3, 4, 5, 6, 7

-- name: rated
SELECT f.piece, coalesce(p.sku, 'not stated') AS sku, coalesce(p.asin, 'not stated') AS asin,
       f.source, f.rating, count(*) AS n
FROM counted f
LEFT JOIN (SELECT q.order_key, min(q.sku) AS sku, min(q.asin) AS asin
           FROM placed q JOIN each_order o ON q.order_key = o.order_key
           WHERE coalesce(q.sku, q.asin) = o.least GROUP BY q.order_key) p
       ON f.order_key = p.order_key
GROUP BY 1, 2, 3, 4, 5

-- name: orders
SELECT date, marketplace, channel, status, count(DISTINCT order_key) AS orders, count(*) AS items
FROM placed
GROUP BY 1, 2, 3, 4

-- name: answered
SELECT p.date, p.marketplace, p.channel, p.status, f.first_of, f.came,
       count(DISTINCT p.order_key) AS n
FROM placed p
JOIN (SELECT order_key, 'any rating' AS first_of, min(date) AS came FROM counted GROUP BY order_key
      UNION ALL
      SELECT order_key, 'negative' AS first_of, min(date) AS came FROM counted WHERE rating <= 2
      GROUP BY order_key) f
  ON p.order_key = f.order_key
GROUP BY 1, 2, 3, 4, 5, 6

-- name: unhappy
SELECT o.date, f.date AS came, count(*) AS n
FROM feedback f JOIN each_order o ON f.order_key = o.order_key
WHERE f.rating <= 3
GROUP BY 1, 2

-- name: carriers
SELECT c.date, c.marketplace, c.channel, c.carrier, count(*) AS orders,
       sum(CASE WHEN c.carrier = l.carrier THEN 1 ELSE 0 END) AS first_of
FROM (SELECT DISTINCT p.order_key, p.date, p.marketplace, p.channel, s.carrier
      FROM placed p JOIN shipments s ON p.order_key = s.order_key
      WHERE p.status = 'sold' AND s.carrier IS NOT NULL) c
JOIN (SELECT order_key, min(carrier) AS carrier FROM shipments
      WHERE carrier IS NOT NULL GROUP BY order_key) l ON c.order_key = l.order_key
GROUP BY 1, 2, 3, 4

-- name: products
SELECT piece, marketplace, channel, status, sku, asin, count(*) AS orders, sum(mine) AS first_of
FROM (SELECT p.order_key, p.piece, p.marketplace, p.channel, p.status,
             coalesce(p.sku, 'not stated') AS sku, coalesce(p.asin, 'not stated') AS asin,
             max(CASE WHEN o.least IS NULL OR coalesce(p.sku, p.asin) = o.least
                      THEN 1 ELSE 0 END) AS mine
      FROM placed p JOIN each_order o ON p.order_key = o.order_key
      GROUP BY 1, 2, 3, 4, 5, 6, 7) each_product
GROUP BY 1, 2, 3, 4, 5, 6

-- name: parcels
SELECT s.ship_date AS date, coalesce(o.channel, 'not stated') AS channel, count(*) AS parcels,
       sum(CASE WHEN o.date IS NOT NULL THEN 1 ELSE 0 END) AS bought,
       sum(CASE WHEN s.ship_date > CAST(o.date + INTERVAL 2 DAY AS DATE) THEN 1 ELSE 0 END)
           AS late_handover,
       sum(CASE WHEN s.estimated_arrival IS NOT NULL THEN 1 ELSE 0 END) AS promised,
       sum(CASE WHEN s.ship_date >= s.estimated_arrival THEN 1 ELSE 0 END) AS after_promise,
       sum(CASE WHEN s.has_tracking IS NOT NULL THEN 1 ELSE 0 END) AS told,
       sum(CASE WHEN NOT s.has_tracking THEN 1 ELSE 0 END) AS untracked
FROM shipments s LEFT JOIN each_order o ON s.order_key = o.order_key
WHERE s.ship_date IS NOT NULL
GROUP BY 1, 2

-- name: returns
SELECT i.date, i.channel, i.question, i.items, coalesce(f.orders, 0) AS orders, i.decided, i.denied,
       i.label_told, i.label_by_buyer
FROM (SELECT return_date AS date, coalesce(channel, 'not stated') AS channel,
             coalesce(question, 'not stated') AS question, count(*) AS items,
             sum(CASE WHEN denied IS NOT NULL THEN 1 ELSE 0 END) AS decided,
             sum(CASE WHEN denied THEN 1 ELSE 0 END) AS denied,
             sum(CASE WHEN label_paid_by IS NOT NULL THEN 1 ELSE 0 END) AS label_told,
             sum(CASE WHEN lower(label_paid_by) IN ('customer', 'buyer') THEN 1 ELSE 0 END)
                 AS label_by_buyer
      FROM returns GROUP BY 1, 2, 3) i
LEFT JOIN (SELECT date, channel, question, count(*) AS orders
           FROM (SELECT order_key, coalesce(question, 'not stated') AS question,
                        min(return_date) AS date,
                        min(coalesce(channel, 'not stated')) AS channel
                 FROM returns GROUP BY 1, 2) once
           GROUP BY 1, 2, 3) f
       ON i.date = f.date AND i.channel = f.channel AND i.question = f.question

-- name: facts
-- One row an order sold, by what bears on asking: CREATE VIEW facts AS ...
SELECT o.order_key, o.date, o.marketplace, o.channel, coalesce(f.rating, 0) AS rating,
       r.order_key IS NOT NULL AS refunded,
       coalesce(p.shipped > p.promised, FALSE) OR coalesce(r.came_late, 0) > 0 AS late,
       coalesce(r.complaints, 0) > 0 AS complained,
       a.asked IS NOT NULL AS asked, coalesce(a.held, 0) > 0 AS held_out,
       a.asked AS came, f.date AS left_on
FROM (SELECT order_key, min(date) AS date, min(marketplace) AS marketplace,
             min(channel) AS channel FROM placed WHERE status = 'sold' GROUP BY order_key) o
LEFT JOIN (SELECT order_key, max(ship_date) AS shipped, max(estimated_arrival) AS promised
           FROM shipments GROUP BY order_key) p ON o.order_key = p.order_key
LEFT JOIN (SELECT order_key, count(question) AS complaints,
                  max(CASE WHEN reason IN ('MISSED_ESTIMATED_DELIVERY', 'NEVER_ARRIVED')
                           THEN 1 ELSE 0 END) AS came_late
           FROM returns GROUP BY order_key) r ON o.order_key = r.order_key
LEFT JOIN (SELECT order_key, min(asked) AS asked,
                  max(CASE WHEN held_out THEN 1 ELSE 0 END) AS held
           FROM asks GROUP BY order_key) a ON o.order_key = a.order_key
LEFT JOIN (SELECT c.order_key, max(c.date) AS date, min(c.rating) AS rating
           FROM counted c
           JOIN (SELECT order_key, max(date) AS date FROM counted GROUP BY order_key) l
             ON c.order_key = l.order_key AND c.date = l.date
           GROUP BY c.order_key) f ON o.order_key = f.order_key

-- name: asking
SELECT date, marketplace, channel, rating, refunded, late, complained, asked, held_out,
       count(*) AS n
FROM facts
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9

-- name: asked
SELECT date, marketplace, came, left_on, count(*) AS n
FROM facts
WHERE asked
GROUP BY 1, 2, 3, 4

-- name: answered_products
SELECT o.piece, o.marketplace, o.asin, count(*) AS orders,
       sum(CASE WHEN f.order_key IS NULL THEN 0 ELSE 1 END) AS feedback
FROM (SELECT order_key, min(piece) AS piece, min(marketplace) AS marketplace,
             coalesce(min(asin), 'not stated') AS asin
      FROM placed WHERE status = 'sold' GROUP BY order_key) o
LEFT JOIN (SELECT DISTINCT order_key FROM counted) f ON o.order_key = f.order_key
GROUP BY 1, 2, 3

-- name: touched_orders
-- Orders sold by what each change touched: CREATE VIEW touched_orders AS ...
SELECT DISTINCT c.products, p.order_key, p.date,
       c.products = '' OR s.name IS NOT NULL OR a.name IS NOT NULL AS touched
FROM placed p
CROSS JOIN changes c
LEFT JOIN matches s ON s.products = c.products AND s.name = p.sku
LEFT JOIN matches a ON a.products = c.products AND a.name = p.asin
WHERE p.status = 'sold'

-- name: touched
SELECT products, date, touched, count(*) AS orders
FROM touched_orders
GROUP BY 1, 2, 3

-- name: touched_returns
SELECT t.products, t.date, t.touched, r.question, r.came, count(*) AS n
FROM touched_orders t
JOIN (SELECT order_key, question, min(return_date) AS came FROM returns
      WHERE question IS NOT NULL GROUP BY 1, 2) r ON t.order_key = r.order_key
GROUP BY 1, 2, 3, 4, 5
