ALTER TABLE "trace_step" ADD COLUMN "site" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "trace_step" DROP CONSTRAINT "trace_step_day_gtin_step_outcome_pk";--> statement-breakpoint
ALTER TABLE "trace_step" ADD CONSTRAINT "trace_step_day_gtin_site_step_outcome_pk" PRIMARY KEY("day","gtin","site","step","outcome");
