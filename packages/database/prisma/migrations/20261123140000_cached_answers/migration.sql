-- Whether a key's calls may be answered by what the same question was answered before.
ALTER TABLE "auth"."api_keys" ADD COLUMN "cache_answers" BOOLEAN NOT NULL DEFAULT false;
