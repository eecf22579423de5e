-- The server whose prompts and resources a profile passes on. There are few profiles: what locks them is done at once.
ALTER TABLE "core"."mcp_profiles" ADD COLUMN "content_server_id" UUID;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "mcp_profiles_content_server_id_idx" ON "core"."mcp_profiles"("content_server_id");
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE "core"."mcp_profiles" ADD CONSTRAINT "mcp_profiles_content_server_id_fkey" FOREIGN KEY ("content_server_id") REFERENCES "core"."mcp_servers"("id") ON DELETE SET NULL ON UPDATE CASCADE;
