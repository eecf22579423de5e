-- Images and calls of tools are paid by the piece, in the same dated table.
ALTER TABLE "core"."model_prices"
    ADD COLUMN "unit_micro" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "created_by" UUID;
ALTER TABLE "core"."model_prices"
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT "model_prices_unit_not_negative" CHECK ("unit_micro" >= 0);

-- What has been in force is history: usage rows name it. What is still to come may be taken back.
CREATE FUNCTION "core"."refuse_price_in_force"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.effective_at <= now() THEN
        RAISE EXCEPTION 'a price that has been in force stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER "model_prices_history_stays" BEFORE DELETE ON "core"."model_prices"
    FOR EACH ROW EXECUTE FUNCTION "core"."refuse_price_in_force"();
CREATE TRIGGER "model_prices_never_changed" BEFORE UPDATE ON "core"."model_prices"
    FOR EACH ROW EXECUTE FUNCTION "core"."refuse_change"();

GRANT DELETE ON "core"."model_prices" TO "hub_core";
