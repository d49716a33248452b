import { keccak_256 } from '@noble/hashes/sha3.js';
import { z } from 'zod';
import { careId, cid, hex32, institutionId, serialId } from '#chaincode/model/identifiers.ts';
import { tokenStateOf, tokenStates } from '#chaincode/model/token.ts';
import { type Bytes, concat, fromHex, toHex, utf8 } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { CryptoError } from './errors.ts';
import { signerOf } from './ethereumSignature.ts';
import { type HexAddress, tokenIdOf } from './token.ts';

/**
 * The receipt of a prescription that came to its end: what its care channel has of it for everybody there, without medicine and
 * without persons, and the notaries' signatures over that. It holds for ever, and is checked without any network by the notaries' addresses.
 */

const instant = z.iso.datetime();
const packs = z.int().min(1).max(100);
const receiptDispense = z.strictObject({
  id: serialId('disp'),
  quantity: z.int().min(1).max(1_300_000),
  /** When it was recorded, and by which pharmacy. */
  at: instant,
  institutionId,
  /** CID and hex SHA-256 of the encrypted MedicationDispense. */
  cid,
  contentHash: hex32,
  /** Scanned packs and the salted commitment to which; absent where none was scanned. */
  packs: packs.optional(),
  packsHash: hex32.optional(),
});
/** States that nothing follows; an expiry is stored on no ledger. */
export const endedStates = ['completed', 'cancelled'] as const;
/** What the notaries vouch for. */
export const receiptRecord = z.strictObject({
  id: careId('rx'),
  /** Of the prescription's entry: the last one. */
  version: z.int().positive(),
  state: z.enum(endedStates),
  endedAt: instant,
  /** The pharmacy that held it when it ended; absent where none did. */
  heldBy: institutionId.optional(),
  authorInstitution: institutionId,
  authoredOn: instant,
  expires: instant,
  /** CID and hex SHA-256 of the encrypted MedicationRequest. */
  cid,
  contentHash: hex32,
  /** Units of one fill, fills, and units that were never dispensed. */
  quantity: z.int().min(1).max(100_000),
  fills: z.int().min(1).max(13),
  left: z.int().min(0).max(1_300_000),
  /** In the order of the ledger. */
  dispenses: z.array(receiptDispense).max(100),
});
export type ReceiptRecord = z.infer<typeof receiptRecord>;

