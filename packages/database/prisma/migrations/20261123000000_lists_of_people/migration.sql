-- People are listed newest first, and found by how their address begins: the latter needs the order of bytes.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "users_created_at_id_idx" ON "auth"."users"("created_at", "id");
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "users_email_idx" ON "auth"."users"("email" citext_pattern_ops);
