import type { Metadata } from 'next';
import { requireRole } from '#components/shell/requireRole.ts';
import { mapOf } from '#components/trace/mapOf.ts';
import { PackStoryScreen } from '#components/trace/PackStoryScreen.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';
import { findStory } from '#server/trace/queries.ts';
import { somePack } from '#server/trace/schema.ts';

export const metadata: Metadata = { title: t.trace.story.title };

export default async function TracePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = requireRole(await readActor(), 'regulator');
  const { gtin, serial } = await searchParams;
  const asked = somePack.safeParse({ gtin, serial }).data ?? null;
  const story = asked && (await findStory(actor, asked));
  const places = story?.events.flatMap(({ place }) =>
    place === null || place.latitude === null || place.longitude === null
      ? []
      : { gln: place.gln, latitude: place.latitude, longitude: place.longitude },
  );
  const distinct = [...new Map(places?.map((place) => [place.gln, place])).values()];
  return <PackStoryScreen asked={asked} story={story} map={mapOf(distinct)} />;
}
