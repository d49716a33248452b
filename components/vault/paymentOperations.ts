import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Claim } from '#chaincode/model/claim.ts';
import type { ContentWrap } from '#chaincode/model/policy.ts';
import { institutionHash, type Quote } from '#contracts/typedData.ts';
import { toHex, wipe } from '#crypto/bytes.ts';
import { beneficiaryOf } from '#crypto/claim/beneficiary.ts';
import { memberKeys, openAsMember } from '#crypto/claim/member.ts';
import { paymentAddressOf, paymentKeyOf } from '#crypto/claim/paymentKey.ts';
import type { CoPayTerms } from '#server/claims/schema.ts';
import { type ClaimBytes, openWholeClaim, type SealedClaim } from './claimParts.ts';
import { type CoPayToSign, coPayToSign, quoteOf, type SignedCoPay, signedCoPay } from './coPayPermit.ts';
import { type DecidedBill, decidedBillOf } from './decidedBill.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

/** Of the coins that bills are paid in, euro's and dollar's alike: the server is not asked for it. */
const coinDecimals = 6;
const minorUnit = 10n ** BigInt(coinDecimals - 2);

/** An own bill that is to be paid, and by which terms. */
interface CoPayAsked {
  claim: SealedClaim & Pick<Claim, 'policy'>;
  own: ContentWrap;
  bytes: ClaimBytes;
  terms: CoPayTerms;
}

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
     * Signs that all that is left of the patient's share is paid by one quote: nothing else can be done with it in `CareSettlement`.
     * Throws as `requireOwnBill`.
     */
    async signCoPay(input: CoPayAsked): Promise<SignedCoPay> {
      const state = opened();
      await requireOwnBill(state, input);
      const key = paymentKeyOf(state.walletKey, input.claim.policy);
      const account = privateKeyToAccount(`0x${toHex(key)}`);
      wipe(key);
      const toSign = coPayToSign(input.terms, account.address);
      return signedCoPay(toSign, await account.signTypedData(toSign.typed));
    },

    /** What another wallet of the person signs to pay the same. Throws as `requireOwnBill`. */
    async coPayFrom(input: CoPayAsked & { payer: Hex }): Promise<CoPayToSign> {
      await requireOwnBill(opened(), input);
      return coPayToSign(input.terms, input.payer);
    },
  };
}

/**
 * Whose bill it is, who is paid and how much at most is read from what provider and insurer have sealed, not from what the server says.
 * Throws `WALLET_REFUSED` where the terms say something else, and `UNREADABLE` as `decidedBillOf`.
 */
async function requireOwnBill(state: OpenState, { claim, own, bytes, terms }: CoPayAsked): Promise<void> {
  const keys = await memberKeys(state.walletKey, claim.policy);
  const dataKey = await openAsMember(keys, { id: claim.id, wrap: own.wrap });
  const bill = decidedBillOf(claim, await openWholeClaim(dataKey, claim, bytes));
  wipe(dataKey);
  const quote = quoteOf(terms);
  const amount = BigInt(terms.left);
  if (!isFor(quote, claim.reference, bill) || !isKnown(terms) || amount <= 0n || amount > quote.patientAmount) {
    throw new VaultError('WALLET_REFUSED', 'What is to be signed pays something else than this bill.');
  }
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
