import { randomUUID } from 'node:crypto';
import type { Settlement, SettlementResult } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

/**
 * One statement for many settlements: lock accounts and holds in one order, charge each hold, take what is
 * over from what the account has left, book the rest of it on the house, write ledger and usage rows. A hold
 * is settled once: a second settlement changes nothing and is answered as the first. New values come from the
 * locked rows, as in reserve.ts.
 */
export const SETTLE = `
  WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
      $9::uuid[], $10::int[], $11::int[], $12::text[], $13::text[], $14::int[], $15::int[])
      WITH ORDINALITY AS s(hold_id, charge, usage_id, user_id, key_id, request_id, service, model,
        price_id, prompt_tokens, completion_tokens, token_source, status, latency_ms, images, n)
  ), account AS (
    SELECT id, kind, balance, held FROM core.credit_accounts
    WHERE id = ANY (ARRAY(
      SELECT account_id FROM core.credit_holds WHERE id = ANY($1)
      UNION
      SELECT h.id FROM core.credit_accounts h WHERE h.kind = 'house'
        AND EXISTS (SELECT FROM given g JOIN core.credit_holds h ON h.id = g.hold_id
          WHERE h.id = ANY($1) AND g.charge > h.amount)
    )) ORDER BY id FOR UPDATE
  ), hold AS (
    SELECT h.id, h.account_id, h.amount, h.state, h.charged, h.team_ids, a.balance, a.held
    FROM core.credit_holds h JOIN account a ON a.id = h.account_id
    WHERE h.id = ANY($1) ORDER BY h.id FOR UPDATE OF h
  ), due AS (
    SELECT g.*, h.account_id, h.amount, h.state, h.charged AS charged_before, h.team_ids, h.balance, h.held,
      CASE WHEN h.state = 'held' THEN least(g.charge, h.amount) ELSE 0 END AS within,
      CASE WHEN h.state = 'held' THEN greatest(g.charge - h.amount, 0) ELSE 0 END AS over
    FROM given g LEFT JOIN hold h ON h.id = g.hold_id
  ), split AS (
    SELECT *, within + paid AS charged, over - paid AS excess FROM (
      SELECT *, greatest(0, least(over, balance - held - coalesce(sum(over)
        OVER (PARTITION BY account_id ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)))::bigint AS paid
      FROM due
    ) shared
  ), ended AS (
    UPDATE core.credit_holds h SET state = 'settled', charged = d.charged, ended_at = now()
    FROM split d WHERE h.id = d.hold_id AND d.state = 'held'
  ), change AS (
    SELECT account_id, balance, held, sum(charged)::bigint AS charged, sum(amount)::bigint AS released
    FROM split WHERE state = 'held' GROUP BY 1, 2, 3
    UNION ALL
    SELECT a.id, a.balance, a.held, sum(d.excess)::bigint, 0 FROM split d, account a WHERE a.kind = 'house'
    GROUP BY 1, 2, 3 HAVING sum(d.excess) > 0
  ), updated AS (
    UPDATE core.credit_accounts t SET balance = c.balance - c.charged, held = c.held - c.released
    FROM change c WHERE t.id = c.account_id
  ), booked AS (
    INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key, metadata)
    SELECT b.account_id, -b.amount, b.balance - sum(b.amount) OVER (PARTITION BY b.account_id ORDER BY b.n), 'debit', 'usage', 'usage:' || b.hold_id,
      jsonb_build_object('requestId', b.request_id, 'model', b.model)
    FROM (
      SELECT account_id, balance, charged AS amount, n, hold_id, request_id, model FROM split WHERE charged > 0
      UNION ALL
      SELECT h.id, h.balance, d.excess, d.n, d.hold_id, d.request_id, d.model FROM split d, account h WHERE d.excess > 0 AND h.kind = 'house'
    ) b ORDER BY b.n
  ), logged AS (
    INSERT INTO core.usage_logs (id, user_id, key_id, request_id, service, model, price_id, prompt_tokens, completion_tokens,
      images, token_source, status, credits, latency_ms, team_ids)
    SELECT usage_id, user_id, key_id, request_id, service, model, price_id, prompt_tokens, completion_tokens,
      images, token_source, status, charged, latency_ms, team_ids
    FROM split WHERE state = 'held'
  )
  SELECT hold_id AS "holdId", coalesce(charged_before, charged) AS "chargedMicro",
    CASE state WHEN 'held' THEN 'settled' WHEN 'settled' THEN 'already-settled' WHEN 'released' THEN 'released'
      WHEN 'expired' THEN 'expired' ELSE 'unknown' END AS outcome
  FROM split ORDER BY n`;

/** Charges held requests, many in one statement; the house's row is locked only when it has something to book. */
export async function settle(
  { database: { pool } }: CoreDeps,
  settlements: readonly Settlement[],
): Promise<SettlementResult[]> {
  const items = [...new Map(settlements.map((item) => [item.holdId, item])).values()];
  const { rows } = await pool.query<SettlementResult>({
    name: 'settle',
    text: SETTLE,
    values: [
      items.map(({ holdId }) => holdId),
      items.map(({ chargeMicro }) => chargeMicro),
      items.map(() => randomUUID()),
      items.map(({ userId }) => userId),
      items.map(({ keyId }) => keyId),
      items.map(({ requestId }) => requestId),
      items.map(({ service }) => service),
      items.map(({ model }) => model),
      items.map(({ priceId }) => priceId),
      items.map(({ promptTokens }) => promptTokens),
      items.map(({ completionTokens }) => completionTokens),
      items.map(({ tokenSource }) => tokenSource),
      items.map(({ status }) => status),
      items.map(({ latencyMs }) => latencyMs),
      items.map(({ images }) => images),
    ],
  });
  return rows;
}
