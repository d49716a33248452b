import type { Hex } from 'viem';
import type { TokenDomain } from '#contracts/typedData.ts';
import { ConnectorError } from '../errors.ts';
import type { Notary } from './notary.ts';

/** Attestations are asked for a quarter of an hour; clocks differ by some minutes at most. */
const longestSeconds = 20 * 60;

/**
 * A notary as others may ask it. It signs for the deployment in its own settings alone, and attestations that are void soon: that a
 * statement is true does not let whoever asks say where, and until when, it counts. Throws INVALID_ARGUMENT for all else.
 */
export function ownTerms(notary: Notary, own: TokenDomain, now = () => Date.now()): Notary {
  const requireOwn = (chainId: number, contract: Hex) => {
    if (chainId !== own.chainId || contract.toLowerCase() !== own.verifyingContract.toLowerCase())
      throw new ConnectorError('INVALID_ARGUMENT', 'another deployment of the token');
  };
  const ownToken = { chainId: own.chainId, contract: own.verifyingContract };
  return {
    mspId: notary.mspId,
    attest: async (channel, prescriptionId, domain, deadline) => {
      requireOwn(domain.chainId, domain.verifyingContract);
      if (deadline > BigInt(Math.floor(now() / 1000) + longestSeconds))
        throw new ConnectorError('INVALID_ARGUMENT', 'the deadline is too far away');
      return notary.attest(channel, prescriptionId, own, deadline);
    },
    receipt: async (channel, prescriptionId, token) => {
      requireOwn(token.chainId, token.contract);
      return notary.receipt(channel, prescriptionId, ownToken);
    },
    dispenseReceipt: async (channel, prescriptionId, dispenseId, token) => {
      requireOwn(token.chainId, token.contract);
      return notary.dispenseReceipt(channel, prescriptionId, dispenseId, ownToken);
    },
  };
}
