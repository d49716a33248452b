CREATE TABLE "outgoing_transactions" (
	"account" text NOT NULL,
	"chain_id" bigint NOT NULL,
	"raw" text NOT NULL,
	"earlier" text[] NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	CONSTRAINT "outgoing_transactions_account_chain_id_pk" PRIMARY KEY("account","chain_id")
);
--> statement-breakpoint
ALTER TABLE "relay_queue" ADD COLUMN "held" smallint DEFAULT 0 NOT NULL;