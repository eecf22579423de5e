-- A webhook that is being deleted was still seen here, and the delivery that referred to it was refused: with it what had
-- happened, a sign-up or a charge. Its row is locked as the reference would lock it: who deletes it first is waited for.
CREATE OR REPLACE FUNCTION "core"."emit"("event" text, "data" jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    event_id uuid := gen_random_uuid();
    delivery uuid;
    hook uuid;
BEGIN
    FOR hook IN SELECT w.id FROM core.webhooks w WHERE w.active AND $1 = ANY (w.events) FOR KEY SHARE LOOP
        INSERT INTO core.webhook_deliveries (webhook_id, event_id, event, payload)
        VALUES (hook, event_id, $1, jsonb_build_object('type', $1, 'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', $2))
        RETURNING id INTO delivery;
        PERFORM core_jobs.add_job('deliver-webhook', json_build_object('deliveryId', delivery), max_attempts => 3);
    END LOOP;
END $$;
