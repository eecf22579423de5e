-- Rotated keys are counted together, so that a new key is no new allowance.
ALTER TABLE "auth"."api_keys" ADD COLUMN "budget_id" UUID;

ALTER TABLE "core"."credit_holds"
    ADD COLUMN "budget_id" UUID,
    ADD COLUMN "month" DATE;

CREATE TABLE "core"."key_spend" (
    "budget_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "spent" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "key_spend_pkey" PRIMARY KEY ("budget_id","month"),
    CONSTRAINT "key_spend_not_negative" CHECK ("spent" >= 0 AND "held" >= 0)
);

-- What a budget has spent and holds. Whoever asks has locked its account, which everybody who changes the answer has to
-- lock: the argument proves it. VOLATILE, so that it sees what was committed while the caller waited for that lock.
CREATE FUNCTION "core"."key_spend_under_lock"("locked_account" uuid, "budget" uuid, "in_month" date) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT s.spent + s.held FROM core.key_spend s WHERE s.budget_id = $2 AND s.month = $3), 0);
END $$;

-- Whatever makes or ends a hold, its budget knows: the statements that do need not.
CREATE FUNCTION "core"."count_key_hold"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO core.key_spend AS s (budget_id, month, held) VALUES (NEW.budget_id, NEW.month, NEW.amount)
            ON CONFLICT (budget_id, month) DO UPDATE SET held = s.held + EXCLUDED.held;
    ELSE
        UPDATE core.key_spend s SET held = s.held - OLD.amount, spent = s.spent + coalesce(NEW.charged, 0)
            WHERE s.budget_id = OLD.budget_id AND s.month = OLD.month;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "credit_holds_begin_in_budget" AFTER INSERT ON "core"."credit_holds"
    FOR EACH ROW WHEN (NEW."budget_id" IS NOT NULL) EXECUTE FUNCTION "core"."count_key_hold"();
CREATE TRIGGER "credit_holds_end_in_budget" AFTER UPDATE OF "state" ON "core"."credit_holds"
    FOR EACH ROW WHEN (OLD."budget_id" IS NOT NULL AND OLD."state" = 'held' AND NEW."state" <> 'held')
    EXECUTE FUNCTION "core"."count_key_hold"();

GRANT SELECT, INSERT, UPDATE ON "core"."key_spend" TO "hub_core";
GRANT SELECT ON "core"."key_spend" TO "hub_readonly";
