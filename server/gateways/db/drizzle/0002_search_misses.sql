ALTER TABLE "access_audit" ALTER COLUMN "patient_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "access_audit" ADD COLUMN "asked" "bytea";