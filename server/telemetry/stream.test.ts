import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { circleSeats } from '../gateways/db/schema/circles.ts';
import { sessions } from '../gateways/db/schema/session.ts';
import { type Person, World } from '../testing/world.ts';
import { tellChange } from './changes.ts';
import { openTelemetryStream } from './stream.ts';

let world: World;
let patient: Person;
let doctor: Person;
let stranger: Person;

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null);
  doctor = await world.person('doctor', 'inst-north-hospital');
  stranger = await world.person('doctor', 'inst-north-hospital');
  const expiresAt = new Date(Date.now() + 3600_000);
  for (const { actor } of [patient, doctor, stranger])
    await world.portal.db
      .insert(sessions)
      .values({ id: actor.sessionId, personId: actor.personId, method: 'password', expiresAt });
});
afterAll(() => world.stop());

/** Everything that somebody is told, as it comes. */
function listen({ actor }: Person, signal: AbortSignal): { text: string } {
  const heard = { text: '' };
  void (async () => {
    for await (const part of openTelemetryStream(actor, signal, world.portal))
      heard.text += Buffer.from(part).toString();
  })();
  return heard;
}

it('tells by ids alone, and only who may follow a patient', async () => {
  const end = new AbortController();
  const { db } = world.portal;
  const pseudonym = patient.actor.subjectId;
  const [own, other] = [listen(patient, end.signal), listen(stranger, end.signal)];
  const seated = listen(doctor, end.signal);
  // Whoever is followed is named at the beginning.
  await vi.waitFor(() => expect(own.text).toContain(`event: circle\ndata: {"patient":"${pseudonym}"}`));
  const seat = { patient: pseudonym, subject: doctor.actor.subjectId, channel: 'care-0', kind: 'clinician' };
  await db.insert(circleSeats).values({ ...seat, state: 'active', version: 1, since: new Date() });
  await vi.waitFor(async () => {
    await tellChange(db, { about: 'circle', patient: pseudonym });
    expect(seated.text).toContain('event: circle');
  });
  await tellChange(db, { about: 'frames', of: [[pseudonym, 'alert', 2]] });
  await tellChange(db, { about: 'alert', patient: pseudonym, id: 'al-0-x' });
  for (const heard of [own, seated]) {
    await vi.waitFor(() => expect(heard.text).toContain(`{"patient":"${pseudonym}","id":"al-0-x"}`));
    expect(heard.text).toContain(`event: frames\ndata: {"patient":"${pseudonym}","kind":"alert","count":2}`);
  }
  expect(other.text).not.toContain(pseudonym);
  end.abort();
});

it('has everything asked for again when what changed may have been missed', async () => {
  const end = new AbortController();
  const pseudonym = patient.actor.subjectId;
  const own = listen(patient, end.signal);
  await vi.waitFor(() => expect(own.text).toContain(`event: circle\ndata: {"patient":"${pseudonym}"}`));
  const before = own.text.length;
  const cut = sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`;
  await world.portal.db.execute(cut);
  for (const event of ['circle', 'alert'])
    await vi.waitFor(
      () => expect(own.text.slice(before)).toContain(`event: ${event}\ndata: {"patient":"${pseudonym}"}`),
      { timeout: 4_000 },
    );
  end.abort();
});
