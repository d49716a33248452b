import type { StoredCategory } from '#chaincode/model/healthRecord.ts';
import { AppError } from '#server/errors.ts';
import { readCircle, readEpochs, readPlan } from '../../circles/ledger.ts';
import { subjectsOf } from '../../circles/subjects.ts';
import type { ConnectorGateway } from '../../gateways/connector/connector.ts';
import type { Database } from '../../gateways/db/database.ts';
import type { LedgerGateway } from '../../gateways/ledger/ledger.ts';
import type { CircleAnswer } from './protocol.ts';

export interface CircleFileParts {
  db: Database;
  ledger: LedgerGateway;
  connector: Pick<ConnectorGateway, 'archiveKey' | 'authorities'>;
  mspId: string;
  gateway: string;
}

/** So many epochs back one that was away is told; from further back it joins anew. */
const mostEpochs = 100;

/** All that a device needs of a circle, as the ledgers have it now. Throws LEDGER_UNAVAILABLE, CONNECTOR_UNAVAILABLE. */
export async function circleFileOf(parts: CircleFileParts, patient: string): Promise<CircleAnswer> {
  const { ledger } = parts;
  const [{ circle = null, seats }, plan, subjects, roots, results] = await Promise.all([
    readCircle(ledger, patient),
    readPlan(ledger, patient),
    subjectsOf(parts, patient),
    parts.connector.authorities(),
    resultsOf(parts, patient),
  ]);
  const epochs = circle === null ? [] : await epochsOf(ledger, circle);
  return { patient, circle, seats, epochs, plan: plan ?? null, subjects, roots, results };
}

async function epochsOf(ledger: LedgerGateway, { patient, generation, epoch }: NonNullable<CircleAnswer['circle']>) {
  const from = Math.max(0, epoch - mostEpochs + 1);
  return (await readEpochs(ledger, { patient, generation, from })).toReversed();
}

/** The newest key of `results`; null of a record that has none. */
async function resultsOf(parts: CircleFileParts, patient: string): Promise<StoredCategory | null> {
  const { connector, mspId, gateway: system } = parts;
  try {
    return await connector.archiveKey({ mspId, system, patient });
  } catch (error) {
    if (error instanceof AppError && (error.code === 'RECORD_NOT_OPENED' || error.code === 'NOT_FOUND')) return null;
    throw error;
  }
}
