ALTER TABLE "auth"."teams" VALIDATE CONSTRAINT "teams_monthly_limit_not_negative";

-- What everybody, and each team, used by the hour and the model: few rows, whatever the number of people.
CREATE TABLE "core"."usage_totals" (
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "service" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "usage_totals_pkey" PRIMARY KEY ("hour","service","model")
);
CREATE TABLE "core"."team_usage_totals" (
    "team_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(6) NOT NULL,
    "service" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "team_usage_totals_pkey" PRIMARY KEY ("team_id","hour","service","model")
);

-- What each person used in a day of UTC, and in each team; hours that belong to a day are added as they are rolled up.
CREATE TABLE "core"."usage_days" (
    "day" DATE NOT NULL,
    "user_id" UUID NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "usage_days_pkey" PRIMARY KEY ("day","user_id")
);
CREATE TABLE "core"."team_usage_days" (
    "team_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "user_id" UUID NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed" BIGINT NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "team_usage_days_pkey" PRIMARY KEY ("team_id","day","user_id")
);

INSERT INTO "core"."usage_totals"
SELECT "hour", "service", "model", sum("calls"), sum("failed"), sum("prompt_tokens"), sum("completion_tokens"), sum("credits")
FROM "core"."usage_rollups" GROUP BY 1, 2, 3;
INSERT INTO "core"."team_usage_totals"
SELECT "team_id", "hour", "service", "model", sum("calls"), sum("failed"), sum("prompt_tokens"), sum("completion_tokens"), sum("credits")
FROM "core"."team_usage_rollups" GROUP BY 1, 2, 3, 4;
INSERT INTO "core"."usage_days"
SELECT ("hour" AT TIME ZONE 'UTC')::date, "user_id", sum("calls"), sum("failed"), sum("prompt_tokens"), sum("completion_tokens"), sum("credits")
FROM "core"."usage_rollups" GROUP BY 1, 2;
INSERT INTO "core"."team_usage_days"
SELECT "team_id", ("hour" AT TIME ZONE 'UTC')::date, "user_id", sum("calls"), sum("failed"), sum("prompt_tokens"), sum("completion_tokens"), sum("credits")
FROM "core"."team_usage_rollups" GROUP BY 1, 2, 3;

GRANT SELECT, INSERT ON "core"."usage_totals", "core"."team_usage_totals" TO "hub_core";
GRANT SELECT, INSERT, UPDATE ON "core"."usage_days", "core"."team_usage_days" TO "hub_core";
GRANT SELECT ON "core"."usage_totals", "core"."team_usage_totals", "core"."usage_days", "core"."team_usage_days" TO "hub_readonly";
