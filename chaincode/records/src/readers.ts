import { createHash } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { readPerson } from '../../care/owner.ts';
import { askRegistry } from '../../ledger/askChannel.ts';
import { decodeRecord } from '../../ledger/store.ts';
import type { Reader } from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';
import { escrowReader } from '../../model/healthRecord.ts';
import { escrowKey } from '../../model/patient.ts';
import { institutionRecord } from '../../model/records.ts';
import { standingOf } from '../../people/callers.ts';

/** Somebody for whom seeds are wrapped, as the ledgers know them now. */
export interface KnownReader {
  /** Hex SHA-256 of the present public reading key; undefined where there is none. */
  keyHash: string | undefined;
  /** By what a consent can reach them; undefined for patients and escrow. */
  holder?: Reader | { institutionId: string };
}

const hashOf = (readingKey: string | undefined) =>
  readingKey === undefined
    ? undefined
    : createHash('sha256').update(Buffer.from(readingKey, 'base64url')).digest('hex');

/** Asks for a reader by id: patient, practitioner, institution or an organisation's escrow. Throws NOT_FOUND. */
export async function findReader(ctx: Context, id: string): Promise<KnownReader> {
  if (id.startsWith('pt-')) return { keyHash: hashOf((await readPerson(ctx, id)).keys?.readingKey) };
  if (id.startsWith('prac-')) {
    const { practitioner } = await standingOf(ctx, id);
    const { institutionId, role, keys } = practitioner;
    return { keyHash: hashOf(keys?.readingKey), holder: { practitionerId: id, institutionId, role } };
  }
  if (id.startsWith('inst-')) {
    const answer = await askRegistry(ctx, 'readInstitution', id);
    const { kind, reading } = decodeRecord(institutionRecord, answer);
    // The authority's key opens registers and reports, and no patient's record.
    if (kind === 'authority') return { keyHash: undefined };
    return { keyHash: hashOf(reading?.readingKey), holder: { institutionId: id } };
  }
  return { keyHash: hashOf(await escrowKeyOf(ctx, id)) };
}

async function escrowKeyOf(ctx: Context, reader: string): Promise<string> {
  const keys = decodeRecord(z.array(escrowKey), await askRegistry(ctx, 'readEscrowKeys'));
  const found = keys.find(({ mspId }) => escrowReader(mspId) === reader);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no escrow key for ${reader}`);
  return found.readingKey;
}
