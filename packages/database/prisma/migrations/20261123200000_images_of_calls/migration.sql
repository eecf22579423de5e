-- How many images a call delivered; a default that does not change needs no rewriting of what is there.
ALTER TABLE "core"."usage_logs" ADD COLUMN "images" INTEGER NOT NULL DEFAULT 0;
-- Checked for rows to come: those that are there have the default.
ALTER TABLE "core"."usage_logs" ADD CONSTRAINT "usage_logs_images_not_negative" CHECK ("images" >= 0) NOT VALID;
