import { equalBytes, fromUtf8, toHex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { callIn, type OpenedBlock, openBlock } from '#crypto/fabric/block.ts';
import { eventSchema } from '#epcis/event.ts';
import { eventHash } from '#epcis/hash.ts';

/** An event as the story tells it, with where it stands. */
export interface Told {
  channel: string;
  block: number;
  transactionId: string;
  /** CBV hash. */
  hash: string;
  /** An error declaration, which has the hash of the event that it declares wrong. */
  declaration: boolean;
}

export type VerifyFault = 'absent' | 'number' | 'data' | 'chain' | 'transaction' | 'event';

export interface Verdict {
  fault: VerifyFault | null;
  /** What was found, hex; absent where it came to nothing. */
  block?: { number: number; hash: string; previousHash: string; dataHash: string };
  /** The block that names this one; null where it is the newest. */
  namedBy?: number | null;
}

/** Bytes of a block (`common.Block`); undefined where there is none. */
export type ReadBlock = (channel: string, number: number) => Promise<Uint8Array | undefined>;

/**
 * Checks what the portal tells of an event against the bytes of the chain: that the block's content has the hash of its header,
 * that the blocks before and after name and are named by it, that the transaction is in it and valid, and that an event in the
 * transaction's argument has the very hash. Throws where the blocks cannot be had.
 */
export async function verifyEvent(told: Told, readBlock: ReadBlock): Promise<Verdict> {
  const { channel, block: number, transactionId } = told;
  const [before, own, after] = await Promise.all(
    [number - 1, number, number + 1].map((at) => (at < 0 ? undefined : readBlock(channel, at))),
  );
  if (own === undefined) return { fault: 'absent' };
  try {
    const opened = openBlock(own, number);
    const block = {
      ...{ number, hash: toHex(opened.hash), dataHash: toHex(opened.dataHash) },
      previousHash: toHex(opened.previousHash),
    };
    const previous = before && openBlock(before, number - 1);
    const next = after && openBlock(after, number + 1);
    if (!isChain(previous, opened) || !isChain(opened, next)) return { fault: 'chain', block };
    const { args } = callIn(opened, transactionId);
    const fault = holdsEvent(args, told) ? null : 'event';
    return { fault, block, namedBy: next === undefined ? null : next.number };
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'BLOCK_MISMATCH') return { fault: faultOf(error.detail) };
    throw error;
  }
}

const faults: readonly VerifyFault[] = ['number', 'data', 'transaction'];
const faultOf = (detail: string): VerifyFault => faults.find((fault) => detail === fault) ?? 'data';

const isChain = (one: OpenedBlock | undefined, next: OpenedBlock | undefined): boolean =>
  one === undefined || next === undefined || equalBytes(one.hash, next.previousHash);

function holdsEvent([name, argument]: Uint8Array[], { hash, declaration }: Told): boolean {
  if (name === undefined || argument === undefined || fromUtf8(name) !== 'capture') return false;
  const events: unknown = JSON.parse(fromUtf8(argument));
  if (!Array.isArray(events)) return false;
  return events.some((body) => {
    const event = eventSchema.safeParse(body).data;
    return event !== undefined && (event.errorDeclaration !== undefined) === declaration && eventHash(event) === hash;
  });
}
