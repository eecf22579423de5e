CREATE TABLE "core"."promo_codes" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "code" CITEXT NOT NULL,
    "credits" BIGINT NOT NULL,
    "max_uses" INTEGER,
    "used_count" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(6),
    "active" BOOLEAN NOT NULL DEFAULT true,
    "description" TEXT NOT NULL DEFAULT '',
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promo_codes_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "core"."promo_redemptions" (
    "id" UUID NOT NULL,
    "code_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "credits" BIGINT NOT NULL,
    "address" TEXT,
    "user_agent" TEXT,
    "redeemed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promo_redemptions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "promo_codes_code_key" ON "core"."promo_codes"("code");
CREATE INDEX "promo_codes_created_at_id_idx" ON "core"."promo_codes"("created_at", "id");
CREATE UNIQUE INDEX "promo_redemptions_code_id_user_id_key" ON "core"."promo_redemptions"("code_id", "user_id");
CREATE INDEX "promo_redemptions_code_id_redeemed_at_id_idx" ON "core"."promo_redemptions"("code_id", "redeemed_at", "id");
CREATE INDEX "promo_redemptions_user_id_idx" ON "core"."promo_redemptions"("user_id");

ALTER TABLE "core"."promo_redemptions" ADD CONSTRAINT "promo_redemptions_code_id_fkey" FOREIGN KEY ("code_id") REFERENCES "core"."promo_codes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "core"."promo_codes"
    ADD CONSTRAINT "promo_codes_code_shape" CHECK ("code" ~ '^[A-Za-z0-9-]{3,50}$'),
    ADD CONSTRAINT "promo_codes_credits_positive" CHECK ("credits" > 0),
    ADD CONSTRAINT "promo_codes_uses" CHECK ("used_count" >= 0 AND ("max_uses" IS NULL OR ("max_uses" >= 1 AND "used_count" <= "max_uses")));
ALTER TABLE "core"."promo_redemptions" ADD CONSTRAINT "promo_redemptions_credits_positive" CHECK ("credits" > 0);

-- Who redeemed what is only ever added to.
CREATE TRIGGER "promo_redemptions_append_only" BEFORE UPDATE OR DELETE ON "core"."promo_redemptions"
    FOR EACH ROW EXECUTE FUNCTION "core"."refuse_change"();

GRANT SELECT, INSERT, UPDATE ON "core"."promo_codes" TO "hub_core";
GRANT SELECT, INSERT ON "core"."promo_redemptions" TO "hub_core";
GRANT SELECT ON "core"."promo_codes", "core"."promo_redemptions" TO "hub_readonly";
