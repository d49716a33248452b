import { Interface } from 'ethers';
import { z } from 'zod';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { AppError } from '#server/errors.ts';
import type { RpcRefusal } from './rpc.ts';

/** A refusal has four bytes of its own, whichever contract's it is. */
const contracts = [prescriptionTokenAbi, careSettlementAbi, assistanceFundAbi].map((abi) => new Interface(abi));
const errorName = (data: string): string | undefined =>
  contracts.map((contract) => contract.parseError(data)?.name).find((name) => name !== undefined);
/** What nodes put beside a revert: its data, that data in an object, or after a word (`Reverted 0x…`). */
const revertData = z.preprocess(
  (data) => (typeof data === 'object' && data !== null && 'data' in data ? data.data : data),
  z.string().regex(/^(Reverted )?0x[0-9a-fA-F]*$/),
);

/** Code of a revert in JSON-RPC (Ethereum's execution-apis). */
const revertedCode = 3;
const tooMuchGas = /exceeds block gas limit|gas required exceeds|gas limit (is )?too high|oversized data/i;

/**
 * What the answer of a node means. WRONG_STATE, with the name of the contract's error where it has one, only where the contract itself
 * refuses; TOO_LARGE where it needs more gas than a block or the node gives; all else is the node's own (no ether, a full pool, too low
 * a fee, too many calls) and says nothing about what was sent: ETHEREUM_UNAVAILABLE.
 */
export function refusalOf(refusal: RpcRefusal): AppError {
  const data = revertData.safeParse(refusal.data).data ?? '';
  const [hex = ''] = data.match(/0x.*/) ?? [];
  const name = hex.length >= 10 ? errorName(hex) : undefined;
  if (name !== undefined) return new AppError('WRONG_STATE', name, { cause: refusal });
  if (tooMuchGas.test(refusal.message)) return new AppError('TOO_LARGE', refusal.message, { cause: refusal });
  const reverted = refusal.code === revertedCode || /\brevert(ed)?\b/i.test(`${refusal.message} ${data}`);
  return new AppError(reverted ? 'WRONG_STATE' : 'ETHEREUM_UNAVAILABLE', refusal.message, { cause: refusal });
}
