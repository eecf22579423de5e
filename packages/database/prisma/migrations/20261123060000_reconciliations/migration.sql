CREATE TABLE "core"."reconciliations" (
    "id" BIGSERIAL NOT NULL,
    "checked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "accounts" INTEGER NOT NULL,
    "mismatches" INTEGER NOT NULL,
    "house_loss" BIGINT NOT NULL,
    "expired_holds" INTEGER NOT NULL,

    CONSTRAINT "reconciliations_pkey" PRIMARY KEY ("id")
);

-- Accounts are listed newest first.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "credit_accounts_created_at_id_idx" ON "core"."credit_accounts"("created_at", "id");

GRANT SELECT, INSERT ON "core"."reconciliations" TO "hub_core";
GRANT USAGE ON SEQUENCE "core"."reconciliations_id_seq" TO "hub_core";
GRANT SELECT ON "core"."reconciliations" TO "hub_readonly";
