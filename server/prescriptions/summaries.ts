import { eq, inArray } from 'drizzle-orm';
import type { Holder, Prescription, Reservation } from '#chaincode/model/prescription.ts';
import type { Portal } from '#server/portal.ts';
import { tokens } from '../gateways/db/schema/ledger.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { openName } from '../people/record.ts';
import { lifecycleOf, picked } from './lifecycleSummary.ts';
import type { PrescriptionSummary, TokenView } from './schema.ts';

/** Names that summaries show, found for many at once. */
interface Names {
  authors: Map<string, string>;
  institutions: Map<string, string>;
  patients: Map<string, { personId: string; name: string }>;
  tokens: Map<string, typeof tokens.$inferSelect>;
}

const tokenStates = ['pending', 'active', 'partial', 'dispensed', 'cancelled'] as const;

async function namesOf(portal: Portal, states: Prescription[], withPatients: boolean): Promise<Names> {
  const subjects = states.flatMap(({ author, patient }) => (withPatients ? [author, patient] : [author]));
  const houses = states.flatMap(({ authorInstitution, holder, transfer, dispenses }) => [
    authorInstitution,
    ...(holder === undefined ? [] : [holder.institutionId, holder.from ?? '']),
    ...(transfer === undefined ? [] : [transfer.to]),
    ...dispenses.map(({ institutionId }) => institutionId),
  ]);
  const ids = states.map(({ id }) => id);
  const unique = (values: string[]) => [...new Set(values)];
  const [persons, places, found] = await Promise.all([
    portal.db
      .select()
      .from(people)
      .where(inArray(people.subjectId, unique(subjects))),
    portal.db
      .select()
      .from(institutions)
      .where(inArray(institutions.id, unique(houses))),
    portal.db.select().from(tokens).where(inArray(tokens.prescriptionId, ids)),
  ]);
  const names: Names = {
    authors: new Map(),
    institutions: new Map(places.map(({ id, name }) => [id, name])),
    patients: new Map(),
    tokens: new Map(found.map((token) => [token.prescriptionId, token])),
  };
  for (const row of persons) {
    const name = openName(portal.personalData, row);
    if (row.role === 'patient') names.patients.set(row.subjectId, { personId: row.id, name });
    else names.authors.set(row.subjectId, name);
  }
  return names;
}

function tokenOf(
  portal: Portal,
  { id, issuedVia }: Prescription,
  row: typeof tokens.$inferSelect | undefined,
): TokenView {
  const tokenId = portal.ethereum.tokenIdOf(id);
  const state = tokenStates.find((known) => known === row?.state);
  if (row === undefined || state === undefined) return { state: issuedVia === undefined ? 'pending' : 'none', tokenId };
  const { holder, commitment, issuer, transactionHash } = row;
  return { state, tokenId, holder, commitment, issuer, ...(transactionHash === '' ? {} : { transactionHash }) };
}

/** Open prescriptions whose time is over are shown as expired; the ledger derives that from the clock too. */
export function shownState(prescription: Prescription, now: Date): PrescriptionSummary['state'] {
  const open = prescription.state === 'active';
  return open && Date.parse(prescription.expires) <= now.getTime() ? 'expired' : prescription.state;
}

/**
 * What screens show of prescriptions. `withPatients`: whether the reader may learn the patients' names.
 */
export async function summarise(
  portal: Portal,
  states: Prescription[],
  withPatients: boolean,
  now = new Date(),
): Promise<PrescriptionSummary[]> {
  if (states.length === 0) return [];
  const names = await namesOf(portal, states, withPatients);
  const institution = (id: string) => names.institutions.get(id) ?? id;
  return states.map((state) => {
    const patient = names.patients.get(state.patient);
    const { id, authoredOn, expires, quantity, fills, left, codeValid, version, cid, contentHash, commitment } = state;
    return {
      id,
      channel: portal.ledger.careChannelOf(id),
      state: shownState(state, now),
      authoredOn,
      expires,
      author: {
        id: state.author,
        name: names.authors.get(state.author) ?? state.author,
        institution: institution(state.authorInstitution),
      },
      ...(patient === undefined ? {} : { patient }),
      ...(state.holder === undefined ? {} : { holder: holderOf(state.holder, institution) }),
      ...(state.reservation === undefined ? {} : { reservation: reservationOf(state.reservation) }),
      quantity,
      fills,
      left,
      ...(state.controlled && { controlled: true as const }),
      ...lifecycleOf(state, institution, now),
      codeValid,
      version,
      cid,
      contentHash,
      commitment,
      ...(state.reason === undefined ? {} : { reason: state.reason }),
      dispenses: state.dispenses.map((dispense) => ({
        id: dispense.id,
        quantity: dispense.quantity,
        at: dispense.at,
        cid: dispense.cid,
        contentHash: dispense.contentHash,
        ...(dispense.packs === undefined ? {} : { packs: dispense.packs }),
        ...picked(dispense, ['withoutPacks', 'substitution', 'safety', 'handedTo']),
        practitionerId: dispense.practitionerId,
        institution: institution(dispense.institutionId),
      })),
      token: tokenOf(portal, state, names.tokens.get(id)),
    };
  });
}

const reservationOf = ({ dispenseId, quantity, packs, practitionerId, at }: Reservation) => ({
  ...{ dispenseId, quantity, packs, practitionerId, at },
});

function holderOf({ institutionId, since, from }: Holder, institution: (id: string) => string) {
  const former = from === undefined ? {} : { from: institution(from) };
  return { institution: institution(institutionId), institutionId, since, ...former };
}

/** Token of one prescription as the read model has it. */
export async function knownToken(portal: Portal, id: string) {
  const rows = await portal.db.select().from(tokens).where(eq(tokens.prescriptionId, id));
  return rows[0];
}
