import type { Hex } from 'viem';
import { type Receipt, type ReceiptToken, receiptMessage, type SignedRecord, signersOf } from '#crypto/receipt.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import { agree } from './agree.ts';
import { type Appointed, unusable } from './appointed.ts';
import type { TokenTerms } from './attest.ts';
import type { Notary } from './notary.ts';

/**
 * The receipt of a prescription that is over, with the signatures of all notaries of its channel that say the same of it, at least as
 * many as the contract asks for. What a reader would not believe is not taken: another prescription, a signature that does not fit, an
 * account that the contract does not know. Throws WRONG_STATE where it is not over, and what `agree` throws.
 */
export async function giveReceipt(
  notaries: readonly Notary[],
  { domain, threshold }: TokenTerms,
  appointed: Appointed,
  prescriptionId: string,
): Promise<Receipt> {
  const channel = careChannelOf(prescriptionId);
  const token = { chainId: domain.chainId, contract: domain.verifyingContract };
  const ask = async (notary: Notary): Promise<SignedRecord & { signer: Hex }> => {
    const said = await notary.receipt(channel, prescriptionId, token);
    if (said.record.id !== prescriptionId || said.channel !== channel) throw unusable(notary);
    const signer = signerOf(notary, said, token);
    if (!(await appointed(signer))) throw unusable(notary);
    return { ...said, signer };
  };
  const agreed = await agree(notaries, threshold, {
    ask,
    keyOf: (said) => `${receiptMessage(said).recordHash} ${said.blockHash}`,
    signerOf: ({ signer }) => signer,
    versionOf: ({ record }) => record.version,
  });
  const [{ record, blockHash }] = agreed;
  const signatures = agreed.map(({ signature }) => signature);
  return { version: 1, record, channel, blockHash, token, signatures };
}

function signerOf(notary: Notary, said: SignedRecord, token: ReceiptToken): Hex {
  try {
    const [signer] = signersOf(said, token, [said.signature]);
    if (signer !== undefined) return signer;
  } catch (cause) {
    throw unusable(notary, cause);
  }
  throw unusable(notary);
}
