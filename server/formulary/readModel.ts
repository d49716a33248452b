import { sql } from 'drizzle-orm';
import { type FormularyEntry, formularyChanged, formularyEvent, type Shortage } from '#chaincode/model/formulary.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { formularyEntries, shortages } from '../gateways/db/schema/formulary.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { readEntry, readShortage } from './ledger.ts';

/** Entries of the formulary and shortages, as the ledger has them. */
export interface FormularyRecords {
  entries: FormularyEntry[];
  shortages: Shortage[];
}

/** Keys of what a block has changed: `<scope>/<code>`, or `shortage/<product>`. */
export function formularyKeysIn({ transactions }: Block): string[] {
  const keys = transactions.flatMap(({ valid, contract, event }) => {
    if (!valid || contract !== 'registry' || event?.name !== formularyEvent) return [];
    return formularyChanged.safeParse(jsonOf(event.payload)).data?.keys ?? [];
  });
  return [...new Set(keys)];
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Reads what changed. Throws LEDGER_UNAVAILABLE where the peer that is asked has not got it yet. */
export async function readFormularyRecords({ ledger }: Portal, keys: readonly string[]): Promise<FormularyRecords> {
  const records: FormularyRecords = { entries: [], shortages: [] };
  for (const key of keys) {
    const [scope = '', code = ''] = key.split('/');
    if (scope === 'shortage') records.shortages.push(await there(readShortage(ledger, code)));
    else records.entries.push(await there(readEntry(ledger, scope, code)));
  }
  return records;
}

async function there<Entry>(reading: Promise<Entry>): Promise<Entry> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
    throw new AppError('LEDGER_UNAVAILABLE', 'the peer has not got an entry yet', { cause: error });
  }
}

/** Brings the read model to entries of the ledger; an older version never replaces a newer one. */
export async function projectFormulary(
  db: Database,
  { entries, shortages: declared }: FormularyRecords,
): Promise<void> {
  for (const entry of entries) {
    const { scope, code, state, version } = entry;
    await db
      .insert(formularyEntries)
      .values({ scope, code, state, version, ledgerState: entry })
      .onConflictDoUpdate({
        target: [formularyEntries.scope, formularyEntries.code],
        set: { state, version, ledgerState: entry },
        setWhere: sql`${formularyEntries.version} < ${version}`,
      });
  }
  for (const shortage of declared) {
    const { product, state, version } = shortage;
    await db
      .insert(shortages)
      .values({ product, state, version, ledgerState: shortage })
      .onConflictDoUpdate({
        target: shortages.product,
        set: { state, version, ledgerState: shortage },
        setWhere: sql`${shortages.version} < ${version}`,
      });
  }
}
