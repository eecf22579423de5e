-- The roles hub_auth, hub_core and hub_readonly exist before: the migrator makes them (src/roles.ts).
CREATE SCHEMA "auth";
CREATE SCHEMA "core";
CREATE EXTENSION IF NOT EXISTS citext;

CREATE TABLE "auth"."users" (
    "id" UUID NOT NULL,
    "email" CITEXT NOT NULL,
    "password_hash" TEXT,
    "verified" BOOLEAN NOT NULL DEFAULT false,
    "google_id" TEXT,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "end_reason" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."refresh_tokens" (
    "hash" BYTEA NOT NULL,
    "session_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "auth"."api_keys" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."setup_tokens" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "setup_tokens_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."roles" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "system" BOOLEAN NOT NULL DEFAULT false,
    "description" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "roles_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."permissions" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,

    CONSTRAINT "permissions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."role_permissions" (
    "role_id" UUID NOT NULL,
    "permission_id" UUID NOT NULL,
    "scope" TEXT NOT NULL,

    CONSTRAINT "role_permissions_pkey" PRIMARY KEY ("role_id","permission_id")
);

CREATE TABLE "core"."user_roles" (
    "user_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "assigned_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "assigned_by" UUID,

    CONSTRAINT "user_roles_pkey" PRIMARY KEY ("user_id","role_id")
);

CREATE TABLE "core"."credit_accounts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID,
    "kind" TEXT NOT NULL DEFAULT 'user',
    "balance" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_accounts_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."credit_transactions" (
    "id" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "balance_after" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_transactions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."credit_holds" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "charged" BIGINT,
    "state" TEXT NOT NULL DEFAULT 'held',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "credit_holds_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."model_prices" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "model" TEXT NOT NULL,
    "input_micro_per_million" BIGINT NOT NULL,
    "output_micro_per_million" BIGINT NOT NULL,
    "effective_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_prices_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."usage_logs" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "user_id" UUID NOT NULL,
    "key_id" UUID,
    "request_id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "price_id" UUID NOT NULL,
    "prompt_tokens" INTEGER NOT NULL,
    "completion_tokens" INTEGER NOT NULL,
    "token_source" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "credits" BIGINT NOT NULL,
    "latency_ms" INTEGER NOT NULL,

    CONSTRAINT "usage_logs_pkey" PRIMARY KEY ("created_at","id")
) PARTITION BY RANGE ("created_at");

CREATE UNIQUE INDEX "users_email_key" ON "auth"."users"("email");

CREATE UNIQUE INDEX "users_google_id_key" ON "auth"."users"("google_id");

CREATE INDEX "sessions_user_id_idx" ON "auth"."sessions"("user_id");

CREATE INDEX "refresh_tokens_session_id_idx" ON "auth"."refresh_tokens"("session_id");

CREATE UNIQUE INDEX "api_keys_hash_key" ON "auth"."api_keys"("hash");

CREATE INDEX "api_keys_user_id_created_at_idx" ON "auth"."api_keys"("user_id", "created_at");

CREATE UNIQUE INDEX "roles_name_key" ON "core"."roles"("name");

CREATE UNIQUE INDEX "permissions_name_key" ON "core"."permissions"("name");

CREATE UNIQUE INDEX "credit_accounts_user_id_key" ON "core"."credit_accounts"("user_id");

CREATE INDEX "credit_transactions_account_id_id_idx" ON "core"."credit_transactions"("account_id", "id");

CREATE UNIQUE INDEX "credit_transactions_account_id_idempotency_key_key" ON "core"."credit_transactions"("account_id", "idempotency_key");

CREATE UNIQUE INDEX "model_prices_model_effective_at_key" ON "core"."model_prices"("model", "effective_at");

CREATE INDEX "usage_logs_user_id_created_at_id_idx" ON "core"."usage_logs"("user_id", "created_at", "id");

ALTER TABLE "auth"."sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "auth"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "auth"."sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "auth"."api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "core"."role_permissions" ADD CONSTRAINT "role_permissions_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "core"."roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "core"."role_permissions" ADD CONSTRAINT "role_permissions_permission_id_fkey" FOREIGN KEY ("permission_id") REFERENCES "core"."permissions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "core"."user_roles" ADD CONSTRAINT "user_roles_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "core"."roles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "core"."credit_transactions" ADD CONSTRAINT "credit_transactions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "core"."credit_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What the database itself refuses
ALTER TABLE "auth"."setup_tokens" ADD CONSTRAINT "setup_tokens_single_row" CHECK ("id" = 1);
ALTER TABLE "auth"."users" ADD CONSTRAINT "users_locale_known" CHECK ("locale" IN ('en', 'th'));

ALTER TABLE "core"."role_permissions" ADD CONSTRAINT "role_permissions_scope_known" CHECK ("scope" IN ('own', 'team', 'any'));

ALTER TABLE "core"."credit_accounts"
    ADD CONSTRAINT "credit_accounts_kind_known" CHECK ("kind" IN ('user', 'house')),
    ADD CONSTRAINT "credit_accounts_status_known" CHECK ("status" IN ('active', 'frozen', 'closed')),
    ADD CONSTRAINT "credit_accounts_owner" CHECK (("kind" = 'house') = ("user_id" IS NULL)),
    -- The house alone may owe: it books what no person paid.
    ADD CONSTRAINT "credit_accounts_covered" CHECK ("kind" = 'house' OR ("balance" >= 0 AND "held" >= 0 AND "held" <= "balance"));
CREATE UNIQUE INDEX "credit_accounts_one_house" ON "core"."credit_accounts" ("kind") WHERE "kind" = 'house';

ALTER TABLE "core"."credit_transactions"
    ADD CONSTRAINT "credit_transactions_amount_not_zero" CHECK ("amount" <> 0),
    ADD CONSTRAINT "credit_transactions_type_matches" CHECK ("type" = CASE WHEN "amount" > 0 THEN 'credit' ELSE 'debit' END),
    ADD CONSTRAINT "credit_transactions_reason_known" CHECK ("reason" IN ('purchase', 'usage', 'refund', 'promo', 'adjustment', 'signup'));

-- No foreign key: a hold is made by the statement that locks its account, lives for a moment, and is made for
-- every call; checking each again would cost a third of that statement. Accounts are never deleted.
ALTER TABLE "core"."credit_holds"
    ADD CONSTRAINT "credit_holds_amount_not_negative" CHECK ("amount" >= 0),
    ADD CONSTRAINT "credit_holds_state_known" CHECK ("state" IN ('held', 'settled', 'released', 'expired'));
CREATE INDEX "credit_holds_open" ON "core"."credit_holds" ("expires_at") WHERE "state" = 'held';
CREATE INDEX "credit_holds_ended" ON "core"."credit_holds" ("ended_at") WHERE "state" <> 'held';

ALTER TABLE "core"."model_prices"
    ADD CONSTRAINT "model_prices_not_negative" CHECK ("input_micro_per_million" >= 0 AND "output_micro_per_million" >= 0);

ALTER TABLE "core"."usage_logs"
    ADD CONSTRAINT "usage_logs_not_negative" CHECK ("prompt_tokens" >= 0 AND "completion_tokens" >= 0 AND "credits" >= 0);

-- Every request updates its account and its hold: room on the page keeps these updates off the indexes.
ALTER TABLE "core"."credit_accounts" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "core"."credit_holds" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- The ledger is only ever added to.
CREATE FUNCTION "core"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of %.% are never changed or deleted', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "credit_transactions_append_only" BEFORE UPDATE OR DELETE ON "core"."credit_transactions"
    FOR EACH ROW EXECUTE FUNCTION "core"."refuse_change"();
CREATE TRIGGER "credit_transactions_no_truncate" BEFORE TRUNCATE ON "core"."credit_transactions"
    FOR EACH STATEMENT EXECUTE FUNCTION "core"."refuse_change"();

-- No balance changes without its ledger row in the same transaction: checked at commit.
CREATE FUNCTION "core"."assert_ledger_agrees"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked bigint;
    current_balance bigint;
BEGIN
    SELECT "balance" INTO current_balance FROM "core"."credit_accounts" WHERE "id" = NEW."id";
    SELECT "balance_after" INTO booked FROM "core"."credit_transactions" WHERE "account_id" = NEW."id" ORDER BY "id" DESC LIMIT 1;
    IF current_balance IS DISTINCT FROM coalesce(booked, 0) THEN
        RAISE EXCEPTION 'account % has balance % but its ledger ends at %', NEW."id", current_balance, coalesce(booked, 0) USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "credit_accounts_opened_by_ledger" AFTER INSERT ON "core"."credit_accounts"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "core"."assert_ledger_agrees"();
CREATE CONSTRAINT TRIGGER "credit_accounts_ledger_agrees" AFTER UPDATE ON "core"."credit_accounts"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."balance" IS DISTINCT FROM NEW."balance")
    EXECUTE FUNCTION "core"."assert_ledger_agrees"();

