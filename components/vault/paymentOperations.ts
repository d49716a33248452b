import { type Hex, hexToNumber, parseSignature, size, slice } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { permitDeadline, permitTypes, type Quote, settlementDomain } from '#contracts/typedData.ts';
import { toHex, wipe } from '#crypto/bytes.ts';
import { beneficiaryOf } from '#crypto/claim/beneficiary.ts';
import { paymentAddressOf, paymentKeyOf } from '#crypto/claim/paymentKey.ts';
import type { CoPayTerms } from '#server/claims/schema.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

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
  r: string;
  s: string;
}

/** So long the portal has to bring a permit, in seconds. */
const validSeconds = 15 * 60;

/** How a member pays what is the patient's share: from an address that is of one policy and nothing else. */
export function paymentOperations(opened: () => OpenState) {
  return {
    /** Where the payments of a policy come from. */
    async paymentAddress(input: { policy: string }): Promise<Hex> {
      return paymentAddressOf(opened().walletKey, input.policy);
    },

    /** By which the assistance fund knows the person. */
    async beneficiary(): Promise<string> {
      return beneficiaryOf(opened().walletKey);
    },

    /**
     * Signs that all that is left of the patient's share is paid by one quote: nothing else can be done with it in `CareSettlement`, and
     * nobody else is named as spender. Throws `WALLET_REFUSED` where the quote is of another claim, or asks for more than was decided.
     */
    async signCoPay(input: {
      policy: string;
      /** Of the claim, as the ledger has it: 64 hex digits. */
      reference: string;
      /** The patient's share as it was decided, in minor units. */
      share: number;
      terms: CoPayTerms;
    }): Promise<SignedCoPay> {
      const { policy, reference, share, terms } = input;
      const { coin, chainId, settlement } = terms;
      const quote: Quote = {
        ...terms.quote,
        insurerAmount: BigInt(terms.quote.insurerAmount),
        patientAmount: BigInt(terms.quote.patientAmount),
      };
      const amount = BigInt(terms.left);
      const most = BigInt(share) * 10n ** BigInt(coin.decimals - 2);
      const isOfClaim = quote.claim === `0x${reference}` && quote.coin.toLowerCase() === coin.address.toLowerCase();
      if (!isOfClaim || quote.patientAmount > most || amount > quote.patientAmount || amount === 0n) {
        throw new VaultError('WALLET_REFUSED', 'What is to be signed pays something else than this bill.');
      }
      const key = paymentKeyOf(opened().walletKey, policy);
      const account = privateKeyToAccount(`0x${toHex(key)}`);
      wipe(key);
      const validUntil = Math.floor(Date.now() / 1_000) + validSeconds;
      const nonce = BigInt(coin.nonce);
      const signature = await account.signTypedData({
        domain: { name: coin.name, version: coin.version, chainId, verifyingContract: coin.address },
        types: permitTypes,
        primaryType: 'Permit',
        message: {
          ...{ owner: account.address, spender: settlement, value: amount, nonce },
          deadline: permitDeadline(settlementDomain(chainId, settlement), quote, validUntil),
        },
      });
      const { r, s, v } = partsOf(signature);
      return { payer: account.address, amount: `${amount}`, validUntil, nonce: `${nonce}`, v, r, s };
    },
  };
}

function partsOf(signature: Hex): { r: Hex; s: Hex; v: number } {
  const { r, s } = parseSignature(signature);
  return { r, s, v: hexToNumber(slice(signature, size(signature) - 1)) };
}
