import type { Metadata } from 'next';
import { PrescribeScreen } from '#components/prescribing/PrescribeScreen.tsx';
import type { Start } from '#components/prescribing/StartNotice.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { findPatient, readActor } from '#server/people/queries.ts';
import type { Actor } from '#server/people/schema.ts';
import { findPrescription } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.prescribing.title };

type Search = Record<'replaces', string | string[] | undefined>;

export default async function PrescribePage({ searchParams }: { searchParams: Promise<Search> }) {
  const actor = requireRole(await readActor(), 'doctor');
  const start = await startOf(actor, await searchParams);
  return <PrescribeScreen key={start?.prescription.id} start={start} />;
}

/** What the address says is to be written anew; undefined where it says nothing, or nothing in reach. */
async function startOf(actor: Actor, { replaces }: Search): Promise<Start | undefined> {
  if (typeof replaces !== 'string') return undefined;
  const prescription = await findPrescription(actor, replaces);
  const patient = prescription?.patient && (await findPatient(actor, prescription.patient.personId));
  return prescription && patient ? { prescription, patient } : undefined;
}
