-- One place says which outside account belongs to whom, Google among others: auth.identities.
-- squawk-ignore ban-drop-column
ALTER TABLE "auth"."users" DROP COLUMN "google_id";
ALTER TABLE "auth"."users" ADD COLUMN "disabled_at" TIMESTAMPTZ(6);

ALTER TABLE "auth"."sessions"
    ADD COLUMN "method" TEXT NOT NULL DEFAULT 'password',
    ADD COLUMN "authenticated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    ADD COLUMN "last_used_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;

ALTER TABLE "auth"."api_keys"
    ADD COLUMN "permissions" TEXT[],
    ADD COLUMN "models" TEXT[],
    ADD COLUMN "tools" TEXT[],
    ADD COLUMN "monthly_limit_micro" BIGINT,
    ADD COLUMN "requests_per_minute" INTEGER,
    ADD COLUMN "tokens_per_minute" INTEGER,
    ADD COLUMN "rotated_to" UUID;

CREATE TABLE "auth"."identities" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "email" CITEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."verification_tokens" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "email" CITEXT NOT NULL,
    "hash" BYTEA,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "verification_tokens_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."former_passwords" (
    "user_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "replaced_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "former_passwords_pkey" PRIMARY KEY ("user_id","hash")
);

CREATE TABLE "auth"."totp_secrets" (
    "user_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "last_step" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(6),

    CONSTRAINT "totp_secrets_pkey" PRIMARY KEY ("user_id")
);

CREATE TABLE "auth"."recovery_codes" (
    "user_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("user_id","hash")
);

