CREATE TABLE "claim_notices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"owner_index" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"claim" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"is_read" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "claim_notices_once" ON "claim_notices" USING btree ("claim","kind","at");--> statement-breakpoint
CREATE INDEX "claim_notices_owner" ON "claim_notices" USING btree ("owner_index","at");