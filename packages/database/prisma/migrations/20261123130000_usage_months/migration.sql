-- What each person used in a month of UTC, and in each team: a few thousand rows where the days of a year are a million.
CREATE TABLE "core"."usage_months" (
    "month" DATE NOT NULL,
    "user_id" UUID NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "usage_months_pkey" PRIMARY KEY ("month","user_id")
);
CREATE TABLE "core"."team_usage_months" (
    "team_id" UUID NOT NULL,
    "month" DATE NOT NULL,
    "user_id" UUID NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "team_usage_months_pkey" PRIMARY KEY ("team_id","month","user_id")
);

-- Whatever adds to a day adds to its month, also a process of the version before, which knows of days alone. With the
-- owner's rights: nobody else writes months, so that they say what their days say.
CREATE FUNCTION "core"."add_day_to_month"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO core.usage_months AS m
    VALUES (date_trunc('month', NEW.day::timestamp), NEW.user_id, NEW.calls - coalesce(OLD.calls, 0), NEW.failed - coalesce(OLD.failed, 0),
        NEW.prompt_tokens - coalesce(OLD.prompt_tokens, 0), NEW.completion_tokens - coalesce(OLD.completion_tokens, 0), NEW.credits - coalesce(OLD.credits, 0))
    ON CONFLICT (month, user_id) DO UPDATE SET calls = m.calls + EXCLUDED.calls, failed = m.failed + EXCLUDED.failed,
        prompt_tokens = m.prompt_tokens + EXCLUDED.prompt_tokens, completion_tokens = m.completion_tokens + EXCLUDED.completion_tokens,
        credits = m.credits + EXCLUDED.credits;
    RETURN NULL;
END $$;
CREATE FUNCTION "core"."add_day_of_team_to_month"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO core.team_usage_months AS m
    VALUES (NEW.team_id, date_trunc('month', NEW.day::timestamp), NEW.user_id, NEW.calls - coalesce(OLD.calls, 0), NEW.failed - coalesce(OLD.failed, 0),
        NEW.prompt_tokens - coalesce(OLD.prompt_tokens, 0), NEW.completion_tokens - coalesce(OLD.completion_tokens, 0), NEW.credits - coalesce(OLD.credits, 0))
    ON CONFLICT (team_id, month, user_id) DO UPDATE SET calls = m.calls + EXCLUDED.calls, failed = m.failed + EXCLUDED.failed,
        prompt_tokens = m.prompt_tokens + EXCLUDED.prompt_tokens, completion_tokens = m.completion_tokens + EXCLUDED.completion_tokens,
        credits = m.credits + EXCLUDED.credits;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION "core"."add_day_to_month"(), "core"."add_day_of_team_to_month"() FROM PUBLIC;

-- Before the days are added up: from here on nobody writes one until this is committed, and then the month has it too.
CREATE TRIGGER "usage_days_in_months" AFTER INSERT OR UPDATE ON "core"."usage_days"
    FOR EACH ROW EXECUTE FUNCTION "core"."add_day_to_month"();
CREATE TRIGGER "team_usage_days_in_months" AFTER INSERT OR UPDATE ON "core"."team_usage_days"
    FOR EACH ROW EXECUTE FUNCTION "core"."add_day_of_team_to_month"();

INSERT INTO "core"."usage_months"
SELECT date_trunc('month', "day"::timestamp), "user_id", sum("calls"), sum("failed"), sum("prompt_tokens"), sum("completion_tokens"), sum("credits")
FROM "core"."usage_days" GROUP BY 1, 2;
INSERT INTO "core"."team_usage_months"
SELECT "team_id", date_trunc('month', "day"::timestamp), "user_id", sum("calls"), sum("failed"), sum("prompt_tokens"), sum("completion_tokens"), sum("credits")
FROM "core"."team_usage_days" GROUP BY 1, 2, 3;

GRANT SELECT ON "core"."usage_months", "core"."team_usage_months" TO "hub_core", "hub_readonly";
