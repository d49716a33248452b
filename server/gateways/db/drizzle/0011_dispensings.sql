CREATE TABLE "dispensings" (
	"dispense_id" text PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"prescription_id" text NOT NULL,
	"packet" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "dispensings" ADD CONSTRAINT "dispensings_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dispensings_person" ON "dispensings" USING btree ("person_id");