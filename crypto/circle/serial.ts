import { z } from 'zod';
import { type Bytes, copyBytes } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { CryptoError } from '../errors.ts';
import { configOf, guarded, type Held } from './groupState.ts';
import { Member } from './member.ts';
import type { Authenticate } from './standing.ts';
import { loadMls, type Mls } from './suite.ts';

/** Two states, a block, and the keys of as many epochs as are kept. */
const maximumMember = 4_194_304;
const count = z.int().nonnegative();
const bytes = z.instanceof(Uint8Array);
const held = z.strictObject({ state: bytes, key: bytes });
const leaf = z.strictObject({ leaf: z.string(), subject: z.string(), keyHash: z.string() });
const memberShape = z.strictObject({
  v: z.literal(1),
  ...{ patient: z.string(), generation: count, leaf: z.string(), subject: z.string(), retainEpochs: count },
  former: z.string().nullable(),
  held: held.nullable(),
  kept: z.array(z.tuple([count, bytes])),
  proposed: z
    .strictObject({
      ...{ epoch: count, block: bytes, cid: z.string(), contentHash: z.string(), keyCommitment: z.string() },
      ...{ added: z.array(leaf), removed: z.array(z.string()), next: held },
    })
    .nullable(),
});

/**
 * A member with the change that waits, to be kept: it holds secrets in the clear, which the caller encrypts. Throws
 * `CIRCLE_REMOVED`.
 */
export async function serializeMember(member: Member): Promise<Bytes> {
  const library = await loadMls();
  const { former, retainEpochs = 2, kept, held, proposed, ...own } = member.parts();
  const { patient, generation, leaf, subject } = own;
  const written = ({ state, key }: Held) => ({ state: library.mls.encodeGroupState(state), key });
  const { next, patient: _p, generation: _g, ...said } = proposed ?? {};
  return encodeCbor({
    ...{ v: 1, patient, generation, leaf, subject, retainEpochs },
    former: former ?? null,
    held: held === undefined ? null : written(held),
    kept: [...(kept ?? [])],
    proposed: next === undefined ? null : { ...said, next: written(next) },
  });
}

/** Reads what `serializeMember` made. Throws `CIRCLE_MALFORMED`. */
export async function restoreMember(serialized: Uint8Array, authenticate: Authenticate): Promise<Member> {
  const parsed = memberShape.safeParse(decodeCbor(serialized, maximumMember, 'CIRCLE_MALFORMED'));
  if (!parsed.success) throw new CryptoError('CIRCLE_MALFORMED', 'member', { cause: parsed.error });
  const { former, held, kept, proposed, v: _version, ...said } = parsed.data;
  const library = await loadMls();
  const read = (given: z.infer<typeof memberShape>['held'] & object) =>
    guarded('CIRCLE_MALFORMED', () => readHeld(library, said, given));
  return new Member({
    ...said,
    authenticate,
    ...(former !== null && { former }),
    ...(held !== null && { held: await read(held) }),
    kept: new Map(kept.map(([epoch, key]) => [epoch, copyBytes(key)])),
    ...(proposed !== null && {
      proposed: {
        ...{ ...proposed, patient: said.patient, generation: said.generation },
        block: copyBytes(proposed.block),
        next: await read(proposed.next),
      },
    }),
  });
}

function readHeld(
  { mls }: Mls,
  circle: { patient: string; generation: number },
  { state, key }: { state: Uint8Array; key: Uint8Array },
): Held {
  // A copy of its own: the library reads its secrets as views of it, and they are wiped one by one.
  const [group, length] = mls.decodeGroupState(copyBytes(state), 0) ?? [];
  if (group === undefined || length !== state.length) throw new CryptoError('CIRCLE_MALFORMED', 'state');
  return { state: { ...group, clientConfig: configOf(mls, circle) }, key: copyBytes(key) };
}
