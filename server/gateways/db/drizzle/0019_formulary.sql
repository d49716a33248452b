CREATE TABLE "formulary_entries" (
	"scope" text NOT NULL,
	"code" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL,
	CONSTRAINT "formulary_entries_scope_code_pk" PRIMARY KEY("scope","code")
);
--> statement-breakpoint
CREATE TABLE "shortages" (
	"product" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "formulary_entries_state" ON "formulary_entries" USING btree ("state");