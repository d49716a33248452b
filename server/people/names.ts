import { inArray } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { openName } from './record.ts';

/** Somebody as others are shown: who they are by their institution's word, and nothing personal. */
export interface StaffView {
  /** `prac-…` */
  id: string;
  name: string;
  role: string;
  institution: { id: string; name: string };
}

/** Practitioners by their ledger ids, as far as this portal knows them. */
export async function staffOf(portal: Portal, ids: string[]): Promise<Map<string, StaffView>> {
  const wanted = [...new Set(ids)].filter((id) => id.startsWith('prac-'));
  if (wanted.length === 0) return new Map();
  const rows = await portal.db.select().from(people).where(inArray(people.subjectId, wanted));
  const houses = await institutionNames(
    portal,
    rows.flatMap(({ institutionId }) => institutionId ?? []),
  );
  return new Map(
    rows.map((row) => {
      const id = row.institutionId ?? '';
      const institution = { id, name: houses.get(id) ?? id };
      return [
        row.subjectId,
        { id: row.subjectId, name: openName(portal.personalData, row), role: row.role, institution },
      ];
    }),
  );
}

/** Public names of institutions. */
export async function institutionNames({ db }: Pick<Portal, 'db'>, ids: string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db
    .select({ id: institutions.id, name: institutions.name })
    .from(institutions)
    .where(inArray(institutions.id, wanted));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Patients' names by pseudonym. Whoever calls it has seen to it that the actor may know them. */
export async function patientNames(portal: Portal, pseudonyms: string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(pseudonyms)];
  if (wanted.length === 0) return new Map();
  const rows = await portal.db.select().from(people).where(inArray(people.subjectId, wanted));
  return new Map(rows.map((row) => [row.subjectId, openName(portal.personalData, row)]));
}
