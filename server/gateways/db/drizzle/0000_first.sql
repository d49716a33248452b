CREATE TABLE "checkpoints" (
	"channel" text PRIMARY KEY NOT NULL,
	"next_block" bigint NOT NULL,
	"transactions" bigint DEFAULT 0 NOT NULL,
	"invalid" bigint DEFAULT 0 NOT NULL,
	"lag_ms" integer DEFAULT 0 NOT NULL,
	"following" boolean DEFAULT false NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_events" (
	"channel" text NOT NULL,
	"block_number" bigint NOT NULL,
	"transaction_id" text NOT NULL,
	"contract" text NOT NULL,
	"change" text NOT NULL,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ledger_events_channel_transaction_id_pk" PRIMARY KEY("channel","transaction_id")
);
--> statement-breakpoint
CREATE TABLE "prescriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"author" text NOT NULL,
	"author_institution" text NOT NULL,
	"state" text NOT NULL,
	"authored_on" timestamp with time zone NOT NULL,
	"expires" timestamp with time zone NOT NULL,
	"holder_institution" text,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"prescription_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"holder" text NOT NULL,
	"commitment" text NOT NULL,
	"issuer" text NOT NULL,
	"transaction_hash" text NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_audit" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_id" uuid NOT NULL,
	"patient_id" uuid NOT NULL,
	"found_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "care_relationships" (
	"patient_id" uuid NOT NULL,
	"institution_id" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "care_relationships_institution_id_patient_id_pk" PRIMARY KEY("institution_id","patient_id")
);
--> statement-breakpoint
CREATE TABLE "institutions" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"msp_id" text NOT NULL,
	"place" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "name_tokens" (
	"institution_id" text NOT NULL,
	"token" "bytea" NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "name_tokens_institution_id_token_person_id_pk" PRIMARY KEY("institution_id","token","person_id")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" uuid PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"msp_id" text NOT NULL,
	"institution_id" text,
	"subject_id" text NOT NULL,
	"name_sealed" "bytea" NOT NULL,
	"details_sealed" "bytea" NOT NULL,
	"email_sealed" "bytea" NOT NULL,
	"email_index" "bytea" NOT NULL,
	"identifier_index" "bytea",
	"licence" jsonb,
	"certificate_pem" text,
	"reading_key" text,
	"enrolled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "people_subject_id_unique" UNIQUE("subject_id"),
	CONSTRAINT "people_email_index_unique" UNIQUE("email_index"),
	CONSTRAINT "people_identifier_index_unique" UNIQUE("identifier_index")
);
--> statement-breakpoint
CREATE TABLE "vaults" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"record" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"address" text PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"linked_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saga_steps" (
	"saga_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone,
	"proof" text,
	"error" text,
	CONSTRAINT "saga_steps_saga_id_name_pk" PRIMARY KEY("saga_id","name")
);
--> statement-breakpoint
CREATE TABLE "sagas" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"channel" text NOT NULL,
	"business_key" text NOT NULL,
	"state" text NOT NULL,
	"intent" jsonb NOT NULL,
	"envelope" "bytea",
	"resume_packet" text,
	"transaction_id" text,
	"proposal_hash" "bytea",
	"transaction_hash" "bytea",
	"status_request" "bytea",
	"status_signature" "bytea",
	"block_number" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"salt" text NOT NULL,
	"stretching" jsonb NOT NULL,
	"verifier_salt" "bytea" NOT NULL,
	"verifier" "bytea" NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"method" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sign_in_audit" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"method" text NOT NULL,
	"outcome" text NOT NULL,
	"account" "bytea" NOT NULL,
	"address" "bytea" NOT NULL,
	"person_id" uuid
);
--> statement-breakpoint
CREATE TABLE "wallet_nonces" (
	"nonce" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "access_audit" ADD CONSTRAINT "access_audit_actor_id_people_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_audit" ADD CONSTRAINT "access_audit_patient_id_people_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "care_relationships" ADD CONSTRAINT "care_relationships_patient_id_people_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "care_relationships" ADD CONSTRAINT "care_relationships_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "name_tokens" ADD CONSTRAINT "name_tokens_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "name_tokens" ADD CONSTRAINT "name_tokens_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vaults" ADD CONSTRAINT "vaults_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saga_steps" ADD CONSTRAINT "saga_steps_saga_id_sagas_id_fk" FOREIGN KEY ("saga_id") REFERENCES "public"."sagas"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sagas" ADD CONSTRAINT "sagas_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_audit" ADD CONSTRAINT "sign_in_audit_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ledger_events_at" ON "ledger_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "ledger_events_subject" ON "ledger_events" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "prescriptions_patient" ON "prescriptions" USING btree ("patient","authored_on");--> statement-breakpoint
CREATE INDEX "prescriptions_author" ON "prescriptions" USING btree ("author","authored_on");--> statement-breakpoint
CREATE INDEX "prescriptions_holder" ON "prescriptions" USING btree ("holder_institution");--> statement-breakpoint
CREATE INDEX "access_audit_pair" ON "access_audit" USING btree ("actor_id","patient_id","at");--> statement-breakpoint
CREATE INDEX "people_institution" ON "people" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "wallets_person" ON "wallets" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sagas_open" ON "sagas" USING btree ("business_key") WHERE "sagas"."state" in ('running', 'waiting');--> statement-breakpoint
CREATE INDEX "sagas_person" ON "sagas" USING btree ("person_id","created_at");--> statement-breakpoint
CREATE INDEX "sagas_due" ON "sagas" USING btree ("due_at") WHERE "sagas"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "sessions_person" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sign_in_audit_at" ON "sign_in_audit" USING btree ("at");