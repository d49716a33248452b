DROP INDEX "telemetry_batches_state";--> statement-breakpoint
ALTER TABLE "telemetry_batches" ADD COLUMN "seq" bigserial NOT NULL;--> statement-breakpoint
CREATE INDEX "telemetry_batches_state" ON "telemetry_batches" USING btree ("state","seq");