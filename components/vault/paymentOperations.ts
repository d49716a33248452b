import { type Hex, hexToNumber, parseSignature, size, slice } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Claim } from '#chaincode/model/claim.ts';
import type { ContentWrap } from '#chaincode/model/policy.ts';
import { institutionHash, permitDeadline, permitTypes, type Quote, settlementDomain } from '#contracts/typedData.ts';
import { toHex, wipe } from '#crypto/bytes.ts';
import { beneficiaryOf } from '#crypto/claim/beneficiary.ts';
import { memberKeys, openAsMember } from '#crypto/claim/member.ts';
import { paymentAddressOf, paymentKeyOf } from '#crypto/claim/paymentKey.ts';
import type { CoPayTerms } from '#server/claims/schema.ts';
import { type ClaimBytes, openWholeClaim, type SealedClaim } from './claimParts.ts';
import { type DecidedBill, decidedBillOf } from './decidedBill.ts';
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

/** Of the coins that bills are paid in, euro's and dollar's alike: the server is not asked for it. */
const coinDecimals = 6;
const minorUnit = 10n ** BigInt(coinDecimals - 2);
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
     * Signs that all that is left of the patient's share is paid by one quote: nothing else can be done with it in `CareSettlement`. Whose
     * bill it is, who is paid and how much at most is read from what provider and insurer have sealed, not from what the server says.
     * Throws `WALLET_REFUSED` where the quote says something else, and `UNREADABLE` as `decidedBillOf`.
     */
    async signCoPay(input: {
      claim: SealedClaim & Pick<Claim, 'policy'>;
      own: ContentWrap;
      bytes: ClaimBytes;
      terms: CoPayTerms;
    }): Promise<SignedCoPay> {
      const state = opened();
      const { claim, own, bytes, terms } = input;
      const { policy } = claim;
      const { coin, chainId, settlement } = terms;
      const dataKey = await openAsMember(await memberKeys(state.walletKey, policy), { id: claim.id, wrap: own.wrap });
      const bill = decidedBillOf(claim, await openWholeClaim(dataKey, claim, bytes));
      wipe(dataKey);
      const quote: Quote = {
        ...terms.quote,
        insurerAmount: BigInt(terms.quote.insurerAmount),
        patientAmount: BigInt(terms.quote.patientAmount),
      };
      const amount = BigInt(terms.left);
      if (!isFor(quote, claim.reference, bill) || !isKnown(terms) || amount <= 0n || amount > quote.patientAmount) {
        throw new VaultError('WALLET_REFUSED', 'What is to be signed pays something else than this bill.');
      }
      const key = paymentKeyOf(state.walletKey, policy);
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

/** Whether a quote pays who has billed, by whom it was decided, and no more than was decided. */
function isFor(quote: Quote, reference: string, bill: DecidedBill): boolean {
  const isOfClaim = quote.claim === `0x${reference}`;
  const isOfThem = quote.payee === institutionHash(bill.provider) && quote.insurer === institutionHash(bill.insurer);
  const isWithin = (asked: bigint, share: number) => asked >= 0n && asked <= BigInt(share) * minorUnit;
  return (
    isOfClaim &&
    isOfThem &&
    isWithin(quote.patientAmount, bill.patientShare) &&
    isWithin(quote.insurerAmount, bill.insurerShare)
  );
}

/** Whether the coin is the quote's, and one of those that bills are paid in: more decimals would make more of the same share. */
const isKnown = ({ coin, quote, chainId }: CoPayTerms): boolean =>
  coin.decimals === coinDecimals &&
  coin.chainId === chainId &&
  coin.address.toLowerCase() === quote.coin.toLowerCase() &&
  !/^0x0+$/.test(coin.address);

function partsOf(signature: Hex): { r: Hex; s: Hex; v: number } {
  const { r, s } = parseSignature(signature);
  return { r, s, v: hexToNumber(slice(signature, size(signature) - 1)) };
}
