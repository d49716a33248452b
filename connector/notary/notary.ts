import type { Address, Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { prescriptionRecord } from '#chaincode/model/records.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { type Statement, statementOf } from './statement.ts';

/** EIP-712 domain of one deployment of the contract. */
export interface TokenDomain {
  chainId: number;
  verifyingContract: Address;
}

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
}

const types = {
  Attestation: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'state', type: 'uint8' },
    { name: 'version', type: 'uint64' },
    { name: 'ledgerRef', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
} as const;

/** `ledger` must be the organisation's own gateway; the call also names the organisation, so that no other's peer answers. */
export function createNotary(mspId: string, ledger: Pick<LedgerConnection, 'evaluate'>, key: Hex): Notary {
  const account = privateKeyToAccount(key);
  return {
    mspId,
    attest: async (channel, prescriptionId, domain, deadline) => {
      const answer = await ledger.evaluate({
        ...{ channel, contract: 'care', function: 'read', args: [prescriptionId] },
        organisations: [mspId],
      });
      const attestation = { ...statementOf(channel, prescriptionRecord.parse(JSON.parse(answer))), deadline };
      const signature = await account.signTypedData({
        domain: { name: 'Medloom PrescriptionToken', version: '1', ...domain },
        types,
        primaryType: 'Attestation',
        message: attestation,
      });
      return { attestation, notary: account.address, signature };
    },
  };
}
