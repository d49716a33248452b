import type { Metadata } from 'next';
import { PrescribeScreen } from '#components/prescribing/PrescribeScreen.tsx';
import { requireRole } from '#components/shell/requireRole.ts';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.prescribing.title };

export default async function PrescribePage() {
  requireRole(await readActor(), 'doctor');
  return <PrescribeScreen />;
}
