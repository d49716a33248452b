import { type Hex, parseSignature } from 'viem';
import { permitDeadline, permitTypes, type Quote, settlementDomain } from '#contracts/typedData.ts';
import type { CoPayTerms } from '#server/claims/schema.ts';

/** A patient's permit for one quote, as the portal brings it. */
export interface SignedCoPay {
  payer: Hex;
  /** In the coin's smallest unit, decimal. */
  amount: string;
  /** Unix seconds. */
  validUntil: number;
  /** Decimal. */
  nonce: string;
  v: number;
  r: Hex;
  s: Hex;
}

/** The quote of terms as the contract's types have it. */
export const quoteOf = ({ quote }: Pick<CoPayTerms, 'quote'>): Quote => ({
  ...quote,
  insurerAmount: BigInt(quote.insurerAmount),
  patientAmount: BigInt(quote.patientAmount),
});

/** So long the portal has to bring a permit, in seconds. */
const validSeconds = 15 * 60;

/** What an address signs to pay all that is left by these terms: EIP-2612 on the coin's own domain. */
export function coPayToSign(terms: CoPayTerms, payer: Hex) {
  const { coin, chainId, settlement, left } = terms;
  const validUntil = Math.floor(Date.now() / 1_000) + validSeconds;
  const deadline = permitDeadline(settlementDomain(chainId, settlement), quoteOf(terms), validUntil);
  return {
    validUntil,
    typed: {
      domain: { name: coin.name, version: coin.version, chainId, verifyingContract: coin.address },
      types: permitTypes,
      primaryType: 'Permit' as const,
      message: { owner: payer, spender: settlement, value: BigInt(left), nonce: BigInt(coin.nonce), deadline },
    },
  };
}
export type CoPayToSign = ReturnType<typeof coPayToSign>;

/** The permit by what was signed. Throws where that is no signature. */
export function signedCoPay({ validUntil, typed: { message } }: CoPayToSign, signature: Hex): SignedCoPay {
  const { owner, value, nonce } = message;
  // Some wallets number the parity from 0, which no contract takes.
  const { r, s, yParity } = parseSignature(signature);
  return { payer: owner, amount: `${value}`, validUntil, nonce: `${nonce}`, v: 27 + yParity, r, s };
}
