CREATE TABLE "trace_alert" (
	"id" text PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"level" text NOT NULL,
	"channel" text NOT NULL,
	"block" bigint NOT NULL,
	"place" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"gtin" text,
	"serial" text,
	"batch" text,
	"sscc" text,
	"site" text,
	"party" text NOT NULL,
	"packs" integer NOT NULL,
	"facts" jsonb NOT NULL,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "trace_batch" (
	"gtin" text NOT NULL,
	"batch" text NOT NULL,
	"channel" text NOT NULL,
	"expiry" date NOT NULL,
	"packs" integer NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"made_site" text,
	CONSTRAINT "trace_batch_gtin_batch_pk" PRIMARY KEY("gtin","batch")
);
--> statement-breakpoint
CREATE TABLE "trace_container" (
	"sscc" text NOT NULL,
	"state" text NOT NULL,
	"channel" text NOT NULL,
	"holder" text NOT NULL,
	"site" text,
	"parent" text,
	"shipped_to" text,
	"shipment" text,
	"seen_site" text,
	"seen_at" timestamp with time zone,
	"root" text NOT NULL,
	"contents" jsonb NOT NULL,
	"excursions" jsonb NOT NULL,
	CONSTRAINT "trace_container_sscc_channel_pk" PRIMARY KEY("sscc","channel")
);
--> statement-breakpoint
CREATE TABLE "trace_event_epc" (
	"channel" text NOT NULL,
	"block" bigint NOT NULL,
	"place" integer NOT NULL,
	"epc" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "trace_event_epc_epc_channel_block_place_role_pk" PRIMARY KEY("epc","channel","block","place","role")
);
--> statement-breakpoint
CREATE TABLE "trace_event" (
	"channel" text NOT NULL,
	"block" bigint NOT NULL,
	"place" integer NOT NULL,
	"transaction_id" text NOT NULL,
	"hash" text NOT NULL,
	"declaration" boolean DEFAULT false NOT NULL,
	"event_id" text,
	"type" text NOT NULL,
	"action" text,
	"biz_step" text,
	"disposition" text,
	"event_time" timestamp with time zone NOT NULL,
	"zone_offset" text NOT NULL,
	"record_time" timestamp with time zone NOT NULL,
	"read_point" text,
	"biz_location" text,
	"by" text NOT NULL,
	"party" text NOT NULL,
	"destination" text,
	"outcome" text NOT NULL,
	"code" text,
	"detail" text,
	"body" jsonb NOT NULL,
	CONSTRAINT "trace_event_channel_block_place_pk" PRIMARY KEY("channel","block","place")
);
--> statement-breakpoint
CREATE TABLE "trace_flow" (
	"day" date NOT NULL,
	"gtin" text NOT NULL,
	"kind" text NOT NULL,
	"from_site" text NOT NULL,
	"to_site" text NOT NULL,
	"packs" integer NOT NULL,
	CONSTRAINT "trace_flow_day_gtin_kind_from_site_to_site_pk" PRIMARY KEY("day","gtin","kind","from_site","to_site")
);
--> statement-breakpoint
CREATE TABLE "trace_pack" (
	"gtin" text NOT NULL,
	"serial" text NOT NULL,
	"batch" text NOT NULL,
	"expiry" date NOT NULL,
	"state" text NOT NULL,
	"channel" text NOT NULL,
	"holder" text NOT NULL,
	"site" text,
	"parent" text,
	"shipped_to" text,
	"shipment" text,
	"seen_site" text,
	"seen_at" timestamp with time zone,
	"excursions" integer DEFAULT 0 NOT NULL,
	"left_day" date,
	CONSTRAINT "trace_pack_gtin_serial_pk" PRIMARY KEY("gtin","serial")
);
--> statement-breakpoint
CREATE TABLE "trace_product" (
	"gtin" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"maker" text NOT NULL,
	"channel" text NOT NULL,
	"min_celsius" double precision,
	"max_celsius" double precision
);
--> statement-breakpoint
CREATE TABLE "trace_recall" (
	"id" text PRIMARY KEY NOT NULL,
	"gtin" text NOT NULL,
	"channel" text NOT NULL,
	"batches" jsonb,
	"serials" jsonb,
	"reason" text NOT NULL,
	"level" text NOT NULL,
	"by" text NOT NULL,
	"party" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_block" bigint NOT NULL,
	"transaction_id" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "trace_shipment" (
	"shipment" text NOT NULL,
	"channel" text NOT NULL,
	"from_site" text NOT NULL,
	"from_party" text NOT NULL,
	"to_party" text NOT NULL,
	"items" integer NOT NULL,
	"received" integer NOT NULL,
	"packs" integer NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone,
	CONSTRAINT "trace_shipment_shipment_channel_pk" PRIMARY KEY("shipment","channel")
);
--> statement-breakpoint
CREATE TABLE "trace_site" (
	"gln" text PRIMARY KEY NOT NULL,
	"institution_id" text NOT NULL,
	"name" text NOT NULL,
	"latitude" double precision NOT NULL,
	"longitude" double precision NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trace_step" (
	"day" date NOT NULL,
	"gtin" text NOT NULL,
	"step" text NOT NULL,
	"outcome" text NOT NULL,
	"events" integer NOT NULL,
	"packs" integer NOT NULL,
	CONSTRAINT "trace_step_day_gtin_step_outcome_pk" PRIMARY KEY("day","gtin","step","outcome")
);
--> statement-breakpoint
CREATE TABLE "trace_stock" (
	"holder" text NOT NULL,
	"site" text NOT NULL,
	"gtin" text NOT NULL,
	"batch" text NOT NULL,
	"state" text NOT NULL,
	"packs" integer NOT NULL,
	CONSTRAINT "trace_stock_holder_site_gtin_batch_state_pk" PRIMARY KEY("holder","site","gtin","batch","state")
);
--> statement-breakpoint
CREATE TABLE "trace_total" (
	"gtin" text NOT NULL,
	"state" text NOT NULL,
	"packs" bigint NOT NULL,
	CONSTRAINT "trace_total_gtin_state_pk" PRIMARY KEY("gtin","state")
);
--> statement-breakpoint
CREATE TABLE "saved_view" (
	"person_id" uuid NOT NULL,
	"page" text NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "saved_view_person_id_page_name_pk" PRIMARY KEY("person_id","page","name")
);
--> statement-breakpoint
CREATE TABLE "trace_alert_note" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"alert_id" text NOT NULL,
	"state" text,
	"text" text NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trace_triage" (
	"alert_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"determined_at" timestamp with time zone,
	"reported_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trace_alert_note" ADD CONSTRAINT "trace_alert_note_by_people_id_fk" FOREIGN KEY ("by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "trace_alert_at" ON "trace_alert" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "trace_alert_rule" ON "trace_alert" USING btree ("rule","at");--> statement-breakpoint
CREATE INDEX "trace_alert_pack" ON "trace_alert" USING btree ("gtin","serial");--> statement-breakpoint
CREATE INDEX "trace_container_parent" ON "trace_container" USING btree ("parent");--> statement-breakpoint
CREATE INDEX "trace_container_root" ON "trace_container" USING btree ("root");--> statement-breakpoint
CREATE INDEX "trace_event_hash" ON "trace_event" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "trace_event_id" ON "trace_event" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "trace_event_time" ON "trace_event" USING btree ("event_time");--> statement-breakpoint
CREATE INDEX "trace_event_recorded" ON "trace_event" USING btree ("record_time");--> statement-breakpoint
CREATE INDEX "trace_event_party" ON "trace_event" USING btree ("party","event_time");--> statement-breakpoint
CREATE INDEX "trace_flow_history" ON "trace_flow" USING btree ("from_site","gtin","kind","day");--> statement-breakpoint
CREATE INDEX "trace_pack_batch" ON "trace_pack" USING btree ("gtin","batch");--> statement-breakpoint
CREATE INDEX "trace_pack_parent" ON "trace_pack" USING btree ("parent");--> statement-breakpoint
CREATE INDEX "trace_product_maker" ON "trace_product" USING btree ("maker");--> statement-breakpoint
CREATE INDEX "trace_recall_gtin" ON "trace_recall" USING btree ("gtin");--> statement-breakpoint
CREATE INDEX "trace_shipment_to" ON "trace_shipment" USING btree ("to_party","sent_at");--> statement-breakpoint
CREATE INDEX "trace_shipment_from" ON "trace_shipment" USING btree ("from_party","sent_at");--> statement-breakpoint
CREATE INDEX "trace_site_institution" ON "trace_site" USING btree ("institution_id");--> statement-breakpoint
CREATE INDEX "trace_stock_batch" ON "trace_stock" USING btree ("gtin","batch");--> statement-breakpoint
CREATE INDEX "trace_stock_site" ON "trace_stock" USING btree ("site","gtin");--> statement-breakpoint
CREATE INDEX "trace_stock_none" ON "trace_stock" USING btree ("packs") WHERE "trace_stock"."packs" = 0;--> statement-breakpoint
CREATE INDEX "trace_alert_note_alert" ON "trace_alert_note" USING btree ("alert_id","at");