-- Chats of people, each its person's alone: read-only roles see nothing of them.
CREATE TABLE "core"."conversations" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "system" TEXT NOT NULL DEFAULT '',
    -- Thousandths.
    "temperature_milli" INTEGER,
    "max_tokens" INTEGER,
    -- Of what stands in it, changed with it: what bounds its size without reading it.
    "messages" INTEGER NOT NULL DEFAULT 0,
    "characters" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "conversations_title_length" CHECK (char_length("title") BETWEEN 1 AND 200),
    CONSTRAINT "conversations_model_length" CHECK (char_length("model") <= 200),
    CONSTRAINT "conversations_system_length" CHECK (char_length("system") <= 20000),
    CONSTRAINT "conversations_temperature_range" CHECK ("temperature_milli" BETWEEN 0 AND 2000),
    CONSTRAINT "conversations_max_tokens_positive" CHECK ("max_tokens" > 0),
    CONSTRAINT "conversations_messages_bounded" CHECK ("messages" BETWEEN 0 AND 500),
    CONSTRAINT "conversations_characters_bounded" CHECK ("characters" BETWEEN 0 AND 1000000)
);
CREATE INDEX "conversations_user_id_updated_at_id_idx" ON "core"."conversations"("user_id", "updated_at", "id");
CREATE INDEX "conversations_updated_at_idx" ON "core"."conversations"("updated_at");

CREATE TABLE "core"."conversation_messages" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "conversation_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "model" TEXT,
    "state" TEXT NOT NULL,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversation_messages_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "conversation_messages_position_range" CHECK ("position" BETWEEN 0 AND 499),
    CONSTRAINT "conversation_messages_role_known" CHECK ("role" IN ('user', 'assistant')),
    CONSTRAINT "conversation_messages_state_known" CHECK ("state" IN ('complete', 'stopped', 'failed')),
    CONSTRAINT "conversation_messages_content_length" CHECK (char_length("content") <= 100000),
    CONSTRAINT "conversation_messages_request_id_length" CHECK (char_length("request_id") <= 64)
);
CREATE UNIQUE INDEX "conversation_messages_conversation_id_position_key" ON "core"."conversation_messages"("conversation_id", "position");
ALTER TABLE "core"."conversation_messages" ADD CONSTRAINT "conversation_messages_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "core"."conversations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "core"."conversations" TO "hub_core";
GRANT SELECT, INSERT, DELETE ON "core"."conversation_messages" TO "hub_core";
