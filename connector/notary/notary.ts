import { type Address, bytesToHex, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { attestationTypes, type TokenDomain, tokenDomain } from '#contracts/typedData.ts';
import { type ReceiptToken, receiptDomain, receiptMessage, receiptTypes, type SignedRecord } from '#crypto/receipt.ts';
import type { BlockLedger } from '../ledger/connection.ts';
import { seePrescription } from './peer.ts';
import { recordOf } from './record.ts';
import { type Statement, statementOf } from './statement.ts';

export interface Attestation extends Statement {
  /** Unix time in seconds after which it is void. */
  deadline: bigint;
}

export interface SignedAttestation {
  attestation: Attestation;
  notary: Address;
  signature: Hex;
}

/** One organisation's notary: it believes its own organisation's peer and nobody else. */
export interface Notary {
  mspId: string;
  /** Reads the prescription now and signs what it read. */
  attest(channel: string, prescriptionId: string, domain: TokenDomain, deadline: bigint): Promise<SignedAttestation>;
  /** Reads a prescription that is over, and signs what a receipt says of it. WRONG_STATE. */
  receipt(channel: string, prescriptionId: string, token: ReceiptToken): Promise<SignedRecord>;
}

/** `ledger` must be the organisation's own gateway. */
export function createNotary(mspId: string, ledger: BlockLedger, key: Hex): Notary {
  const account = privateKeyToAccount(key);
  return {
    mspId,
    attest: async (channel, prescriptionId, { chainId, verifyingContract }, deadline) => {
      const { prescription, blockHash } = await seePrescription(mspId, ledger, channel, prescriptionId);
      const attestation = { ...statementOf(channel, prescription, blockHash), deadline };
      const signature = await account.signTypedData({
        domain: tokenDomain(chainId, verifyingContract),
        types: attestationTypes,
        primaryType: 'Attestation',
        message: attestation,
      });
      return { attestation, notary: account.address, signature };
    },
    receipt: async (channel, prescriptionId, token) => {
      const seen = await seePrescription(mspId, ledger, channel, prescriptionId);
      const stated = { record: recordOf(seen), channel, blockHash: bytesToHex(seen.blockHash) };
      const signature = await account.signTypedData({
        domain: receiptDomain(token),
        types: receiptTypes,
        primaryType: 'Receipt',
        message: receiptMessage(stated),
      });
      return { ...stated, signature };
    },
  };
}
