import { and, eq, gt, sql } from 'drizzle-orm';
import { verifyMessage } from 'viem';
import { parseSiweMessage, validateSiweMessage } from 'viem/siwe';
import type { Portal } from '#server/portal.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { walletNonces } from '../gateways/db/schema/session.ts';

/** Longest time that a signed message is accepted after its making. */
const maximumAgeMs = 10 * 60_000;

/**
 * Reads an EIP-4361 message and its signature. Answers the address, and the person whose wallet it is when everything
 * fits: this portal's domain and origin, an unused challenge of ours, a recent time, the signature.
 */
export async function checkWalletSignIn(
  portal: Portal,
  input: { message: string; signature: string },
): Promise<{ address: string; personId: string | undefined } | undefined> {
  const siwe = parseSiweMessage(input.message);
  if (siwe.address === undefined || siwe.nonce === undefined || siwe.issuedAt === undefined) return undefined;
  const address = siwe.address.toLowerCase();
  const refused = { address, personId: undefined };
  const origin = new URL(portal.settings.url);
  const age = Date.now() - siwe.issuedAt.getTime();
  if (!validateSiweMessage({ message: siwe, domain: origin.host, address: siwe.address })) return refused;
  if (siwe.uri === undefined || new URL(siwe.uri).origin !== origin.origin) return refused;
  if (age > maximumAgeMs || age < -60_000) return refused;
  // The challenge is used up whatever follows, so that a captured message is worth nothing.
  const used = await portal.db
    .delete(walletNonces)
    .where(and(eq(walletNonces.nonce, siwe.nonce), gt(walletNonces.expiresAt, sql`now()`)))
    .returning();
  if (used.length !== 1) return refused;
  const signature = `0x${input.signature.slice(2)}` as const;
  const valid = await verifyMessage({ address: siwe.address, message: input.message, signature }).catch(() => false);
  if (!valid) return refused;
  const rows = await portal.db.select().from(wallets).where(eq(wallets.address, address));
  return { address, personId: rows[0]?.personId };
}
