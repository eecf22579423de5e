CREATE TABLE "core"."webhooks" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "description" TEXT NOT NULL DEFAULT '',
    "active" BOOLEAN NOT NULL DEFAULT true,
    -- Sealed: it has to be read again to sign with.
    "secret" BYTEA NOT NULL,
    "former_secret" BYTEA,
    "former_until" TIMESTAMPTZ(6),
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhooks_events_some" CHECK ("events" IS NOT NULL AND cardinality("events") > 0)
);

CREATE TABLE "core"."webhook_deliveries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "webhook_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "status" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_deliveries_state_known" CHECK ("state" IN ('waiting', 'delivered', 'failed'))
);
CREATE INDEX "webhook_deliveries_webhook_id_created_at_id_idx" ON "core"."webhook_deliveries"("webhook_id", "created_at", "id");
CREATE INDEX "webhook_deliveries_created_at_idx" ON "core"."webhook_deliveries"("created_at");
ALTER TABLE "core"."webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "core"."webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Where a balance is low, to its person.
ALTER TABLE "core"."credit_accounts" ADD COLUMN "low_balance" BIGINT NOT NULL DEFAULT 10000000;

-- Orders a delivery for every webhook that wants to hear, in the transaction of what happened: told if it is committed,
-- and only then.
CREATE FUNCTION "core"."emit"("event" text, "data" jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    event_id uuid := gen_random_uuid();
    delivery uuid;
    hook uuid;
BEGIN
    FOR hook IN SELECT w.id FROM core.webhooks w WHERE w.active AND $1 = ANY (w.events) LOOP
        INSERT INTO core.webhook_deliveries (webhook_id, event_id, event, payload)
        VALUES (hook, event_id, $1, jsonb_build_object('type', $1, 'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', $2))
        RETURNING id INTO delivery;
        PERFORM core_jobs.add_job('deliver-webhook', json_build_object('deliveryId', delivery), max_attempts => 3);
    END LOOP;
END $$;

CREATE FUNCTION "core"."tell_account_opened"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM core.emit('user.created', jsonb_build_object('userId', NEW.user_id));
    RETURN NULL;
END $$;
CREATE TRIGGER "credit_accounts_opened" AFTER INSERT ON "core"."credit_accounts"
    FOR EACH ROW WHEN (NEW."kind" = 'user') EXECUTE FUNCTION "core"."tell_account_opened"();

-- Once a crossing: only the change that leads below says so.
CREATE FUNCTION "core"."tell_balance_low"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.balance >= NEW.low_balance AND NEW.balance < NEW.low_balance THEN
        PERFORM core.emit('credit.low', jsonb_build_object('userId', NEW.user_id, 'balanceMicro', NEW.balance, 'thresholdMicro', NEW.low_balance));
    END IF;
    IF OLD.balance >= 1000 AND NEW.balance < 1000 THEN
        PERFORM core.emit('credit.depleted', jsonb_build_object('userId', NEW.user_id, 'balanceMicro', NEW.balance));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "credit_accounts_low" AFTER UPDATE ON "core"."credit_accounts"
    FOR EACH ROW WHEN (NEW."balance" < OLD."balance" AND NEW."kind" = 'user'
        AND ((OLD."balance" >= NEW."low_balance" AND NEW."balance" < NEW."low_balance") OR (OLD."balance" >= 1000 AND NEW."balance" < 1000)))
    EXECUTE FUNCTION "core"."tell_balance_low"();

-- One look a statement, however many calls it settles; nothing more where nobody listens.
CREATE FUNCTION "core"."tell_calls"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM core.webhooks WHERE active AND events && ARRAY['service.completed', 'service.failed']) THEN
        PERFORM core.emit(CASE status WHEN 'ok' THEN 'service.completed' ELSE 'service.failed' END, jsonb_build_object(
            'userId', user_id, 'keyId', key_id, 'requestId', request_id, 'service', service, 'model', model, 'status', status,
            'promptTokens', prompt_tokens, 'completionTokens', completion_tokens, 'creditsMicro', credits, 'latencyMs', latency_ms))
        FROM calls;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "usage_logs_told" AFTER INSERT ON "core"."usage_logs" REFERENCING NEW TABLE AS calls
    FOR EACH STATEMENT EXECUTE FUNCTION "core"."tell_calls"();

GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."webhooks" TO "hub_core";
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."webhook_deliveries" TO "hub_core";
GRANT SELECT ON "core"."webhook_deliveries" TO "hub_readonly";
