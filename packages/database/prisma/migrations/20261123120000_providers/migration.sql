-- AI providers that administrators keep here, beside those of the environment.
CREATE TABLE "core"."providers" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" CITEXT NOT NULL,
    "format" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    -- Each sealed by itself: it has to be read again to ask with.
    "api_keys" BYTEA[],
    "models" JSONB NOT NULL,
    "output_limit_field" TEXT NOT NULL DEFAULT 'max_tokens',
    "max_concurrent" INTEGER NOT NULL DEFAULT 256,
    "position" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "providers_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "providers_name_shape" CHECK ("name" ~ '^[A-Za-z0-9_-]{1,40}$'),
    CONSTRAINT "providers_format_known" CHECK ("format" IN ('openai', 'anthropic', 'gemini')),
    CONSTRAINT "providers_keys_there" CHECK ("api_keys" IS NOT NULL),
    CONSTRAINT "providers_models_some" CHECK (jsonb_typeof("models") = 'array' AND "models" <> '[]'),
    CONSTRAINT "providers_output_limit_field_known" CHECK ("output_limit_field" IN ('max_tokens', 'max_completion_tokens')),
    CONSTRAINT "providers_max_concurrent_positive" CHECK ("max_concurrent" > 0)
);
CREATE UNIQUE INDEX "providers_name_key" ON "core"."providers"("name");

GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."providers" TO "hub_core";