CREATE TABLE "auth"."passkeys" (
    "id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL DEFAULT 0,
    "transports" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "backed_up" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(6),

    CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."teams" (
    "id" UUID NOT NULL,
    "name" CITEXT NOT NULL,
    "manager_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "teams_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."team_members" (
    "team_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_members_pkey" PRIMARY KEY ("team_id","user_id")
);

CREATE TABLE "auth"."partner_sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "last_used_at" TIMESTAMPTZ(6),
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "partner_sessions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "auth"."oauth_records" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "grant_id" TEXT,
    "user_code" TEXT,
    "uid" TEXT,
    "user_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "consumed_at" TIMESTAMPTZ(6),
    "expires_at" TIMESTAMPTZ(6),

    CONSTRAINT "oauth_records_pkey" PRIMARY KEY ("kind","id")
);

CREATE UNIQUE INDEX "identities_provider_subject_key" ON "auth"."identities"("provider", "subject");
CREATE INDEX "identities_user_id_idx" ON "auth"."identities"("user_id");
CREATE INDEX "verification_tokens_user_id_purpose_idx" ON "auth"."verification_tokens"("user_id", "purpose");
CREATE INDEX "passkeys_user_id_idx" ON "auth"."passkeys"("user_id");
CREATE UNIQUE INDEX "teams_name_key" ON "auth"."teams"("name");
CREATE INDEX "teams_manager_id_idx" ON "auth"."teams"("manager_id");
CREATE INDEX "team_members_user_id_idx" ON "auth"."team_members"("user_id");
CREATE UNIQUE INDEX "partner_sessions_hash_key" ON "auth"."partner_sessions"("hash");
CREATE INDEX "partner_sessions_user_id_idx" ON "auth"."partner_sessions"("user_id");
CREATE INDEX "oauth_records_grant_id_idx" ON "auth"."oauth_records"("grant_id");
CREATE INDEX "oauth_records_user_id_idx" ON "auth"."oauth_records"("user_id");
CREATE INDEX "oauth_records_expires_at_idx" ON "auth"."oauth_records"("expires_at");
CREATE UNIQUE INDEX "oauth_records_kind_user_code_key" ON "auth"."oauth_records"("kind", "user_code");
CREATE UNIQUE INDEX "oauth_records_kind_uid_key" ON "auth"."oauth_records"("kind", "uid");

ALTER TABLE "auth"."identities" ADD CONSTRAINT "identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."verification_tokens" ADD CONSTRAINT "verification_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."former_passwords" ADD CONSTRAINT "former_passwords_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."totp_secrets" ADD CONSTRAINT "totp_secrets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."passkeys" ADD CONSTRAINT "passkeys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."teams" ADD CONSTRAINT "teams_manager_id_fkey" FOREIGN KEY ("manager_id") REFERENCES "auth"."users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "auth"."team_members" ADD CONSTRAINT "team_members_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "auth"."teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."team_members" ADD CONSTRAINT "team_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."partner_sessions" ADD CONSTRAINT "partner_sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "auth"."oauth_records" ADD CONSTRAINT "oauth_records_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- These four tables are small: the scan takes no time.
ALTER TABLE "auth"."sessions"
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT "sessions_method_known" CHECK ("method" IN ('password', 'passkey', 'oidc', 'totp'));
ALTER TABLE "auth"."verification_tokens"
    ADD CONSTRAINT "verification_tokens_purpose_known" CHECK ("purpose" IN ('verify-email', 'change-email', 'reset-password'));
ALTER TABLE "auth"."api_keys"
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT "api_keys_limits_positive" CHECK ("monthly_limit_micro" >= 1 AND "requests_per_minute" >= 1 AND "tokens_per_minute" >= 1);

GRANT SELECT, INSERT, UPDATE, DELETE ON "auth"."identities", "auth"."verification_tokens", "auth"."former_passwords", "auth"."totp_secrets",
    "auth"."recovery_codes", "auth"."passkeys", "auth"."teams", "auth"."team_members", "auth"."partner_sessions", "auth"."oauth_records" TO "hub_auth";
GRANT SELECT ON "auth"."teams", "auth"."team_members" TO "hub_readonly";
GRANT SELECT ("disabled_at") ON "auth"."users" TO "hub_readonly";

-- Roles: the five of the system stay what they are called, and somebody always holds the highest.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "core"."roles" ADD CONSTRAINT "roles_name_shape" CHECK ("name" ~ '^[a-z][a-z0-9-]{1,39}$');
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "core"."roles" ADD CONSTRAINT "roles_level_range" CHECK ("level" BETWEEN 1 AND 100);

CREATE FUNCTION "core"."keep_system_roles"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW."name" <> OLD."name" OR NOT NEW."system" THEN
        RAISE EXCEPTION 'role % is part of the system', OLD."name" USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER "roles_of_the_system" BEFORE UPDATE OR DELETE ON "core"."roles"
    FOR EACH ROW WHEN (OLD."system") EXECUTE FUNCTION "core"."keep_system_roles"();

CREATE FUNCTION "core"."keep_a_superadmin"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    highest uuid;
BEGIN
    -- the lock makes two who remove each other wait for one another
    SELECT "id" INTO highest FROM "core"."roles" WHERE "name" = 'superadmin' FOR UPDATE;
    IF OLD."role_id" = highest AND NOT EXISTS (SELECT FROM "core"."user_roles" WHERE "role_id" = highest) THEN
        RAISE EXCEPTION 'nobody would be superadmin' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "user_roles_keep_a_superadmin" AFTER DELETE OR UPDATE ON "core"."user_roles"
    FOR EACH ROW EXECUTE FUNCTION "core"."keep_a_superadmin"();

-- Who may use a service or a tool at all may use any; guests only what was opened to them.
UPDATE "core"."role_permissions" SET "scope" = 'any'
    WHERE "role_id" IN (SELECT "id" FROM "core"."roles" WHERE "name" IN ('manager', 'user'))
    AND "permission_id" IN (SELECT "id" FROM "core"."permissions" WHERE "name" IN ('services:use', 'tools:use'));

-- The audit log: every service adds to it in its own transaction, by one function; nobody changes it.
CREATE SCHEMA "audit";

CREATE TABLE "audit"."events" (
    "id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor_id" UUID,
    "key_id" UUID,
    "action" TEXT NOT NULL,
    "target_type" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "address" TEXT,
    "user_agent" TEXT,
    "request_id" TEXT,
    "previous_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("at","id")
) PARTITION BY RANGE ("at");

CREATE INDEX "events_id_idx" ON "audit"."events"("id");
CREATE INDEX "events_actor_id_id_idx" ON "audit"."events"("actor_id", "id");
CREATE INDEX "events_target_id_id_idx" ON "audit"."events"("target_id", "id");

-- The end of the chain, one row: who adds holds it until commit, so that links are in the order of commits.
CREATE TABLE "audit"."head" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "head_pkey" PRIMARY KEY ("one"),
    CONSTRAINT "head_single_row" CHECK ("one")
);
INSERT INTO "audit"."head" ("id", "at", "hash") VALUES (0, '-infinity', '\x0000000000000000000000000000000000000000000000000000000000000000');