INSERT INTO "core"."credit_accounts" ("kind") VALUES ('house');

-- Makes this month's partition and the two after it; runs with the owner's rights, so that a service needs none.
CREATE FUNCTION "core"."ensure_usage_partitions"() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_day date;
BEGIN
    FOR ahead IN 0..2 LOOP
        first_day := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS core.%I PARTITION OF core.usage_logs FOR VALUES FROM (%L) TO (%L)',
            'usage_logs_' || to_char(first_day, 'YYYY_MM'),
            first_day::text || ' 00:00:00+00',
            (first_day + interval '1 month')::date::text || ' 00:00:00+00'
        );
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION "core"."ensure_usage_partitions"() FROM PUBLIC;
SELECT "core"."ensure_usage_partitions"();

-- Least rights: a service its own schema, and there what it does.
GRANT USAGE ON SCHEMA "auth" TO "hub_auth", "hub_readonly";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "auth" TO "hub_auth";

GRANT USAGE ON SCHEMA "core" TO "hub_core", "hub_readonly";
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."roles", "core"."role_permissions", "core"."user_roles", "core"."credit_holds" TO "hub_core";
GRANT SELECT ON "core"."permissions" TO "hub_core";
GRANT SELECT, INSERT, UPDATE ON "core"."credit_accounts" TO "hub_core";
GRANT SELECT, INSERT ON "core"."credit_transactions", "core"."model_prices", "core"."usage_logs" TO "hub_core";
GRANT USAGE ON SEQUENCE "core"."credit_transactions_id_seq" TO "hub_core";
GRANT EXECUTE ON FUNCTION "core"."ensure_usage_partitions"() TO "hub_core";

-- Reports: everything but what lets somebody in.
GRANT SELECT ON ALL TABLES IN SCHEMA "core" TO "hub_readonly";
GRANT SELECT ("id", "email", "verified", "locale", "created_at", "updated_at", "deleted_at") ON "auth"."users" TO "hub_readonly";
GRANT SELECT ("id", "user_id", "name", "prefix", "created_at", "expires_at", "last_used_at", "revoked_at") ON "auth"."api_keys" TO "hub_readonly";