const hex = (bytes: number) => z.templateLiteral(['0x', z.string().regex(new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`))]);
/** For which deployment of the prescription token the notaries are notaries. */
export const receiptToken = z.strictObject({ chainId: z.int().positive(), contract: hex(20) });
export type ReceiptToken = z.infer<typeof receiptToken>;
const statement = {
  record: receiptRecord,
  channel: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  /** SHA-256 of the header of the block with the transaction that ended it; the same on every peer of the channel. */
  blockHash: hex(32),
};
/** What one notary says, with its signature. */
export const signedRecord = z.strictObject({ ...statement, signature: hex(65) });
export type SignedRecord = z.infer<typeof signedRecord>;
export const receipt = z.strictObject({
  version: z.literal(1),
  ...statement,
  token: receiptToken,
  signatures: z.array(hex(65)).min(1).max(32),
});
export type Receipt = z.infer<typeof receipt>;
type Stated = Pick<Receipt, keyof typeof statement>;

/** The most characters of a receipt: a hundred dispenses with room to spare. */
export const largestReceipt = 128 * 1024;

/** EIP-712 type and domain of what notaries sign: their own, so that no contract takes a receipt, and no reader of receipts an attestation. */
export const receiptTypes = {
  Receipt: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'channel', type: 'bytes32' },
    { name: 'blockHash', type: 'bytes32' },
    { name: 'state', type: 'uint8' },
    { name: 'version', type: 'uint64' },
    { name: 'recordHash', type: 'bytes32' },
  ],
} as const;
export const receiptDomain = ({ chainId, contract }: ReceiptToken) => ({
  name: 'Medloom Receipt',
  version: '1',
  chainId,
  verifyingContract: contract,
});

const keccak = (...parts: Uint8Array[]): Bytes => Uint8Array.from(keccak_256(concat(...parts)));
const hash = (text: string): HexAddress => `0x${toHex(keccak(utf8(text)))}`;

/** The message that a notary signs. `recordHash` is the Keccak-256 of the record's canonical JSON, which has all that the receipt shows. */
export const receiptMessage = ({ record, channel, blockHash }: Stated) => ({
  ...{ tokenId: tokenIdOf(record.id), channel: hash(channel), blockHash },
  ...{ state: tokenStates.indexOf(tokenStateOf(record)), version: BigInt(record.version) },
  // As it is written: without members that are undefined.
  recordHash: hash(canonicalJson(JSON.parse(JSON.stringify(record)))),
});

const word = (value: HexAddress | bigint | number): Bytes => fromHex(BigInt(value).toString(16).padStart(64, '0'));
const domainType = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const messageType = `Receipt(${receiptTypes.Receipt.map(({ name, type }) => `${type} ${name}`).join(',')})`;

/** EIP-712, section "Definition of hashStruct". */
function digestOf(stated: Stated, token: ReceiptToken): Bytes {
  const { name, version, chainId, verifyingContract } = receiptDomain(token);
  const message = receiptMessage(stated);
  const domain = [keccak(utf8(name)), keccak(utf8(version)), word(chainId), word(verifyingContract)];
  const members = receiptTypes.Receipt.map((member) => word(message[member.name]));
  return keccak(
    Uint8Array.of(0x19, 0x01),
    keccak(keccak(utf8(domainType)), ...domain),
    keccak(keccak(utf8(messageType)), ...members),
  );
}

/**
 * Who signed it, in lower case, in the order of the signatures (65 bytes: r, s, v). Throws `SIGNATURE_FOREIGN` for what is no
 * signature, for the malleable upper half of `s` (EIP-2), and where somebody signed twice.
 */
export function signersOf(stated: Stated, token: ReceiptToken, signatures: readonly string[]): HexAddress[] {
  const digest = digestOf(stated, token);
  const signers = signatures.map((signature) => signerOf(digest, signature));
  if (new Set(signers).size < signers.length) throw new CryptoError('SIGNATURE_FOREIGN', 'twice');
  return signers;
}

/** Whom a reader believes. */
export interface ReceiptTrust {
  token: ReceiptToken;
  /** Addresses in any case. */
  notaries: readonly string[];
  /** How many of them must have signed; at least one. */
  threshold: number;
}

/** Reads what `writeReceipt` wrote. Throws `ALTERED` for anything else, a receipt of what has not ended among it. */
export function readReceipt(json: string): Receipt {
  if (json.length > largestReceipt) throw new CryptoError('ALTERED', 'length');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new CryptoError('ALTERED', 'no JSON', { cause });
  }
  const parsed = receipt.safeParse(value);
  if (!parsed.success) throw new CryptoError('ALTERED', 'shape', { cause: parsed.error });
  return parsed.data;
}

/**
 * Checks a receipt, and answers which of the notaries signed it. Throws `SIGNATURE_FOREIGN` for another chain or contract, as
 * `signersOf`, and where fewer than `threshold` of them have signed exactly this; who else signed counts for nothing, so that a notary that leaves
 * takes no receipt with it while enough others stay.
 */
export function verifyReceipt({ token, signatures, ...stated }: Receipt, trust: ReceiptTrust): HexAddress[] {
  const isSame =
    token.chainId === trust.token.chainId && token.contract.toLowerCase() === trust.token.contract.toLowerCase();
  if (!isSame) throw new CryptoError('SIGNATURE_FOREIGN', 'another deployment');
  const known = new Set(trust.notaries.map((address) => address.toLowerCase()));
  const own = signersOf(stated, token, signatures).filter((address) => known.has(address));
  const { threshold } = trust;
  if (own.length < threshold || !(threshold >= 1))
    throw new CryptoError('SIGNATURE_FOREIGN', `${own.length} of ${threshold}`);
  return own;
}

/** The receipt as it is kept and handed out: JSON that people can read. */
export const writeReceipt = (made: Receipt): string => `${JSON.stringify(receipt.parse(made), null, 2)}\n`;
