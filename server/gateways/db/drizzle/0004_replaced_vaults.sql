CREATE TABLE "replaced_vaults" (
	"person_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"record" text NOT NULL,
	"replaced_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "replaced_vaults_person_id_version_pk" PRIMARY KEY("person_id","version")
);
--> statement-breakpoint
ALTER TABLE "replaced_vaults" ADD CONSTRAINT "replaced_vaults_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;