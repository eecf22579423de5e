-- Sums count images too. What was rolled up before has none: no call counted any until the migration before this one.
ALTER TABLE "core"."usage_rollups" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "core"."team_usage_rollups" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "core"."usage_totals" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "core"."team_usage_totals" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "core"."usage_days" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "core"."team_usage_days" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "core"."usage_months" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "core"."team_usage_months" ADD COLUMN "images" BIGINT NOT NULL DEFAULT 0;

-- A process of the version before adds to days without images, which leaves those of the month as they are.
CREATE OR REPLACE FUNCTION "core"."add_day_to_month"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO core.usage_months AS m (month, user_id, calls, failed, prompt_tokens, completion_tokens, credits, images)
    VALUES (date_trunc('month', NEW.day::timestamp), NEW.user_id, NEW.calls - coalesce(OLD.calls, 0), NEW.failed - coalesce(OLD.failed, 0),
        NEW.prompt_tokens - coalesce(OLD.prompt_tokens, 0), NEW.completion_tokens - coalesce(OLD.completion_tokens, 0),
        NEW.credits - coalesce(OLD.credits, 0), NEW.images - coalesce(OLD.images, 0))
    ON CONFLICT (month, user_id) DO UPDATE SET calls = m.calls + EXCLUDED.calls, failed = m.failed + EXCLUDED.failed,
        prompt_tokens = m.prompt_tokens + EXCLUDED.prompt_tokens, completion_tokens = m.completion_tokens + EXCLUDED.completion_tokens,
        credits = m.credits + EXCLUDED.credits, images = m.images + EXCLUDED.images;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION "core"."add_day_of_team_to_month"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO core.team_usage_months AS m (team_id, month, user_id, calls, failed, prompt_tokens, completion_tokens, credits, images)
    VALUES (NEW.team_id, date_trunc('month', NEW.day::timestamp), NEW.user_id, NEW.calls - coalesce(OLD.calls, 0), NEW.failed - coalesce(OLD.failed, 0),
        NEW.prompt_tokens - coalesce(OLD.prompt_tokens, 0), NEW.completion_tokens - coalesce(OLD.completion_tokens, 0),
        NEW.credits - coalesce(OLD.credits, 0), NEW.images - coalesce(OLD.images, 0))
    ON CONFLICT (team_id, month, user_id) DO UPDATE SET calls = m.calls + EXCLUDED.calls, failed = m.failed + EXCLUDED.failed,
        prompt_tokens = m.prompt_tokens + EXCLUDED.prompt_tokens, completion_tokens = m.completion_tokens + EXCLUDED.completion_tokens,
        credits = m.credits + EXCLUDED.credits, images = m.images + EXCLUDED.images;
    RETURN NULL;
END $$;
