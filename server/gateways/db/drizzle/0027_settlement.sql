CREATE TABLE "settlement_blocks" (
	"number" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"parent_hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settlement_events" (
	"transaction_hash" text NOT NULL,
	"log_index" integer NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"contract" text NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"payer" text,
	"from_address" text,
	"payee" text,
	"insurer" text NOT NULL,
	"coin" text,
	"coin_amount" numeric(78, 0),
	"amount" bigint,
	"state" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"anchored_at" timestamp with time zone,
	"held" text,
	"tried_at" timestamp with time zone,
	CONSTRAINT "settlement_events_transaction_hash_log_index_pk" PRIMARY KEY("transaction_hash","log_index")
);
--> statement-breakpoint
CREATE INDEX "settlement_events_reference" ON "settlement_events" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "settlement_events_block" ON "settlement_events" USING btree ("block_number");--> statement-breakpoint
CREATE INDEX "settlement_events_anchoring" ON "settlement_events" USING btree ("state","anchored_at");