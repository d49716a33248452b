import { verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { escrowKey } from '#chaincode/model/patient.ts';
import type { Institution } from '#chaincode/model/registry.ts';
import { institutionStatement } from '#chaincode/model/statements.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { certificatesOf, certifiedKeyHash } from '../people/certificates.ts';
import { readEntry } from '../people/ledgerEntry.ts';
import type { Actor, Role } from '../people/schema.ts';
import { readInstitution } from '../registry/ledger.ts';
import type { someSubjects } from './schema.ts';

/** Who has to do with records, and so with keys of others. All of it is public on the ledgers. */
const readersOfRecords: readonly Role[] = ['patient', 'doctor', 'pharmacist'];
/** Admins and the staff of authority and insurers besides: before using or giving the institution's key on, the page checks who made it. */
const checkers: readonly Role[] = [...readersOfRecords, 'admin', 'regulator', 'insurer'];

function allow(actor: Actor, roles = readersOfRecords): void {
  if (!roles.includes(actor.role)) throw new AppError('FORBIDDEN', `${actor.role} has to do with no keys of records`);
}

/**
 * Those for whom keys may be wrapped, each with what proves the key; the page checks that itself. Left out is who has no key
 * at present, or whose certificate this portal does not know. Throws NOT_FOUND, LEDGER_UNAVAILABLE.
 */
export async function readersOf(
  actor: Actor,
  { ids }: z.output<typeof someSubjects>,
  portal: Portal = thePortal(),
): Promise<ClaimedReader[]> {
  allow(actor);
  const claims = await Promise.all([...new Set(ids)].map((id) => claimOf(portal, id)));
  return claims.filter((claim) => claim !== undefined);
}

async function claimOf(portal: Portal, id: string): Promise<ClaimedReader | undefined> {
  if (id.startsWith('inst-')) return institutionClaim(portal, await readInstitution(portal.ledger, id));
  const { keys } = await readEntry(portal, id);
  if (keys === undefined) return undefined;
  const known = (await certificatesOf(portal, [id])).get(id) ?? [];
  const certificatePem = known.find((pem) => certifiedKeyHash(pem) === keys.signingKeyHash);
  if (certificatePem === undefined) return undefined;
  return { kind: 'person', id, readingKey: keys.readingKey, certificatePem };
}

/** With the certificate of the admin's key that signed the institution's key, which may be a former one. */
export async function institutionClaim(
  portal: Portal,
  { id, reading }: Institution,
): Promise<ClaimedReader | undefined> {
  if (reading === undefined) return undefined;
  const statement = institutionStatement(id, reading);
  const signature = Buffer.from(reading.signature, 'base64url');
  const known = (await certificatesOf(portal, [reading.by])).get(reading.by) ?? [];
  const certificatePem = known.find((pem) =>
    verify('sha256', statement, new X509Certificate(pem).publicKey, signature),
  );
  return certificatePem === undefined ? undefined : { kind: 'institution', id, reading, certificatePem };
}

/** The keys to which organisations receive shares of a record's keys. Throws LEDGER_UNAVAILABLE. */
export async function escrowReaders(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<ClaimedReader[]> {
  allow(actor);
  const call = { channel: 'registry', contract: 'registry', function: 'readEscrowKeys', args: [] };
  const answer: unknown = JSON.parse(Buffer.from(await portal.ledger.evaluate(call)).toString('utf8'));
  return z
    .array(escrowKey)
    .parse(answer)
    .map((key) => ({ kind: 'escrow' as const, key }));
}

/** Every certificate that these people have or had, newest first, to check by it what they have signed. */
export async function certificatesFor(
  actor: Actor,
  { ids }: z.output<typeof someSubjects>,
  portal: Portal = thePortal(),
): Promise<Record<string, string[]>> {
  allow(actor, checkers);
  return Object.fromEntries(await certificatesOf(portal, ids));
}
