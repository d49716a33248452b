import { createHash, X509Certificate } from 'node:crypto';
import { LedgerError } from '#chaincode/model/errors.ts';
import { keyOwner } from '#chaincode/model/records.ts';
import { requireActive } from '#chaincode/model/standing.ts';
import { rotationStatement } from '#chaincode/model/statements.ts';
import { isSigned } from '#crypto/statement.ts';
import { type RequestedKey, readRequestedKey } from '../authority/certificateRequest.ts';
import { type CertificateHolder, issueCertificate } from '../authority/issueCertificate.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { type EnrolmentOffice, holderOf } from './enrol.ts';
import { careChannelOf, findPatient } from './recordKeys.ts';
import type { Certification } from './schema.ts';
import { readStanding } from './settleWallets.ts';

/**
 * Certifies the keys that a person wants next, before the ledger is told of them, on the word of the key that it records now:
 * so nobody else gets a certificate with a reading key in the person's name. By itself the certificate authorises nothing.
 * What the ledger records already is certified again.
 */
export async function certify(
  offices: ReadonlyMap<string, EnrolmentOffice>,
  wanted: Certification,
): Promise<{ certificatePem: string }> {
  const office = offices.get(wanted.mspId);
  if (!office) throw new ConnectorError('NOT_SERVED', `${wanted.mspId} does not certify here`);
  const requested = await readRequestedKey(wanted.csrPem);
  const { holder, keys } = await findHolder(office.ledger, wanted);
  if (keys?.signingKeyHash !== requested.hash) {
    if (keys === undefined || keys.signingKeyHash !== (await readProof(wanted, requested))) {
      throw new ConnectorError('NOT_AUTHORISED', 'the ledger records another key for this person');
    }
    await requireUnused(office.ledger, wanted.subjectId, requested);
  } else if (keys.readingKey !== wanted.readingKey) {
    throw new ConnectorError('KEY_EXISTS', 'the ledger records another reading key beside this one');
  }
  return { certificatePem: await issueCertificate(office.authority, holder, requested) };
}

/** Hash of the key that signed for the next ones; whose it is says the ledger. Throws NOT_AUTHORISED. */
async function readProof(wanted: Certification, { hash: signingKeyHash }: RequestedKey): Promise<string> {
  const { subjectId, present, readingKey, wallet } = wanted;
  if (present === undefined) throw new ConnectorError('NOT_AUTHORISED', 'the ledger does not record these keys');
  const { spki, key } = await readKey(present.certificatePem);
  if (!(await isSigned(key, rotationStatement(subjectId, { signingKeyHash, readingKey, wallet }), present.proof))) {
    throw new ConnectorError('NOT_AUTHORISED', 'the present key has not signed for these keys');
  }
  return createHash('sha256').update(spki).digest('hex');
}

async function readKey(certificatePem: string) {
  try {
    const spki = new Uint8Array(new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' }));
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    return { spki, key: await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify']) };
  } catch (cause) {
    throw new ConnectorError('NOT_AUTHORISED', 'the present certificate cannot be read', { cause });
  }
}

/** The person as the ledger has it: SUSPENDED, NOT_FOUND, NOT_AUTHORISED for one of another organisation. */
async function findHolder(ledger: LedgerConnection, { mspId, subjectId, readingKey }: Certification) {
  if (subjectId.startsWith('pt-')) {
    const patient = await findPatient(ledger, subjectId);
    if (mspId !== 'PatientMSP' || !patient) throw new ConnectorError('NOT_FOUND', `${mspId} has no ${subjectId}`);
    if (patient.status !== 'active') throw new ConnectorError('SUSPENDED', `${subjectId} is ${patient.status}`);
    const holder: CertificateHolder = { subjectId, role: 'patient', readingKey };
    return { holder, keys: patient.keys };
  }
  const { practitioner, institution } = await readStanding(ledger, subjectId);
  if (practitioner.mspId !== mspId) throw new ConnectorError('NOT_AUTHORISED', `${subjectId} is not of ${mspId}`);
  refusedAs(() => requireActive(practitioner, institution));
  return { holder: holderOf(practitioner, readingKey), keys: practitioner.keys };
}

/** The model's refusal as the connector's. */
function refusedAs(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof LedgerError) throw new ConnectorError(error.code, error.detail, { cause: error });
    throw error;
  }
}

/** A key that is or was anybody's can never be recorded again: KEY_EXISTS. */
async function requireUnused(ledger: LedgerConnection, subjectId: string, { hash }: RequestedKey): Promise<void> {
  const place = subjectId.startsWith('pt-')
    ? { channel: careChannelOf(subjectId), contract: 'care', function: 'patients:readKeyOwner' }
    : { channel: 'registry', contract: 'registry', function: 'readKeyOwner' };
  try {
    keyOwner.parse(JSON.parse(await ledger.evaluate({ ...place, args: [hash] })));
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'NOT_FOUND') return;
    throw error;
  }
  throw new ConnectorError('KEY_EXISTS', 'this key is or was in use');
}
