import { ofPatient } from '#server/circles/schema.ts';
import { readSubjects } from '#server/circles/subjects.ts';
import { endpoint } from '#server/endpoint.ts';
import { parseInput } from '#server/input.ts';

export const dynamic = 'force-dynamic';

/** Everybody of a circle in which the actor is, as the ledgers judge them now, with their certificates. */
export const GET = endpoint(async ({ request, actor }) => {
  const which = parseInput(ofPatient, Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(await readSubjects(actor, which), { headers: { 'cache-control': 'private, no-store' } });
});
