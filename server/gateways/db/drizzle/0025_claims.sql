CREATE TABLE "authorisations" (
	"id" text PRIMARY KEY NOT NULL,
	"policy" text NOT NULL,
	"institution" text NOT NULL,
	"state" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"id" text PRIMARY KEY NOT NULL,
	"use" text NOT NULL,
	"category" text NOT NULL,
	"policy" text NOT NULL,
	"insurer" text NOT NULL,
	"provider" text NOT NULL,
	"state" text NOT NULL,
	"reference" text NOT NULL,
	"billed" bigint NOT NULL,
	"insurer_share" bigint,
	"patient_share" bigint,
	"served_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "insurance_plans" (
	"id" text PRIMARY KEY NOT NULL,
	"insurer" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plan_versions" (
	"plan" text NOT NULL,
	"version" integer NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"ledger_state" jsonb NOT NULL,
	CONSTRAINT "plan_versions_plan_version_pk" PRIMARY KEY("plan","version")
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"id" text PRIMARY KEY NOT NULL,
	"insurer" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_members" (
	"policy" text PRIMARY KEY NOT NULL,
	"owner_index" "bytea" NOT NULL,
	"owner_sealed" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "authorisations_institution" ON "authorisations" USING btree ("institution","state");--> statement-breakpoint
CREATE INDEX "authorisations_policy" ON "authorisations" USING btree ("policy");--> statement-breakpoint
CREATE INDEX "claims_insurer" ON "claims" USING btree ("insurer","state","at");--> statement-breakpoint
CREATE INDEX "claims_provider" ON "claims" USING btree ("provider","at");--> statement-breakpoint
CREATE INDEX "claims_policy" ON "claims" USING btree ("policy","at");--> statement-breakpoint
CREATE INDEX "claims_reference" ON "claims" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "policies_insurer" ON "policies" USING btree ("insurer","state");--> statement-breakpoint
CREATE INDEX "policy_members_owner" ON "policy_members" USING btree ("owner_index");