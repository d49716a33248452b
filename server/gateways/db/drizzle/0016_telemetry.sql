CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"device" text NOT NULL,
	"level" text NOT NULL,
	"state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "circle_blocks" (
	"cid" text NOT NULL,
	"patient" text NOT NULL,
	"by" text NOT NULL,
	"bytes" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"kept" boolean DEFAULT false NOT NULL,
	CONSTRAINT "circle_blocks_cid_patient_pk" PRIMARY KEY("cid","patient")
);
--> statement-breakpoint
CREATE TABLE "circle_epochs" (
	"patient" text NOT NULL,
	"generation" integer NOT NULL,
	"epoch" integer NOT NULL,
	"cid" text NOT NULL,
	"content_hash" text NOT NULL,
	"key_commitment" text NOT NULL,
	"by" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"stale_since" timestamp with time zone,
	CONSTRAINT "circle_epochs_patient_generation_epoch_pk" PRIMARY KEY("patient","generation","epoch")
);
--> statement-breakpoint
CREATE TABLE "circle_seats" (
	"patient" text NOT NULL,
	"subject" text NOT NULL,
	"channel" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "circle_seats_patient_subject_pk" PRIMARY KEY("patient","subject")
);
--> statement-breakpoint
CREATE TABLE "circles" (
	"patient" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"generation" integer NOT NULL,
	"epoch" integer NOT NULL,
	"stale_since" timestamp with time zone,
	"version" integer NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"id" text PRIMARY KEY NOT NULL,
	"institution_id" text NOT NULL,
	"msp_id" text NOT NULL,
	"model" text NOT NULL,
	"purpose" text NOT NULL,
	"status" text NOT NULL,
	"signing_key_hash" text NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"patient" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"version" integer NOT NULL,
	"generation" integer NOT NULL,
	"epoch" integer NOT NULL,
	"cid" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"ledger_state" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "telemetry_batches" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"generation" integer NOT NULL,
	"epoch" integer NOT NULL,
	"cid" text NOT NULL,
	"root" text NOT NULL,
	"frames" integer NOT NULL,
	"readings" integer NOT NULL,
	"from" timestamp with time zone NOT NULL,
	"to" timestamp with time zone NOT NULL,
	"streams" jsonb NOT NULL,
	"state" text DEFAULT 'made' NOT NULL,
	"code" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"anchored_at" timestamp with time zone,
	"transaction_id" text,
	"block_number" bigint
);
--> statement-breakpoint
CREATE TABLE "telemetry_devices" (
	"device" text PRIMARY KEY NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	"battery" double precision,
	"firmware" text,
	"pending" integer,
	"skew_ms" bigint,
	"skewed" bigint DEFAULT 0 NOT NULL,
	"frames" bigint DEFAULT 0 NOT NULL,
	"readings" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "telemetry_frames" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"patient" text NOT NULL,
	"device" text NOT NULL,
	"stream" text NOT NULL,
	"number" bigint NOT NULL,
	"generation" integer NOT NULL,
	"epoch" integer NOT NULL,
	"kind" text NOT NULL,
	"readings" integer NOT NULL,
	"from" timestamp with time zone NOT NULL,
	"to" timestamp with time zone NOT NULL,
	"hash" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"batch_id" text,
	"anchored_at" timestamp with time zone,
	"alert" jsonb,
	"raised_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "telemetry_refusals" (
	"device" text NOT NULL,
	"code" text NOT NULL,
	"count" bigint DEFAULT 0 NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "telemetry_refusals_device_code_pk" PRIMARY KEY("device","code")
);
--> statement-breakpoint
CREATE TABLE "telemetry_streams" (
	"device" text NOT NULL,
	"stream" text NOT NULL,
	"patient" text NOT NULL,
	"last" bigint NOT NULL,
	"closed" text,
	CONSTRAINT "telemetry_streams_device_stream_pk" PRIMARY KEY("device","stream")
);
--> statement-breakpoint
CREATE INDEX "alerts_patient" ON "alerts" USING btree ("patient","at");--> statement-breakpoint
CREATE INDEX "alerts_due" ON "alerts" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "circle_blocks_by" ON "circle_blocks" USING btree ("by","at");--> statement-breakpoint
CREATE INDEX "circle_blocks_kept" ON "circle_blocks" USING btree ("kept","at");--> statement-breakpoint
CREATE INDEX "circle_seats_subject" ON "circle_seats" USING btree ("subject","state");--> statement-breakpoint
CREATE INDEX "devices_institution" ON "devices" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "telemetry_batches_patient" ON "telemetry_batches" USING btree ("patient","from");--> statement-breakpoint
CREATE INDEX "telemetry_batches_state" ON "telemetry_batches" USING btree ("state","channel","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "telemetry_frames_once" ON "telemetry_frames" USING btree ("device","stream","number");--> statement-breakpoint
CREATE INDEX "telemetry_frames_unraised" ON "telemetry_frames" USING btree ("seq") WHERE "telemetry_frames"."kind" = 'alert' and "telemetry_frames"."raised_at" is null;--> statement-breakpoint
CREATE INDEX "telemetry_frames_patient" ON "telemetry_frames" USING btree ("patient","kind","to");--> statement-breakpoint
CREATE INDEX "telemetry_frames_batch" ON "telemetry_frames" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "telemetry_frames_waiting" ON "telemetry_frames" USING btree ("seq") WHERE "telemetry_frames"."batch_id" is null;--> statement-breakpoint
CREATE INDEX "telemetry_frames_kept" ON "telemetry_frames" USING btree ("kind","anchored_at");