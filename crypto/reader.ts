import type { EscrowKey } from '#chaincode/model/patient.ts';
import type { InstitutionReading } from '#chaincode/model/registry.ts';
import { escrowStatement, institutionStatement } from '#chaincode/model/statements.ts';
import { fromBase64Url } from './bytes.ts';
import { checkCertificate, type Holder, type Root } from './certificate.ts';
import { sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';
import { requireSigned } from './statement.ts';

/** Someone for whom a key is wrapped: ledger id (`pt-…`, `prac-…`, `inst-…`, MSP id) and X-Wing public key, base64url. */
export interface Reader {
  id: string;
  readingKey: string;
}

/** A reader as a server names one, with what proves that the key is the reader's. */
export type ClaimedReader =
  | (Reader & { kind: 'person'; certificatePem: string })
  /** `certificatePem` is that of the admin who made the institution's key. */
  | { kind: 'institution'; id: string; reading: InstitutionReading; certificatePem: string }
  | { kind: 'escrow'; key: EscrowKey };

/** Hex SHA-256 of a public reading key's bytes, as certificates and wraps name it. */
export const readingKeyHash = (readingKey: string): string => sha256Hex(fromBase64Url(readingKey));

const demand = (condition: boolean, detail: string) => {
  if (!condition) throw new CryptoError('KEY_UNTRUSTED', detail);
};

/**
 * A reader whose key is certified: a person's by the attribute in the person's certificate, an institution's by a statement of
 * its admin, an organisation's escrow key by one of its registrar; each certificate down to a pinned root. Throws
 * `CERTIFICATE_UNTRUSTED`, `KEY_UNTRUSTED`, `SIGNATURE_FOREIGN`.
 */
export async function checkReader(
  claim: ClaimedReader,
  roots: readonly Root[],
  check: (pem: string, roots: readonly Root[]) => Promise<Holder> = checkCertificate,
): Promise<Reader> {
  if (claim.kind === 'person') {
    const { id, readingKey } = claim;
    const holder = await check(claim.certificatePem, roots);
    demand(holder.subject === id, `${id}: the certificate is of ${holder.subject}`);
    demand(holder.reading === readingKeyHash(readingKey), id);
    return { id, readingKey };
  }
  if (claim.kind === 'institution') {
    const { id, reading } = claim;
    const holder = await check(claim.certificatePem, roots);
    const isAdmin = holder.subject === reading.by && holder.role === 'admin' && holder.institution === id;
    demand(isAdmin, `${id}: no certificate of its admin`);
    await requireSigned([holder.publicKey], institutionStatement(id, reading), reading.signature, id);
    return { id, readingKey: reading.readingKey };
  }
  const { mspId, readingKey, certificatePem, signature } = claim.key;
  const holder = await check(certificatePem, roots);
  demand(holder.mspId === mspId && holder.role === 'registrar', `${mspId}: no certificate of its registrar`);
  await requireSigned([holder.publicKey], escrowStatement(claim.key), signature, mspId);
  return { id: mspId, readingKey };
}
