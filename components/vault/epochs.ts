import type { Category } from '#chaincode/model/category.ts';
import { type CategoryEpoch, escrowReader, type NewEpochs, type SeedWrap } from '#chaincode/model/healthRecord.ts';
import { epochStatement, wrapStatement } from '#chaincode/model/statements.ts';
import { type CategoryKey, createCategoryKey, makeLadder, wrapSeed } from '#crypto/categoryKey.ts';
import { wrapShares } from '#crypto/escrow.ts';
import { type ClaimedReader, type Reader, readingKeyHash } from '#crypto/reader.ts';
import { signStatement } from '#crypto/statement.ts';
import type { OpenState } from './openVault.ts';
import { trustReader } from './trust.ts';

/** Keys of a record for its readers, signed by whoever gives them. */

/** Who may read, and which categories of those that the keys are for. */
export interface RecordReader {
  claim: ClaimedReader;
  categories: readonly Category[];
}

const signed = async <Unsigned extends object>(state: OpenState, unsigned: Unsigned, statement: Uint8Array) => ({
  ...unsigned,
  signature: await signStatement(state.signing.privateKey, statement),
});

/** The next epoch of each category, or the first, for the vault's own person, the escrow and the given readers. */
export async function beginEpochs(
  state: OpenState,
  patient: string,
  begun: readonly { category: Category; before?: CategoryKey }[],
  others: { readers: readonly RecordReader[]; escrow: readonly ClaimedReader[] },
): Promise<NewEpochs> {
  const made = await Promise.all(
    begun.map(async ({ category, before }) => {
      const key = await createCategoryKey({ patient, category, epoch: (before?.epoch ?? 0) + 1 });
      return { key, epoch: await describeEpoch(state, key, before) };
    }),
  );
  const keys = made.map(({ key }) => key);
  const self: Reader = { id: state.owner.subjectId, readingKey: state.readingKey };
  const wraps = await Promise.all([
    ...keys.map((key) => wrapForReader(state, key, self)),
    wrapForReaders(state, keys, others.readers),
    wrapForEscrow(state, keys, others.escrow),
  ]);
  for (const { seed } of keys) seed.fill(0);
  return { epochs: made.map(({ epoch }) => epoch), wraps: wraps.flat() };
}

async function describeEpoch(state: OpenState, key: CategoryKey, before?: CategoryKey): Promise<CategoryEpoch> {
  const { category, epoch, publicKey, patient } = key;
  const ladder = before === undefined ? undefined : await makeLadder(key, before);
  const unsigned = { category, epoch, publicKey, ...(ladder !== undefined && { ladder }) };
  return signed(state, unsigned, epochStatement(patient, state.owner.subjectId, unsigned));
}

/** Seeds of present epochs for further readers. Throws `KEY_UNTRUSTED` and its like: nothing is wrapped for a doubtful key. */
export async function wrapForReaders(
  state: OpenState,
  keys: readonly CategoryKey[],
  readers: readonly RecordReader[],
): Promise<SeedWrap[]> {
  const wraps = readers.map(async ({ claim, categories }) => {
    const reader = await trustReader(state, claim);
    const theirs = keys.filter(({ category }) => categories.includes(category));
    return Promise.all(theirs.map((key) => wrapForReader(state, key, reader)));
  });
  return (await Promise.all(wraps)).flat();
}

async function wrapForReader(state: OpenState, key: CategoryKey, reader: Reader): Promise<SeedWrap> {
  return describeWrap(state, key, reader.id, reader.readingKey, await wrapSeed(key, reader));
}

/** A share of each seed for each organisation's connector. */
async function wrapForEscrow(
  state: OpenState,
  keys: readonly CategoryKey[],
  escrow: readonly ClaimedReader[],
): Promise<SeedWrap[]> {
  const receivers = await Promise.all(escrow.map((claim) => trustReader(state, claim)));
  const wraps = keys.map(async (key) => {
    const shares = await wrapShares(key, receivers);
    return Promise.all(
      receivers.map(({ id, readingKey }, at) =>
        describeWrap(state, key, escrowReader(id), readingKey, shares[at] ?? ''),
      ),
    );
  });
  return (await Promise.all(wraps)).flat();
}

function describeWrap(
  state: OpenState,
  { patient, category, epoch }: CategoryKey,
  reader: string,
  readingKey: string,
  wrap: string,
): Promise<SeedWrap> {
  const unsigned = { category, epoch, reader, readerKeyHash: readingKeyHash(readingKey), wrap };
  return signed(state, unsigned, wrapStatement(patient, state.owner.subjectId, unsigned));
}
