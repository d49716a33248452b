CREATE TABLE "capture_events" (
	"job_id" text NOT NULL,
	"position" integer NOT NULL,
	"event_id" text,
	"body" text,
	"channels" jsonb,
	"outcomes" jsonb,
	CONSTRAINT "capture_events_job_id_position_pk" PRIMARY KEY("job_id","position")
);
--> statement-breakpoint
CREATE TABLE "capture_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"system_id" text NOT NULL,
	"institution_id" text NOT NULL,
	"msp_id" text NOT NULL,
	"mode" text NOT NULL,
	"events" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"success" boolean DEFAULT true NOT NULL,
	"due_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "named_queries" (
	"institution_id" text NOT NULL,
	"name" text NOT NULL,
	"query" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "named_queries_institution_id_name_pk" PRIMARY KEY("institution_id","name")
);
--> statement-breakpoint
CREATE TABLE "partner_systems" (
	"id" text PRIMARY KEY NOT NULL,
	"institution_id" text NOT NULL,
	"name" text NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"leased_until" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "partner_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"system_id" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_by" uuid,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "partner_tokens_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "capture_events" ADD CONSTRAINT "capture_events_job_id_capture_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."capture_jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "capture_jobs" ADD CONSTRAINT "capture_jobs_system_id_partner_systems_id_fk" FOREIGN KEY ("system_id") REFERENCES "public"."partner_systems"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_systems" ADD CONSTRAINT "partner_systems_institution_id_institutions_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."institutions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_systems" ADD CONSTRAINT "partner_systems_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_tokens" ADD CONSTRAINT "partner_tokens_system_id_partner_systems_id_fk" FOREIGN KEY ("system_id") REFERENCES "public"."partner_systems"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_tokens" ADD CONSTRAINT "partner_tokens_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "partner_tokens" ADD CONSTRAINT "partner_tokens_revoked_by_people_id_fk" FOREIGN KEY ("revoked_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "capture_jobs_due" ON "capture_jobs" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "capture_jobs_system" ON "capture_jobs" USING btree ("system_id","created_at");--> statement-breakpoint
CREATE INDEX "partner_systems_institution" ON "partner_systems" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "partner_tokens_system" ON "partner_tokens" USING btree ("system_id");