import type { Portal } from '#server/portal.ts';
import { institutions } from '../gateways/db/schema/people.ts';

/** Names of all institutions by their id,. */
export async function institutionNames(portal: Portal): Promise<(id: string) => string> {
  const rows = await portal.db.select({ id: institutions.id, name: institutions.name }).from(institutions);
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}
