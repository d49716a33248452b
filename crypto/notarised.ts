import { keccak_256 } from '@noble/hashes/sha3.js';
import { z } from 'zod';
import { type Bytes, concat, fromHex, toHex, utf8 } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { CryptoError } from './errors.ts';
import { signerOf } from './ethereumSignature.ts';
import { type HexAddress, tokenIdOf } from './token.ts';

/**
 * What the notaries of a channel sign of a prescription there for everybody to keep: EIP-712 data, each kind with a type and a domain of
 * its own, so that no contract and no reader takes one for another. Checked without any network by the notaries' addresses.
 */

const hex = (bytes: number) => z.templateLiteral(['0x', z.string().regex(new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`))]);
/** For which deployment of the prescription token the notaries are notaries. */
export const notaryToken = z.strictObject({ chainId: z.int().positive(), contract: hex(20) });
export type NotaryToken = z.infer<typeof notaryToken>;

const where = {
  channel: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  /** SHA-256 of the header of the block with the transaction that made it so; the same on every peer of the channel. */
  blockHash: hex(32),
};
/** What one notary says, with its signature. */
export const signedBy = <Shape extends z.ZodType>(record: Shape) =>
  z.strictObject({ record, ...where, signature: hex(65) });
/** What several say alike. */
export const notarised = <Shape extends z.ZodType>(record: Shape) =>
  z.strictObject({
    version: z.literal(1),
    record,
    ...where,
    token: notaryToken,
    signatures: z.array(hex(65)).min(1).max(32),
  });

export interface Stated<Said> {
  record: Said;
  channel: string;
  blockHash: HexAddress;
}
export interface Notarised<Said> extends Stated<Said> {
  token: NotaryToken;
  signatures: HexAddress[];
}

type Member = { readonly name: string; readonly type: 'uint256' | 'uint64' | 'uint8' | 'bytes32' };
type Message = Record<string, HexAddress | bigint | number>;
/** How a kind of statement is signed: its EIP-712 domain, type and message. */
export interface StatementKind<Said> {
  domainName: string;
  primaryType: string;
  members: readonly Member[];
  messageOf(stated: Stated<Said>): Message;
}

const keccak = (...parts: Uint8Array[]): Bytes => Uint8Array.from(keccak_256(concat(...parts)));
const hash = (text: string): HexAddress => `0x${toHex(keccak(utf8(text)))}`;

/** What every message has. `recordHash` is the Keccak-256 of the record's canonical JSON, which has all that the statement shows. */
export const messageOf = <Said extends { id: string; version: number }>({
  record,
  channel,
  blockHash,
}: Stated<Said>) => ({
  ...{ tokenId: tokenIdOf(record.id), channel: hash(channel), blockHash, version: BigInt(record.version) },
  // As it is written: without members that are undefined.
  recordHash: hash(canonicalJson(JSON.parse(JSON.stringify(record)))),
});

export const domainOf = (name: string, { chainId, contract }: NotaryToken) => ({
  ...{ name, version: '1', chainId, verifyingContract: contract },
});

/** The typed data that a notary signs. */
export const typedDataOf = <Said>(kind: StatementKind<Said>, stated: Stated<Said>, token: NotaryToken) => ({
  domain: domainOf(kind.domainName, token),
  types: { [kind.primaryType]: kind.members },
  primaryType: kind.primaryType,
  message: kind.messageOf(stated),
});

const word = (value: HexAddress | bigint | number): Bytes => fromHex(BigInt(value).toString(16).padStart(64, '0'));
const domainType = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';

/** EIP-712, section "Definition of hashStruct". */
function digestOf<Said>(kind: StatementKind<Said>, stated: Stated<Said>, token: NotaryToken): Bytes {
  const { name, version, chainId, verifyingContract } = domainOf(kind.domainName, token);
  const message = kind.messageOf(stated);
  const messageType = `${kind.primaryType}(${kind.members.map((member) => `${member.type} ${member.name}`).join(',')})`;
  const domain = [keccak(utf8(name)), keccak(utf8(version)), word(chainId), word(verifyingContract)];
  const members = kind.members.map((member) => word(message[member.name] ?? 0));
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
export function signersOfStatement<Said>(
  kind: StatementKind<Said>,
  stated: Stated<Said>,
  token: NotaryToken,
  signatures: readonly string[],
): HexAddress[] {
  const digest = digestOf(kind, stated, token);
  const signers = signatures.map((signature) => signerOf(digest, signature));
  if (new Set(signers).size < signers.length) throw new CryptoError('SIGNATURE_FOREIGN', 'twice');
  return signers;
}

/** Whom a reader believes. */
export interface NotaryTrust {
  token: NotaryToken;
  /** Addresses in any case. */
  notaries: readonly string[];
  /** How many of them must have signed; at least one. */
  threshold: number;
}

/**
 * Answers which of the notaries signed it. Throws `SIGNATURE_FOREIGN` for another chain or contract, as `signersOfStatement`, and where
 * fewer than `threshold` of them have signed exactly this; who else signed counts for nothing, so that a notary that leaves
 * takes no receipt with it while enough others stay.
 */
export function verifyStatement<Said>(
  kind: StatementKind<Said>,
  { token, signatures, ...stated }: Notarised<Said>,
  trust: NotaryTrust,
): HexAddress[] {
  const isSame =
    token.chainId === trust.token.chainId && token.contract.toLowerCase() === trust.token.contract.toLowerCase();
  if (!isSame) throw new CryptoError('SIGNATURE_FOREIGN', 'another deployment');
  const known = new Set(trust.notaries.map((address) => address.toLowerCase()));
  const own = signersOfStatement(kind, stated, token, signatures).filter((address) => known.has(address));
  const { threshold } = trust;
  if (own.length < threshold || !(threshold >= 1))
    throw new CryptoError('SIGNATURE_FOREIGN', `${own.length} of ${threshold}`);
  return own;
}

/** Reads JSON of at most so many characters of a shape. Throws `ALTERED` for anything else. */
export function readStatement<Shape extends z.ZodType>(shape: Shape, json: string, longest: number): z.output<Shape> {
  if (json.length > longest) throw new CryptoError('ALTERED', 'length');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new CryptoError('ALTERED', 'no JSON', { cause });
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new CryptoError('ALTERED', 'shape', { cause: parsed.error });
  return parsed.data;
}

/** A statement as it is kept and handed out: JSON that people can read. Throws a ZodError for what is none. */
export const writeStatement = <Shape extends z.ZodType>(shape: Shape, made: z.input<Shape>): string =>
  `${JSON.stringify(shape.parse(made), null, 2)}\n`;
