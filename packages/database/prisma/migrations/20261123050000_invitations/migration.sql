-- A link for somebody whose account was made by another lives longer than one that its person asked for.
ALTER TABLE "auth"."verification_tokens" DROP CONSTRAINT "verification_tokens_purpose_known";
ALTER TABLE "auth"."verification_tokens"
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT "verification_tokens_purpose_known" CHECK ("purpose" IN ('verify-email', 'change-email', 'reset-password', 'invitation'));
