import { toast } from 'sonner';
import { z } from 'zod';
import type { Category } from '#chaincode/model/category.ts';
import { type SeedHolder, seedHolder } from '#chaincode/model/healthRecord.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import { vaultClient } from '#components/vault/client.ts';
import type { RecordReader } from '#components/vault/epochs.ts';
import { expectData } from '#components/vault/errors.ts';
import { findClaims, type OpenedRecord, openOwnRecord, read } from '#components/vault/records.ts';
import { type ClaimedReader, readingKeyHash } from '#crypto/reader.ts';
import { t } from '#messages/en.ts';
import { escrowReaders } from '#server/records/actions.ts';
import { type Due, dueTo, fitting, lacking, outgrown, overtaken, type PresentEpoch, type Sharing } from './holders.ts';

type Names = Readonly<Record<string, string>>;

/** Keys to which organisations receive shares. */
export const findEscrow = async () => expectData(await escrowReaders(undefined));

/** The ledger takes six hundred seeds at once; fewer keep a transaction small. */
const mostWraps = 300;
const claimsAtOnce = 200;

/** Those who are due keys with what proves their reading keys. Who has none is left out, and whose does not check is told. */
async function claimsOf(due: readonly Due[], names: Names): Promise<RecordReader[]> {
  const ids = due.map(({ id }) => id);
  const claims: ClaimedReader[] = [];
  for (let at = 0; at < ids.length; at += claimsAtOnce) {
    claims.push(...(await findClaims(ids.slice(at, at + claimsAtOnce))));
  }
  const { trusted, doubtful } = await vaultClient().call('checkReaders', { claims });
  for (const { id } of doubtful) toast.warning(t.consents.doubtful(names[id] ?? id));
  return trusted.flatMap((claim) => {
    const own = claim.kind === 'escrow' ? undefined : due.find(({ id }) => id === claim.id);
    return own === undefined ? [] : [{ claim, categories: own.categories }];
  });
}

const keyHashOf = (claim: ClaimedReader): string =>
  readingKeyHash(
    claim.kind === 'person'
      ? claim.readingKey
      : claim.kind === 'institution'
        ? claim.reading.readingKey
        : claim.key.readingKey,
  );

/**
 * Those for whom new keys of some categories are wrapped when they are made, besides whoever makes them; as many as one
 * transaction takes, so that `giveKeys` has to follow.
 */
export async function readersBeside(
  self: string,
  sharing: Sharing,
  of: readonly Category[],
  { at, names }: { at: Date; names: Names },
): Promise<RecordReader[]> {
  const due = dueTo(sharing, of, at).filter(({ id }) => id !== self);
  return claimsOf(fitting(due, mostWraps).now, names);
}

const presentEpochs = ({ source, unlocked }: OpenedRecord): PresentEpoch[] =>
  source.views.flatMap(({ category, epochs: [newest] }) => {
    const isOpen = unlocked.some((each) => each.category === category && each.state === 'open');
    return newest !== undefined && isOpen ? [{ category, epoch: newest.epoch, at: newest.at }] : [];
  });

/** Categories of which an organisation has no share for its present key. */
function unescrowed(epochs: readonly PresentEpoch[], holders: readonly SeedHolder[], escrow: ClaimedReader[]) {
  const due = escrow.flatMap((claim) => (claim.kind === 'escrow' ? [`escrow:${claim.key.mspId}`] : []));
  const hashes = new Map(escrow.map((claim, at) => [due[at] ?? '', keyHashOf(claim)]));
  const of = epochs.map(({ category }) => category);
  const missing = lacking(
    due.map((id) => ({ id, categories: of })),
    epochs,
    holders,
    (id) => hashes.get(id),
  );
  return missing.flatMap(({ categories }) => categories);
}

/** Those who are due keys of some epochs, and the hash of each one's present reading key. */
async function dueNow(sharing: Sharing, epochs: readonly PresentEpoch[], at: Date, names: Names) {
  const of = epochs.map(({ category }) => category);
  const readers = await claimsOf(dueTo(sharing, of, at), names);
  const claimOf = (id: string) => readers.find(({ claim }) => claim.kind !== 'escrow' && claim.id === id)?.claim;
  const hashOf = (id: string) => {
    const claim = claimOf(id);
    return claim && keyHashOf(claim);
  };
  return { due: dueTo(sharing, of, at), claimOf, hashOf };
}

/**
 * Brings the keys of an open record to what its owner allows now: new ones where somebody who held them may no longer read, an
 * institution has another generation of its key or an organisation another escrow key, and present ones for who is due them and
 * has none, or one for a key of before. True where keys were renewed, so that the record has to be opened anew.
 */
export async function giveKeys(
  self: string,
  record: OpenedRecord,
  sharing: Sharing,
  { signed, names }: { signed: Signed; names: Names },
): Promise<boolean> {
  const { patient } = sharing;
  const readHolders = () => read({ kind: 'records:readHolders', patient }, z.array(seedHolder));
  const at = new Date();
  const epochs = presentEpochs(record);
  const [escrow, holders, present] = await Promise.all([
    findEscrow(),
    readHolders(),
    dueNow(sharing, epochs, at, names),
  ]);
  const stale = [
    ...overtaken(sharing, epochs, at),
    ...outgrown(epochs, holders, present.hashOf),
    ...unescrowed(epochs, holders, escrow),
  ];
  const categories = epochs.map(({ category }) => category).filter((category) => stale.includes(category));
  if (categories.length === 0) {
    await wrapLacking(epochs, holders, present);
    return false;
  }
  const readers = await readersBeside(self, sharing, categories, { at, names });
  const intent = await vaultClient().call('renewEpochs', { patient, categories, readers, escrow });
  await signed(intent, { names, sheet: 'factorOnly' });
  const renewed = presentEpochs(await openOwnRecord(patient));
  // More readers than one transaction takes get theirs behind it.
  await wrapLacking(renewed, await readHolders(), present);
  return true;

  async function wrapLacking(
    of: readonly PresentEpoch[],
    held: readonly SeedHolder[],
    { due, claimOf, hashOf }: Awaited<ReturnType<typeof dueNow>>,
  ): Promise<void> {
    for (let left = lacking(due, of, held, hashOf); left.length > 0; ) {
      const { now, later } = fitting(left, mostWraps);
      const wanted = now.flatMap(({ id, categories }) => {
        const claim = claimOf(id);
        return claim === undefined ? [] : [{ claim, categories }];
      });
      const intent = await vaultClient().call('addWraps', { patient, readers: wanted });
      await signed(intent, { names, sheet: 'factorOnly' });
      left = later;
    }
  }
}
