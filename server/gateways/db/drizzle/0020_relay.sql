CREATE TABLE "relay_queue" (
	"saga_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"deadline" text,
	"signature" text,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "relay_queue_saga_id_kind_pk" PRIMARY KEY("saga_id","kind")
);
--> statement-breakpoint
ALTER TABLE "relay_queue" ADD CONSTRAINT "relay_queue_saga_id_sagas_id_fk" FOREIGN KEY ("saga_id") REFERENCES "public"."sagas"("id") ON DELETE cascade ON UPDATE no action;