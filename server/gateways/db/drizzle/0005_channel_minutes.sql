CREATE TABLE "channel_endorsers" (
	"channel" text NOT NULL,
	"msp_id" text NOT NULL,
	"transactions" bigint DEFAULT 0 NOT NULL,
	"last_block" bigint NOT NULL,
	CONSTRAINT "channel_endorsers_channel_msp_id_pk" PRIMARY KEY("channel","msp_id")
);
--> statement-breakpoint
CREATE TABLE "channel_minutes" (
	"channel" text NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"blocks" integer DEFAULT 0 NOT NULL,
	"transactions" integer DEFAULT 0 NOT NULL,
	"invalid" integer DEFAULT 0 NOT NULL,
	"delays" integer DEFAULT 0 NOT NULL,
	"delay_ms" bigint DEFAULT 0 NOT NULL,
	"answers" integer DEFAULT 0 NOT NULL,
	"answer_ms" bigint DEFAULT 0 NOT NULL,
	"unanswered" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "channel_minutes_channel_minute_pk" PRIMARY KEY("channel","minute")
);
--> statement-breakpoint
ALTER TABLE "checkpoints" ADD COLUMN "ledger_height" bigint;--> statement-breakpoint
CREATE INDEX "channel_minutes_minute" ON "channel_minutes" USING btree ("minute");