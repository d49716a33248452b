import type { z } from 'zod';
import {
  type ContentWrap,
  type MemberAction,
  memberStatementBytes,
  memberStatements,
  type SignedStatement,
} from '#chaincode/model/policy.ts';
import { type Bytes, toBase64Url, wipe } from '../bytes.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { deriveKey } from '../derive.ts';
import { CryptoError } from '../errors.ts';
import { deriveSigningKey, importSigningKey, type SigningKey } from '../signingKey.ts';
import { signStatement } from '../statement.ts';
import { createReadingKey } from '../wrap.ts';
import { openDataKey } from './dataKey.ts';

/**
 * A member's keys of one policy. They follow from a secret that the vault keeps for good and the policy's id, so that no two policies of a
 * person have anything in common, and any browser that opens the vault has them.
 */
export interface Member {
  policy: string;
  /** By which the member acts. */
  signing: SigningKey;
  /** DER SubjectPublicKeyInfo of it, base64url. */
  signingKey: string;
  /** 32 bytes; secret. */
  readingSeed: Bytes;
  /** X-Wing public key, base64url. */
  readingKey: string;
}

/** `vaultSeed`: 32 bytes of the vault that no rotation of keys replaces. */
export async function memberKeys(vaultSeed: Uint8Array, policy: string): Promise<Member> {
  const pkcs8 = deriveSigningKey(vaultSeed, `medloom/claims/member/signing/v1/${policy}`);
  const seed = deriveKey(vaultSeed, `medloom/claims/member/reading/v1/${policy}`);
  const [signing, { seed: readingSeed, publicKey: readingKey }] = await Promise.all([
    importSigningKey(pkcs8),
    createReadingKey(seed),
  ]);
  wipe(pkcs8, seed);
  const signingKey = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('spki', signing.publicKey)));
  return { policy, signing, signingKey, readingSeed, readingKey };
}

export type Said<Action extends MemberAction> = z.input<(typeof memberStatements)[Action]>;

/**
 * What a member says, signed. Throws a ZodError for what the ledger would not read, `KEY_UNTRUSTED` where it is of another policy than the
 * member's, or applies for keys that are not the member's.
 */
export async function sayAs<Action extends MemberAction>(
  member: Member,
  action: Action,
  said: Said<Action>,
): Promise<SignedStatement> {
  const parsed = memberStatements[action].parse(said);
  const policy = 'policy' in parsed ? parsed.policy : parsed.id;
  if (policy !== member.policy) throw new CryptoError('KEY_UNTRUSTED', `${policy} is not ${member.policy}`);
  if ('signingKey' in parsed && (parsed.signingKey !== member.signingKey || parsed.readingKey !== member.readingKey)) {
    throw new CryptoError('KEY_UNTRUSTED', policy);
  }
  const text = canonicalJson(parsed);
  return { said: text, signature: await signStatement(member.signing.privateKey, memberStatementBytes(action, text)) };
}

/** The data key that is wrapped for the member. Throws `WRAP_REFUSED`, also for a wrap of another reader. */
export const openAsMember = ({ policy, readingSeed }: Member, { id, wrap }: Pick<ContentWrap, 'id' | 'wrap'>) =>
  openDataKey(readingSeed, { id, reader: policy, wrap });
