import type { Metadata } from 'next';
import { PrescribeScreen } from '#components/prescribing/PrescribeScreen.tsx';
import type { Start } from '#components/prescribing/StartNotice.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { medicineStatuses } from '#server/formulary/queries.ts';
import { findPatient, readActor } from '#server/people/queries.ts';
import type { Actor } from '#server/people/schema.ts';
import { findPrescription, listRenewals } from '#server/prescriptions/queries.ts';

export const metadata: Metadata = { title: t.prescribing.title };

type Search = Record<'replaces' | 'renews', string | string[] | undefined>;

export default async function PrescribePage({ searchParams }: { searchParams: Promise<Search> }) {
  const actor = requireRole(await readActor(), 'doctor');
  const [start, statuses] = await Promise.all([startOf(actor, await searchParams), medicineStatuses(actor)]);
  return <PrescribeScreen key={start?.prescription.id} start={start} statuses={statuses} />;
}

/** What the address says is to be written anew; undefined where it says nothing, or nothing in reach. */
async function startOf(actor: Actor, { replaces, renews }: Search): Promise<Start | undefined> {
  const renewals = typeof renews === 'string' ? await listRenewals(actor) : [];
  const renewal = renewals.find(({ id, state }) => id === renews && state === 'asked');
  const id = renewal?.prescription ?? replaces;
  if (typeof id !== 'string') return undefined;
  const prescription = await findPrescription(actor, id);
  const patient = prescription?.patient && (await findPatient(actor, prescription.patient.personId));
  return prescription && patient ? { prescription, patient, ...(renewal && { renewal }) } : undefined;
}