CREATE FUNCTION "audit"."hash_of"(event "audit"."events") RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        event.id, extract(epoch FROM event.at), event.actor_id, event.key_id, event.action, event.target_type, event.target_id,
        event.before, event.after, event.address, event.user_agent, event.request_id, encode(event.previous_hash, 'hex')
    )::text, 'UTF8'))
$$;

-- A year's partition is made by the first event of that year.
CREATE FUNCTION "audit"."append"(
    "actor_id" uuid, "key_id" uuid, "action" text, "target_type" text, "target_id" text,
    "before" jsonb, "after" jsonb, "address" text, "user_agent" text, "request_id" text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last audit.head;
    event audit.events;
BEGIN
    SELECT * INTO last FROM audit.head FOR UPDATE;
    event := ROW(last.id + 1, greatest(clock_timestamp(), last.at), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, last.hash, NULL);
    event.hash := audit.hash_of(event);
    IF last.at = '-infinity' OR date_part('year', last.at AT TIME ZONE 'UTC') <> date_part('year', event.at AT TIME ZONE 'UTC') THEN
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS audit.%I PARTITION OF audit.events FOR VALUES FROM (%L) TO (%L)',
            'events_' || to_char(event.at AT TIME ZONE 'UTC', 'YYYY'),
            to_char(event.at AT TIME ZONE 'UTC', 'YYYY') || '-01-01 00:00:00+00',
            to_char((event.at AT TIME ZONE 'UTC') + interval '1 year', 'YYYY') || '-01-01 00:00:00+00'
        );
    END IF;
    INSERT INTO audit.events SELECT event.*;
    UPDATE audit.head SET id = event.id, at = event.at, hash = event.hash;
    RETURN event.id;
END $$;

-- The first event that is not as it was written, or that is missing; nothing where the chain holds.
CREATE FUNCTION "audit"."first_breach"() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT min(breach) FROM (
        SELECT link.id AS breach FROM (
            SELECT e.id, e.hash, e.previous_hash, audit.hash_of(e) AS right_hash,
                   lag(e.hash) OVER (ORDER BY e.id) AS former_hash, lag(e.id) OVER (ORDER BY e.id) AS former_id
            FROM audit.events e
        ) AS link
        WHERE link.hash <> link.right_hash
           OR (link.former_id IS NOT NULL AND (link.previous_hash <> link.former_hash OR link.id <> link.former_id + 1))
        UNION ALL
        SELECT head.id FROM audit.head
        WHERE head.id > 0 AND NOT EXISTS (SELECT FROM audit.events e WHERE e.id = head.id AND e.hash = head.hash)
    ) AS breaches
$$;

CREATE TRIGGER "events_append_only" BEFORE UPDATE OR DELETE ON "audit"."events"
    FOR EACH ROW EXECUTE FUNCTION "core"."refuse_change"();
CREATE TRIGGER "events_no_truncate" BEFORE TRUNCATE ON "audit"."events"
    FOR EACH STATEMENT EXECUTE FUNCTION "core"."refuse_change"();

REVOKE ALL ON FUNCTION "audit"."append"(uuid, uuid, text, text, text, jsonb, jsonb, text, text, text), "audit"."first_breach"(), "audit"."hash_of"("audit"."events") FROM PUBLIC;
GRANT USAGE ON SCHEMA "audit" TO "hub_auth", "hub_core", "hub_readonly";
GRANT EXECUTE ON FUNCTION "audit"."append"(uuid, uuid, text, text, text, jsonb, jsonb, text, text, text) TO "hub_auth", "hub_core";
GRANT EXECUTE ON FUNCTION "audit"."first_breach"() TO "hub_core", "hub_readonly";
GRANT SELECT ON "audit"."events" TO "hub_core", "hub_readonly";
