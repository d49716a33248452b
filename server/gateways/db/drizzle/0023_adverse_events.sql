CREATE TABLE "adverse_reports" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"reporter" text NOT NULL,
	"to" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "adverse_reports_reporter" ON "adverse_reports" USING btree ("reporter","at");--> statement-breakpoint
CREATE INDEX "adverse_reports_to" ON "adverse_reports" USING btree ("to","state");