import { and, eq, gt, sql } from 'drizzle-orm';
import { verifyMessage } from 'viem';
import { parseSiweMessage, validateSiweMessage } from 'viem/siwe';
import type { Portal } from '#server/portal.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { walletNonces } from '../gateways/db/schema/session.ts';

/** Longest time that a signed message is accepted after its making. */
const maximumAgeMs = 10 * 60_000;
/** How far the clock of the wallet's machine may be ahead. */
const maximumAheadMs = 60_000;

/** What a wallet's owner signed, and what it proves. */
export interface WalletClaim {
  /** Lower case. */
  address: string;
  /** The message is for this portal, new, with an unused challenge of ours, and signed by the address. */
  proved: boolean;
  /** What the message says in words. */
  statement?: string | undefined;
}

/** The address, in lower case, that an EIP-4361 message names; nothing is proved by it. */
export function claimedAddress(message: string): string | undefined {
  return parseSiweMessage(message).address?.toLowerCase();
}

/** Reads an EIP-4361 message and its signature. Undefined for a text that is no such message. */
export async function checkWalletMessage(
  portal: Portal,
  input: { message: string; signature: string },
): Promise<WalletClaim | undefined> {
  const siwe = parseSiweMessage(input.message);
  if (siwe.address === undefined || siwe.nonce === undefined || siwe.issuedAt === undefined) return undefined;
  const address = siwe.address.toLowerCase();
  const refused = { address, proved: false };
  const origin = new URL(portal.settings.url);
  const age = Date.now() - siwe.issuedAt.getTime();
  if (!validateSiweMessage({ message: siwe, domain: origin.host, address: siwe.address })) return refused;
  if (siwe.uri === undefined || !isWithin(siwe.uri, origin)) return refused;
  if (!(age <= maximumAgeMs && age >= -maximumAheadMs)) return refused;
  // The challenge is used up whatever follows, so that a captured message is worth nothing.
  const used = await portal.db
    .delete(walletNonces)
    .where(and(eq(walletNonces.nonce, siwe.nonce), gt(walletNonces.expiresAt, sql`now()`)))
    .returning();
  if (used.length !== 1) return refused;
  const signature = `0x${input.signature.slice(2)}` as const;
  const proved = await verifyMessage({ address: siwe.address, message: input.message, signature }).catch(() => false);
  return { address, proved, statement: siwe.statement };
}

function isWithin(uri: string, origin: URL): boolean {
  return URL.canParse(uri) && new URL(uri).origin === origin.origin;
}

/** The person whose wallet a proved message is of. */
export async function personOfWallet(portal: Portal, claim: WalletClaim | undefined): Promise<string | undefined> {
  return claim?.proved ? personOfAddress(portal, claim.address) : undefined;
}

/** The person who has proved that an address, in lower case, is theirs. */
export async function personOfAddress(portal: Portal, address: string): Promise<string | undefined> {
  const rows = await portal.db.select().from(wallets).where(eq(wallets.address, address));
  return rows[0]?.personId;
}
