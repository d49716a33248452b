import { type Release, release } from '#chaincode/model/access.ts';
import { type EscrowKey, escrowKey } from '#chaincode/model/patient.ts';
import { escrowStatement } from '#chaincode/model/statements.ts';
import { wipe } from '#crypto/bytes.ts';
import type { EpochOf } from '#crypto/categoryKey.ts';
import { CryptoError } from '#crypto/errors.ts';
import { unwrapShare, wrapRelease } from '#crypto/escrow.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import type { LedgerIdentity } from '../ledger/identity.ts';
import { retryLedger } from '../ledger/retry.ts';
import { createSigner } from '../ledger/signer.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import type { ShareRequest } from './schema.ts';

/** One share of a category's seed, wrapped for the person to whom it is released; base64url. */
export interface ReleasedShare {
  category: EpochOf['category'];
  epoch: number;
  wrap: string;
}

/** What an organisation's connector keeps of category keys: one share of each, of which two of three open it. */
export interface Escrow {
  /** Sees that the registry has the key that shares are wrapped for, with the registrar's present certificate. */
  publish(): Promise<void>;
  /**
   * Wraps shares anew for a person to whom the care channel releases each of them now, as the organisation's own peer has
   * it: NO_CONSENT. What was not sealed for this connector's key is STALE_KEY.
   */
  release(request: ShareRequest): Promise<{ shares: ReleasedShare[] }>;
}

/** `seed`: 32 bytes, secret. `officer`: the registrar, in whose name the key is published. */
export function createEscrow(ledger: LedgerConnection, officer: LedgerIdentity, seed: Uint8Array): Escrow {
  const { mspId } = officer;
  return {
    publish: () => retryLedger(() => publish(ledger, officer, seed)),
    release: async ({ patient, person, shares }) => {
      // All are asked for before the first is opened.
      const allowed: { of: EpochOf; wrap: string; to: Release }[] = [];
      for (const { category, epoch, wrap } of shares) {
        const to = await askRelease(ledger, patient, category, person);
        allowed.push({ of: { patient, category, epoch }, wrap, to });
      }
      const released: ReleasedShare[] = [];
      for (const { of, wrap, to } of allowed) {
        const { category, epoch } = of;
        released.push({ category, epoch, wrap: await rewrap(seed, of, mspId, wrap, to) });
      }
      return { shares: released };
    },
  };
}

async function publish(ledger: LedgerConnection, officer: LedgerIdentity, seed: Uint8Array): Promise<void> {
  const { mspId, certificatePem, privateKey } = officer;
  const { publicKey: readingKey } = await createReadingKey(seed);
  const call = { channel: 'registry', contract: 'registry' };
  const answer = await ledger.evaluate({ ...call, function: 'readEscrowKeys', args: [] });
  const before = escrowKey
    .array()
    .parse(JSON.parse(answer))
    .find((key) => key.mspId === mspId);
  if (before?.readingKey === readingKey && before.certificatePem === certificatePem) return;
  const said = { mspId, readingKey, version: (before?.version ?? 0) + 1 };
  const signature = Buffer.from(await createSigner(privateKey)(escrowStatement(said))).toString('base64url');
  const key: EscrowKey = { ...said, certificatePem, signature };
  await ledger.submit({ ...call, function: 'putEscrowKey', args: [JSON.stringify(key)] });
}

/** Whether the ledger releases a category's share to a person, and to which reading key. */
async function askRelease(
  ledger: LedgerConnection,
  patient: string,
  category: string,
  person: string,
): Promise<Release> {
  const call = { channel: careChannelOf(patient), contract: 'care', function: 'access:mayRelease' };
  const answer = await ledger.evaluate({ ...call, args: [patient, category, person] });
  const allowed = release.parse(JSON.parse(answer));
  if (allowed.reader !== person) throw new ConnectorError('NO_CONSENT', 'the ledger releases this to another person');
  return allowed;
}

async function rewrap(seed: Uint8Array, of: EpochOf, mspId: string, wrap: string, to: Release): Promise<string> {
  try {
    const share = await unwrapShare(seed, of, mspId, wrap);
    try {
      return await wrapRelease(of, share, { id: to.reader, readingKey: to.readingKey });
    } finally {
      wipe(share);
    }
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new ConnectorError('STALE_KEY', `${of.category}: not sealed for the key of ${mspId}`, { cause });
  }
}
