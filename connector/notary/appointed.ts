import { type Hex, keccak256, toHex } from 'viem';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
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

/** Refusal of what a notary said and neither the contract nor a reader would believe. */
export const unusable = ({ mspId }: Notary, cause?: unknown) =>
  new ConnectorError('NOTARIES_DISAGREE', `the notary of ${mspId} signs what nobody would believe`, { cause });
