CREATE TABLE "billing_notes" (
	"dispense" text PRIMARY KEY NOT NULL,
	"prescription" text NOT NULL,
	"institution" text NOT NULL,
	"note" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "billing_notes_institution" ON "billing_notes" USING btree ("institution","created_at");