CREATE TABLE "recoveries" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sign_in_audit" ALTER COLUMN "address" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "recovery_salt" "bytea";--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "recovery_verifier" "bytea";--> statement-breakpoint
ALTER TABLE "recoveries" ADD CONSTRAINT "recoveries_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recoveries_person" ON "recoveries" USING btree ("person_id");