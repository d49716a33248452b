import { type Hex, keccak256, toHex } from 'viem';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { type Receipt, type ReceiptToken, receiptMessage, type SignedRecord, signersOf } from '#crypto/receipt.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import { agree } from './agree.ts';
import type { TokenTerms } from './attest.ts';
import type { Notary } from './notary.ts';

/** Whether the contract has an account as a notary. */
export type Appointed = (account: Hex) => Promise<boolean>;

const notaryRole = keccak256(toHex('NOTARY_ROLE'));

/** Asks the contract. ETHEREUM_UNAVAILABLE. */
export function appointedBy(token: TokenAccess): Appointed {
  return async (account) => {
    try {
      const chain = await openChain(token.rpcUrl);
      const contract = { address: token.address, abi: prescriptionTokenAbi } as const;
      return await chain.readContract({ ...contract, functionName: 'hasRole', args: [notaryRole, account] });
    } catch (cause) {
      throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the token contract does not answer', { cause });
    }
  };
}

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
  const ask = async (notary: Notary): Promise<SignedRecord> => {
    const said = await notary.receipt(channel, prescriptionId, token);
    if (said.record.id !== prescriptionId || said.channel !== channel) throw unusable(notary);
    if (!(await appointed(signerOf(notary, said, token)))) throw unusable(notary);
    return said;
  };
  const agreed = await agree(notaries, threshold, {
    ask,
    keyOf: (said) => `${receiptMessage(said).recordHash} ${said.blockHash}`,
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

const unusable = ({ mspId }: Notary, cause?: unknown) =>
  new ConnectorError('NOTARIES_DISAGREE', `the notary of ${mspId} signs what nobody would believe`, { cause });
