import { eq, sql } from 'drizzle-orm';
import type { Prescription } from '#chaincode/model/prescription.ts';
import type { Database } from '../gateways/db/database.ts';
import { prescriptions, tokens } from '../gateways/db/schema/ledger.ts';
import type { Mint, Token } from '../gateways/ethereum/ethereum.ts';

/** Brings the read model to a state read from the ledger; an older version never replaces a newer one. */
export async function project(db: Database, channel: string, states: Prescription[]): Promise<void> {
  if (states.length === 0) return;
  const rows = states.map((state) => ({
    id: state.id,
    channel,
    patient: state.patient,
    author: state.author,
    authorInstitution: state.authorInstitution,
    state: state.state,
    authoredOn: new Date(state.authoredOn),
    expires: new Date(state.expires),
    holderInstitution: state.holder?.institutionId ?? null,
    version: state.version,
    ledgerState: state,
  }));
  await db
    .insert(prescriptions)
    .values(rows)
    .onConflictDoUpdate({
      target: prescriptions.id,
      set: {
        state: sql`excluded.state`,
        holderInstitution: sql`excluded.holder_institution`,
        version: sql`excluded.version`,
        ledgerState: sql`excluded.ledger_state`,
      },
      setWhere: sql`excluded.version > ${prescriptions.version}`,
    });
}

/** Notes a token that was minted. */
export async function noteMint(
  db: Database,
  prescriptionId: string,
  mint: Mint,
  transactionHash: string,
): Promise<void> {
  const { holder, commitment, issuer } = mint;
  const row = { prescriptionId, state: 'active', holder, commitment, issuer, transactionHash };
  await db.insert(tokens).values(row).onConflictDoNothing();
}

/** Notes the state that Ethereum has of a token. */
export async function noteTokenState(db: Database, prescriptionId: string, token: Token): Promise<void> {
  await db
    .update(tokens)
    .set({ state: token.state, version: token.version, updatedAt: sql`now()` })
    .where(eq(tokens.prescriptionId, prescriptionId));
}
