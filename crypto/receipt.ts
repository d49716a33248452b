import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { z } from 'zod';
import { type Bytes, concat, fromHex, utf8 } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { addressOfPublicKey, type HexAddress, tokenIdOf } from './token.ts';

/**
 * The receipt of a prescription that came to its end: what the health ledger has of it in public, and the notaries' word on that state
 * as they signed it for the token. It is checked without any network, by the notaries' addresses.
 */

const hex = (digits: number) => z.string().regex(new RegExp(`^0x[0-9a-fA-F]{${digits}}$`));
const receipt = z.object({
  version: z.literal(1),
  /** As the care channel has it; nothing in it names a medicine or a person. */
  prescription: z.looseObject({ id: z.string(), version: z.int().positive(), state: z.string() }),
  channel: z.string(),
  /** Hashes of the encrypted dispenses, in their order. */
  dispenses: z.array(z.object({ id: z.string(), contentHash: z.string(), cid: z.string() })),
  token: z.object({ chainId: z.int().positive(), contract: hex(40) }),
  attestation: z.object({ blockHash: hex(64), state: z.int().min(0).max(3), deadline: z.int().positive() }),
  signatures: z.array(hex(130)).min(1).max(32),
});
export type Receipt = z.infer<typeof receipt>;

export interface VerifiedReceipt {
  receipt: Receipt;
  /** Addresses, in lower case, of the notaries whose signatures it bears. */
  notaries: HexAddress[];
}

const word = (value: bigint | number): Bytes => fromHex(BigInt(value).toString(16).padStart(64, '0'));
const keccak = (...parts: Uint8Array[]) => keccak_256(concat(...parts));
const domainType = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const attestationType =
  'Attestation(uint256 tokenId,bytes32 channel,bytes32 blockHash,uint8 state,uint64 version,uint64 deadline)';

/** The digest that notaries sign for the token (EIP-712, section "Definition of hashStruct"). */
function digestOf({ prescription, channel, token, attestation }: Receipt): Uint8Array {
  const domain = keccak(
    keccak(utf8(domainType)),
    keccak(utf8('Medloom PrescriptionToken')),
    keccak(utf8('2')),
    word(token.chainId),
    word(BigInt(token.contract)),
  );
  const message = keccak(
    keccak(utf8(attestationType)),
    word(tokenIdOf(prescription.id)),
    keccak(utf8(channel)),
    fromHex(attestation.blockHash.slice(2)),
    word(attestation.state),
    word(prescription.version),
    word(attestation.deadline),
  );
  return keccak(Uint8Array.of(0x19, 0x01), domain, message);
}

/** Address that made a signature of 65 bytes (r, s, v). Throws `SIGNATURE_FOREIGN`. */
function signerOf(digest: Uint8Array, signature: string): HexAddress {
  const bytes = fromHex(signature.slice(2));
  try {
    const recovery = (bytes[64] ?? 0) - 27;
    const recovered = secp256k1.Signature.fromBytes(bytes.slice(0, 64), 'compact')
      .addRecoveryBit(recovery)
      .recoverPublicKey(digest);
    return addressOfPublicKey(recovered.toBytes(true));
  } catch (cause) {
    throw new CryptoError('SIGNATURE_FOREIGN', 'notary', { cause });
  }
}

/** States of the token by those of a prescription that is over. */
const ended: Record<string, number> = { completed: 2, cancelled: 3 };

/**
 * Checks a receipt (JSON) against the notaries' addresses. Throws `SIGNATURE_FOREIGN` where fewer than `threshold` distinct ones of
 * them have signed exactly this, and `ALTERED` where what is said of the prescription is not what they signed.
 */
export function verifyReceipt(json: string, notaries: readonly string[], threshold: number): VerifiedReceipt {
  let parsed: ReturnType<typeof receipt.safeParse>;
  try {
    parsed = receipt.safeParse(JSON.parse(json));
  } catch (cause) {
    throw new CryptoError('ALTERED', 'no JSON', { cause });
  }
  if (!parsed.success) throw new CryptoError('ALTERED', 'shape');
  const { data } = parsed;
  if (ended[data.prescription.state] !== data.attestation.state) throw new CryptoError('ALTERED', 'state');
  const digest = digestOf(data);
  const known = new Set(notaries.map((address) => address.toLowerCase()));
  const signers = new Set(data.signatures.map((signature) => signerOf(digest, signature)));
  const own = [...signers].filter((address) => known.has(address));
  if (own.length < threshold || threshold < 1)
    throw new CryptoError('SIGNATURE_FOREIGN', `${own.length} of ${threshold}`);
  return { receipt: data, notaries: own };
}

/** The receipt as it is kept and handed out: JSON, readable, with its seal. */
export const writeReceipt = (made: Receipt): string => `${JSON.stringify(receipt.parse(made), null, 2)}\n`;
