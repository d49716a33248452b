CREATE TABLE "assistance_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"claim" text NOT NULL,
	"owner_index" "bytea" NOT NULL,
	"beneficiary" text NOT NULL,
	"ground" text NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"amount" bigint,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"reason" text,
	CONSTRAINT "assistance_requests_claim_unique" UNIQUE("claim")
);
--> statement-breakpoint
CREATE INDEX "assistance_requests_owner" ON "assistance_requests" USING btree ("owner_index");--> statement-breakpoint
CREATE INDEX "assistance_requests_beneficiary" ON "assistance_requests" USING btree ("beneficiary");--> statement-breakpoint
CREATE INDEX "assistance_requests_state" ON "assistance_requests" USING btree ("state","asked_at");