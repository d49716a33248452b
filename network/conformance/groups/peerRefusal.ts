import type { Contract, ProposalOptions } from '@hyperledger/fabric-gateway';
import { gatewayError } from '../../devnet/testing/client.ts';

/** How an error of the peer begins that the chaincode hands on. */
export const failed = (request: string) => `chaincode response 500, ${request} failed: transaction ID: <txid>: `;

/** What an evaluation is refused with, without the transaction's id. */
export async function peerRefusal(
  contract: Contract,
  name: string,
  options: ProposalOptions,
): Promise<string | undefined> {
  const { details } = await gatewayError(contract.evaluate(name, options));
  return details[0]?.message.replace(/\b[0-9a-f]{64}\b/g, '<txid>');
}
