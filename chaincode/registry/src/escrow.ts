import { X509Certificate } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { requireStatement } from '../../ledger/statement.ts';
import { LedgerError } from '../../model/errors.ts';
import { type EscrowKey, escrowKey, escrowMsps } from '../../model/patient.ts';
import { escrowStatement } from '../../model/statements.ts';
import { findEscrowKey, putEscrowKeyRecord } from './storage.ts';

/** Records the key with which an organisation's connector receives escrow shares: the next version, by its registrar. */
export async function putEscrowKey(ctx: Context, at: Date, json: string): Promise<void> {
  const key = parseJson(escrowKey, json, 'escrowKey');
  requireRegistrar(ctx, ...escrowMsps.filter((mspId) => mspId === key.mspId));
  if (!isCallersCertificate(ctx, key.certificatePem)) {
    throw new LedgerError('INVALID_ARGUMENT', 'escrowKey.certificatePem: not the certificate of the caller');
  }
  requireStatement(ctx, escrowStatement(key), key.signature);
  const version = ((await findEscrowKey(ctx, key.mspId))?.version ?? 0) + 1;
  if (key.version !== version) throw new LedgerError('WRONG_STATE', `the next version is ${version}`);
  await putEscrowKeyRecord(ctx, key, 'putEscrowKey', at);
}

/** The keys that there are, in the order of the organisations. */
export async function readEscrowKeys(ctx: Context): Promise<EscrowKey[]> {
  const found = await Promise.all(escrowMsps.map((mspId) => findEscrowKey(ctx, mspId)));
  return found.filter((key) => key !== undefined);
}

function isCallersCertificate(ctx: Context, pem: string): boolean {
  try {
    const own = new X509Certificate(ctx.clientIdentity.getIDBytes());
    return new X509Certificate(pem).raw.equals(own.raw);
  } catch {
    // What is no certificate is not the caller's.
    return false;
  }
}
