-- Usage by the hour: what summaries read, and what is left when the rows themselves are dropped.
CREATE TABLE "core"."usage_rollups" (
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "user_id" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    -- Zeros for calls without a key: what is part of the primary key is never null.
    "key_id" UUID NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "usage_rollups_pkey" PRIMARY KEY ("user_id","hour","service","model","key_id")
);
CREATE INDEX "usage_rollups_hour_idx" ON "core"."usage_rollups"("hour");

-- Up to where the rows are rolled up: moved in the transaction that adds the sums, so that no hour counts twice.
CREATE TABLE "core"."usage_rolled_up" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "usage_rolled_up_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "usage_rolled_up_single_row" CHECK ("id" = 1)
);
INSERT INTO "core"."usage_rolled_up" ("until")
SELECT date_trunc('hour', coalesce((SELECT min("created_at") FROM "core"."usage_logs"), now()), 'UTC');

-- Drops the partitions of months that ended so many days ago and are rolled up; with the owner's rights, as what makes them.
CREATE FUNCTION "core"."drop_usage_older_than"("days" int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record;
    ended timestamptz;
    dropped int := 0;
BEGIN
    IF days < 1 THEN
        RAISE EXCEPTION 'a day at least is kept' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'core.usage_logs'::regclass AND c.relname ~ '^usage_logs_\d{4}_\d{2}$'
    LOOP
        ended := (to_date(right(part.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC';
        IF ended < now() - make_interval(days => days) AND ended <= (SELECT until FROM core.usage_rolled_up) THEN
            EXECUTE format('DROP TABLE core.%I', part.relname);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION "core"."drop_usage_older_than"(int) FROM PUBLIC;

GRANT SELECT, INSERT ON "core"."usage_rollups" TO "hub_core";
GRANT SELECT, UPDATE ON "core"."usage_rolled_up" TO "hub_core";
GRANT EXECUTE ON FUNCTION "core"."drop_usage_older_than"(int) TO "hub_core";
GRANT SELECT ON "core"."usage_rollups", "core"."usage_rolled_up" TO "hub_readonly";
