ALTER TABLE "devices" ADD COLUMN "transfer_to" text;--> statement-breakpoint
CREATE INDEX "devices_offered" ON "devices" USING btree ("transfer_to");