ALTER TABLE "sessions" ADD COLUMN "wallet" text;--> statement-breakpoint
-- Which wallet signed in is not known of these: they begin anew.
UPDATE "sessions" SET "ended_at" = now() WHERE "method" = 'wallet' AND "ended_at" IS NULL;