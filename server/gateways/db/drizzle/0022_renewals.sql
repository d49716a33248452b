CREATE TABLE "renewals" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"prescription" text NOT NULL,
	"patient" text NOT NULL,
	"author" text NOT NULL,
	"by_institution" text,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "renewals_patient" ON "renewals" USING btree ("patient","at");--> statement-breakpoint
CREATE INDEX "renewals_author" ON "renewals" USING btree ("author","at");--> statement-breakpoint
CREATE INDEX "renewals_institution" ON "renewals" USING btree ("by_institution","at");