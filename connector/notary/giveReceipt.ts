import type { Hex } from 'viem';
import { type DispenseReceipt, dispenseReceiptKind } from '#crypto/dispenseReceipt.ts';
import {
  type Notarised,
  type NotaryToken,
  type Stated,
  type StatementKind,
  signersOfStatement,
} from '#crypto/notarised.ts';
import { type Receipt, receiptKind } from '#crypto/receipt.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import { agree } from './agree.ts';
import { type Appointed, unusable } from './appointed.ts';
import type { TokenTerms } from './attest.ts';
import type { Notary } from './notary.ts';

/** Whom a receipt is asked of: the notaries of the channel, what the contract asks for, and whom it knows. */
type Asked = [notaries: readonly Notary[], terms: TokenTerms, appointed: Appointed];

/** The receipt of a prescription that is over. Throws WRONG_STATE where it is not, and as `collect`. */
export const giveReceipt = (
  ...[notaries, terms, appointed, id]: [...Asked, prescriptionId: string]
): Promise<Receipt> =>
  collect(receiptKind, [notaries, terms, appointed], id, {
    ask: (notary, channel, token) => notary.receipt(channel, id, token),
    isAsked: (record) => record.id === id,
  });

/** The receipt of one dispense of a prescription, which need not be over. Throws NOT_FOUND where it has none such, and as `collect`. */
export const giveDispenseReceipt = (
  ...[notaries, terms, appointed, id, dispenseId]: [...Asked, prescriptionId: string, dispenseId: string]
): Promise<DispenseReceipt> =>
  collect(dispenseReceiptKind, [notaries, terms, appointed], id, {
    ask: (notary, channel, token) => notary.dispenseReceipt(channel, id, dispenseId, token),
    isAsked: (record) => record.id === id && record.dispense.id === dispenseId,
  });

/**
 * With the signatures of all notaries of the prescription's channel that say the same of it, at least as many as the contract asks for.
 * What a reader would not believe is not taken: another prescription, a signature that does not fit, an account that the contract does
 * not know. Throws what `agree` throws.
 */
async function collect<Said extends { version: number }>(
  kind: StatementKind<Said>,
  [notaries, { domain, threshold }, appointed]: Asked,
  prescriptionId: string,
  asking: {
    ask(notary: Notary, channel: string, token: NotaryToken): Promise<Stated<Said> & { signature: Hex }>;
    isAsked(record: Said): boolean;
  },
): Promise<Notarised<Said> & { version: 1 }> {
  const channel = careChannelOf(prescriptionId);
  const token = { chainId: domain.chainId, contract: domain.verifyingContract };
  const ask = async (notary: Notary) => {
    const said = await asking.ask(notary, channel, token);
    if (!asking.isAsked(said.record) || said.channel !== channel) throw unusable(notary);
    const signer = signerOf(kind, notary, said, token);
    if (!(await appointed(signer))) throw unusable(notary);
    return { ...said, signer };
  };
  const agreed = await agree(notaries, threshold, {
    ask,
    keyOf: (said) => `${kind.messageOf(said).recordHash} ${said.blockHash}`,
    signerOf: ({ signer }) => signer,
    versionOf: ({ record }) => record.version,
  });
  const [{ record, blockHash }] = agreed;
  const signatures = agreed.map(({ signature }) => signature);
  return { version: 1, record, channel, blockHash, token, signatures };
}

function signerOf<Said>(
  kind: StatementKind<Said>,
  notary: Notary,
  said: Stated<Said> & { signature: Hex },
  token: NotaryToken,
): Hex {
  try {
    const [signer] = signersOfStatement(kind, said, token, [said.signature]);
    if (signer !== undefined) return signer;
  } catch (cause) {
    throw unusable(notary, cause);
  }
  throw unusable(notary);
}
