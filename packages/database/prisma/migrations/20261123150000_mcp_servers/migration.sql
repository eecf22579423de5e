-- MCP servers whose tools the hub passes on.
CREATE TABLE "core"."mcp_servers" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    -- How it is reached, without what is secret of it.
    "target" JSONB NOT NULL,
    "secret_names" TEXT[],
    -- Headers or variables, sealed together: they have to be read again to ask with.
    "secrets" BYTEA NOT NULL,
    "era" TEXT NOT NULL,
    "timeout_ms" INTEGER NOT NULL,
    "max_result_bytes" INTEGER NOT NULL,
    "per_person" BOOLEAN NOT NULL,
    "active" BOOLEAN NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mcp_servers_pkey" PRIMARY KEY ("id"),
    -- Without an underscore: `name__tool` is read in one way.
    CONSTRAINT "mcp_servers_name_shape" CHECK ("name" ~ '^[a-z0-9][a-z0-9-]{0,31}$' AND "name" <> 'hub'),
    CONSTRAINT "mcp_servers_target_known" CHECK ("target" ->> 'type' IN ('http', 'stdio')),
    CONSTRAINT "mcp_servers_secret_names_there" CHECK ("secret_names" IS NOT NULL),
    CONSTRAINT "mcp_servers_era_known" CHECK ("era" IN ('auto', '2026-07-28', '2025-11-25')),
    CONSTRAINT "mcp_servers_bounds_positive" CHECK ("timeout_ms" > 0 AND "max_result_bytes" > 0)
);
CREATE UNIQUE INDEX "mcp_servers_name_key" ON "core"."mcp_servers"("name");

-- Tools as their servers last had them, and as they were approved: text, so that not a letter of it is another one's.
CREATE TABLE "core"."mcp_tools" (
    "server_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "definition" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "approved_definition" TEXT,
    "approved_hash" TEXT,
    "gone" BOOLEAN NOT NULL DEFAULT false,
    "permission" TEXT NOT NULL DEFAULT 'tools:use',
    "open_to_guests" BOOLEAN NOT NULL DEFAULT false,
    -- Apart from the next one, so that a role which is deleted lets nobody in, and not everybody.
    "role_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "limited_to_roles" BOOLEAN NOT NULL DEFAULT false,
    "confirm" BOOLEAN NOT NULL DEFAULT false,
    "confirm_above" BIGINT,
    "seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mcp_tools_pkey" PRIMARY KEY ("server_id", "name"),
    CONSTRAINT "mcp_tools_name_shape" CHECK ("name" ~ '^[A-Za-z0-9_./-]{1,128}$'),
    CONSTRAINT "mcp_tools_hash_shape" CHECK ("hash" ~ '^[0-9a-f]{64}$'),
    CONSTRAINT "mcp_tools_approved_whole" CHECK (("approved_definition" IS NULL) = ("approved_hash" IS NULL)),
    CONSTRAINT "mcp_tools_role_ids_there" CHECK ("role_ids" IS NOT NULL),
    CONSTRAINT "mcp_tools_confirm_above_not_negative" CHECK ("confirm_above" >= 0)
);
ALTER TABLE "core"."mcp_tools" ADD CONSTRAINT "mcp_tools_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "core"."mcp_servers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Chosen tools without prefix, at an address of their own.
CREATE TABLE "core"."mcp_profiles" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mcp_profiles_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "mcp_profiles_name_shape" CHECK ("name" ~ '^[a-z0-9][a-z0-9-]{0,31}$' AND "name" <> 'hub')
);
CREATE UNIQUE INDEX "mcp_profiles_name_key" ON "core"."mcp_profiles"("name");

CREATE TABLE "core"."mcp_profile_tools" (
    "profile_id" UUID NOT NULL,
    -- What callers see.
    "name" TEXT NOT NULL,
    "server_id" UUID NOT NULL,
    "tool" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "mcp_profile_tools_pkey" PRIMARY KEY ("profile_id", "name")
);
CREATE INDEX "mcp_profile_tools_server_id_idx" ON "core"."mcp_profile_tools"("server_id");
ALTER TABLE "core"."mcp_profile_tools" ADD CONSTRAINT "mcp_profile_tools_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "core"."mcp_profiles"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "core"."mcp_profile_tools" ADD CONSTRAINT "mcp_profile_tools_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "core"."mcp_servers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."mcp_servers" TO "hub_core";
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."mcp_tools" TO "hub_core";
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."mcp_profiles" TO "hub_core";
GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."mcp_profile_tools" TO "hub_core";
GRANT SELECT ON "core"."mcp_tools", "core"."mcp_profiles", "core"."mcp_profile_tools" TO "hub_readonly";
