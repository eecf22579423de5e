ALTER TABLE "auth"."teams" ADD COLUMN "monthly_limit_micro" BIGINT;
ALTER TABLE "auth"."teams" ADD CONSTRAINT "teams_monthly_limit_not_negative" CHECK ("monthly_limit_micro" >= 0) NOT VALID;

-- A key's limit and a team's are of one kind: what is spent under each in a month, whoever spends it. The table and the
-- column of keys alone stay for processes of the version before, until the next one.
CREATE TABLE "core"."monthly_spend" (
    "limit_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "spent" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "monthly_spend_pkey" PRIMARY KEY ("limit_id","month"),
    CONSTRAINT "monthly_spend_not_negative" CHECK ("spent" >= 0 AND "held" >= 0)
);
INSERT INTO "core"."monthly_spend" SELECT "budget_id", "month", "spent", "held" FROM "core"."key_spend";
GRANT SELECT, INSERT, UPDATE ON "core"."monthly_spend" TO "hub_core";
GRANT SELECT ON "core"."monthly_spend" TO "hub_readonly";

-- Whom a call counts for, and under which limits, as it was when the call began.
ALTER TABLE "core"."credit_holds"
    ADD COLUMN "limit_ids" UUID[],
    ADD COLUMN "team_ids" UUID[];
UPDATE "core"."credit_holds" SET "limit_ids" = ARRAY["budget_id"] WHERE "budget_id" IS NOT NULL;
ALTER TABLE "core"."usage_logs" ADD COLUMN "team_ids" UUID[];

-- A hold that a process of the version before makes stands under its key's limit as well.
CREATE FUNCTION "core"."limit_of_budget"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.limit_ids := ARRAY[NEW.budget_id];
    RETURN NEW;
END $$;
CREATE TRIGGER "credit_holds_of_budget" BEFORE INSERT ON "core"."credit_holds"
    FOR EACH ROW WHEN (NEW."budget_id" IS NOT NULL AND NEW."limit_ids" IS NULL) EXECUTE FUNCTION "core"."limit_of_budget"();

-- What is spent and held under a limit, which nobody else changes before this transaction ends. VOLATILE, so that it
-- sees what was committed while it waited. Accounts are locked before limits, limits in the order of their ids.
CREATE FUNCTION "core"."spend_under_lock"("the_limit" uuid, "in_month" date) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO core.monthly_spend (limit_id, month) VALUES ($1, $2) ON CONFLICT DO NOTHING;
    RETURN (SELECT s.spent + s.held FROM core.monthly_spend s WHERE s.limit_id = $1 AND s.month = $2 FOR UPDATE);
END $$;

-- Whatever makes or ends a hold, its limits know: the statements that do need not.
CREATE FUNCTION "core"."count_limited_hold"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO core.monthly_spend AS s (limit_id, month, held)
        SELECT DISTINCT l, NEW.month, NEW.amount FROM unnest(NEW.limit_ids) l ORDER BY l
        ON CONFLICT (limit_id, month) DO UPDATE SET held = s.held + EXCLUDED.held;
    RETURN NULL;
END $$;
CREATE TRIGGER "credit_holds_begin_under_limits" AFTER INSERT ON "core"."credit_holds"
    FOR EACH ROW WHEN (NEW."limit_ids" IS NOT NULL) EXECUTE FUNCTION "core"."count_limited_hold"();

-- One look a statement, however many holds it ends; their limits are locked in one order, so that nobody waits in a ring.
CREATE FUNCTION "core"."count_ended_holds"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM after WHERE limit_ids IS NOT NULL) THEN
        PERFORM FROM core.monthly_spend s
            WHERE (s.limit_id, s.month) IN (SELECT unnest(a.limit_ids), a.month FROM after a) ORDER BY s.limit_id, s.month FOR UPDATE;
        UPDATE core.monthly_spend s SET held = s.held - e.held, spent = s.spent + e.spent
        FROM (
            SELECT l, a.month, sum(b.amount)::bigint AS held, sum(coalesce(a.charged, 0))::bigint AS spent
            FROM before b JOIN after a USING (id), LATERAL (SELECT DISTINCT unnest(a.limit_ids) AS l) each_limit
            WHERE b.state = 'held' AND a.state <> 'held' GROUP BY l, a.month
        ) e WHERE s.limit_id = e.l AND s.month = e.month;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "credit_holds_end_under_limits" AFTER UPDATE ON "core"."credit_holds"
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION "core"."count_ended_holds"();

-- Usage by the hour and the team: somebody in two teams counts in both.
CREATE TABLE "core"."team_usage_rollups" (
    "team_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "user_id" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "key_id" UUID NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "team_usage_rollups_pkey" PRIMARY KEY ("team_id","hour","user_id","service","model","key_id")
);
CREATE INDEX "team_usage_rollups_hour_idx" ON "core"."team_usage_rollups"("hour");
GRANT SELECT, INSERT ON "core"."team_usage_rollups" TO "hub_core";
GRANT SELECT ON "core"."team_usage_rollups" TO "hub_readonly";
