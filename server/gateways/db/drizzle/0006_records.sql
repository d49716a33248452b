CREATE TABLE "accesses" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"reader" text NOT NULL,
	"institution" text,
	"emergency" text,
	"at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"transaction_id" text NOT NULL,
	"block_number" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificates" (
	"key_hash" text NOT NULL,
	"subject_id" text NOT NULL,
	"pem" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "certificates_key_hash_subject_id_pk" PRIMARY KEY("key_hash","subject_id")
);
--> statement-breakpoint
CREATE TABLE "consent_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"requester" text,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"author" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "emergencies" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"actor" text NOT NULL,
	"institution" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"outcome" text,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"patient" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "reenrolments" (
	"subject" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "representations" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"representative" text NOT NULL,
	"state" text NOT NULL,
	"until" timestamp with time zone,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient_merges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kept_id" uuid NOT NULL,
	"merged_id" uuid NOT NULL,
	"institution_id" text NOT NULL,
	"merged_by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_by" uuid,
	"undone_at" timestamp with time zone,
	"moved" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "blocks" (
	"cid" text NOT NULL,
	"patient" text NOT NULL,
	"bytes" integer NOT NULL,
	"upload_id" uuid,
	"kept" boolean DEFAULT false NOT NULL,
	CONSTRAINT "blocks_cid_patient_pk" PRIMARY KEY("cid","patient")
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"patient" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_merges" ADD CONSTRAINT "patient_merges_kept_id_people_id_fk" FOREIGN KEY ("kept_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_merges" ADD CONSTRAINT "patient_merges_merged_id_people_id_fk" FOREIGN KEY ("merged_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_merges" ADD CONSTRAINT "patient_merges_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_merges" ADD CONSTRAINT "patient_merges_merged_by_people_id_fk" FOREIGN KEY ("merged_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_merges" ADD CONSTRAINT "patient_merges_undone_by_people_id_fk" FOREIGN KEY ("undone_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accesses_patient" ON "accesses" USING btree ("patient","at");--> statement-breakpoint
CREATE INDEX "accesses_reader" ON "accesses" USING btree ("reader","patient","until");--> statement-breakpoint
CREATE INDEX "certificates_subject" ON "certificates" USING btree ("subject_id","since");--> statement-breakpoint
CREATE INDEX "consent_requests_patient" ON "consent_requests" USING btree ("patient","at");--> statement-breakpoint
CREATE INDEX "consent_requests_requester" ON "consent_requests" USING btree ("requester","at");--> statement-breakpoint
CREATE INDEX "consents_patient" ON "consents" USING btree ("patient","at");--> statement-breakpoint
CREATE INDEX "documents_patient" ON "documents" USING btree ("patient","at");--> statement-breakpoint
CREATE INDEX "documents_author" ON "documents" USING btree ("author","at");--> statement-breakpoint
CREATE INDEX "emergencies_at" ON "emergencies" USING btree ("at");--> statement-breakpoint
CREATE INDEX "emergencies_patient" ON "emergencies" USING btree ("patient","at");--> statement-breakpoint
CREATE INDEX "emergencies_actor" ON "emergencies" USING btree ("actor","at");--> statement-breakpoint
CREATE UNIQUE INDEX "notices_once" ON "notices" USING btree ("person_id","kind","subject","at");--> statement-breakpoint
CREATE INDEX "notices_person" ON "notices" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "representations_patient" ON "representations" USING btree ("patient");--> statement-breakpoint
CREATE INDEX "representations_representative" ON "representations" USING btree ("representative");--> statement-breakpoint
CREATE INDEX "blocks_upload" ON "blocks" USING btree ("upload_id");--> statement-breakpoint
CREATE INDEX "uploads_person" ON "uploads" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "uploads_expires" ON "uploads" USING btree ("expires_at");