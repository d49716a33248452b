import { desc, sql } from 'drizzle-orm';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { prescriptions } from '../gateways/db/schema/ledger.ts';
import { staffOf } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import type { ControlledList } from './schema.ts';

/** Each is opened in the reader's browser, which takes about a millisecond. */
const mostListed = 5_000;

/** Prescriptions of controlled medicines, newest first, for the authority alone. Throws FORBIDDEN. */
export async function controlledPrescriptions(actor: Actor, portal: Portal = thePortal()): Promise<ControlledList> {
  if (actor.role !== 'regulator') throw new AppError('FORBIDDEN', `${actor.role} reads no controlled register`);
  const rows = await portal.db
    .select({ state: prescriptions.ledgerState })
    .from(prescriptions)
    .where(sql`${prescriptions.ledgerState} ->> 'controlled' = 'true'`)
    .orderBy(desc(prescriptions.authoredOn))
    .limit(mostListed + 1);
  const found = rows.slice(0, mostListed).map(({ state }) => prescriptionRecord.parse(state));
  const staff = await staffOf(
    portal,
    found.map(({ author }) => author),
  );
  const listed = found.map(({ id, author, authorInstitution, authoredOn, register }) => {
    const known = staff.get(author);
    return {
      ...{ id, authoredOn, registered: register !== undefined && register.to === actor.institutionId },
      author: {
        id: author,
        name: known?.name ?? author,
        institution: known?.institution?.name ?? authorInstitution,
      },
    };
  });
  return { prescriptions: listed, more: rows.length > mostListed };
}
