CREATE TABLE "pending_keys" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"signing_key_hash" text NOT NULL,
	"reading_key" text NOT NULL,
	"wallet" text NOT NULL,
	"csr_pem" text NOT NULL,
	"record" text NOT NULL,
	"salt" text NOT NULL,
	"stretching" jsonb NOT NULL,
	"verifier_salt" "bytea" NOT NULL,
	"verifier" "bytea" NOT NULL,
	"recovery_salt" "bytea" NOT NULL,
	"recovery_verifier" "bytea" NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "invitations" ADD COLUMN "purpose" text DEFAULT 'enrolment' NOT NULL;--> statement-breakpoint
ALTER TABLE "pending_keys" ADD CONSTRAINT "pending_keys_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;