import { type Address, bytesToHex, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { attestationTypes, type TokenDomain, tokenDomain } from '#contracts/typedData.ts';
import { dispenseReceiptKind, type SignedDispense } from '#crypto/dispenseReceipt.ts';
import { type NotaryToken, type Stated, type StatementKind, typedDataOf } from '#crypto/notarised.ts';
import { receiptKind, type SignedRecord } from '#crypto/receipt.ts';
import type { BlockLedger } from '../ledger/connection.ts';
import { seeDispense, seePrescription } from './peer.ts';
import { dispenseRecordOf, recordOf } from './record.ts';
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
  receipt(channel: string, prescriptionId: string, token: NotaryToken): Promise<SignedRecord>;
  /** Reads the version with which a dispense was recorded, and signs what a receipt says of that dispense. NOT_FOUND. */
  dispenseReceipt(
    channel: string,
    prescriptionId: string,
    dispenseId: string,
    token: NotaryToken,
  ): Promise<SignedDispense>;
}

/** `ledger` must be the organisation's own gateway. */
export function createNotary(mspId: string, ledger: BlockLedger, key: Hex): Notary {
  const account = privateKeyToAccount(key);
  const sign = async <Said>(kind: StatementKind<Said>, stated: Stated<Said>, token: NotaryToken) => ({
    ...stated,
    signature: await account.signTypedData(typedDataOf(kind, stated, token)),
  });
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
      return sign(receiptKind, { record: recordOf(seen), channel, blockHash: bytesToHex(seen.blockHash) }, token);
    },
    dispenseReceipt: async (channel, prescriptionId, dispenseId, token) => {
      const { blockHash, ...seen } = await seeDispense(mspId, ledger, channel, prescriptionId, dispenseId);
      const record = dispenseRecordOf(seen, dispenseId);
      return sign(dispenseReceiptKind, { record, channel, blockHash: bytesToHex(blockHash) }, token);
    },
  };
}
