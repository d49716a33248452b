import { z } from 'zod';

/** What a wallet needs of a chain: reading, estimating, and sending what it has signed itself. */
const allowedMethods: readonly string[] = [
  'eth_chainId',
  'net_version',
  'eth_blockNumber',
  'eth_getBalance',
  'eth_getTransactionCount',
  'eth_getCode',
  'eth_call',
  'eth_estimateGas',
  'eth_gasPrice',
  'eth_maxPriorityFeePerGas',
  'eth_feeHistory',
  'eth_getBlockByNumber',
  'eth_getBlockByHash',
  'eth_getTransactionByHash',
  // How a wallet's owner who sped a transaction up, or cancelled it, is told so.
  'eth_getTransactionBySenderAndNonce',
  'eth_getTransactionReceipt',
  'eth_sendRawTransaction',
];

/** Whether a call is passed on; a wallet is told that there are no others. */
export const isPassedOn = (method: string): boolean => allowedMethods.includes(method);

const request = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.int(), z.string().max(64), z.null()]),
  method: z.string().max(64),
  params: z.array(z.unknown()).max(8).default([]),
});
export type RpcRequest = z.infer<typeof request>;

/** One call or a batch of at most twenty. */
export const rpcBody = z.union([request, z.array(request).min(1).max(20)]);

/** What a wallet in the page needs to know of the portal's chain. */
export interface WalletChain {
  chainId: number;
  /** The prescription token's contract, with checksum. */
  tokenAddress: string;
  /** Where claims are paid, the fund that helps patients, and the token in which both are; with checksum. */
  payments: { settlement: string; fund: string; coin: string };
}
