import { Interface } from 'ethers';
import { z } from 'zod';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { readLogs } from './fundEvents.ts';

const contract = new Interface(careSettlementAbi);
const told = z.object({ account: z.string().toLowerCase(), spends: z.boolean(), releases: z.boolean() });

/** Topics of what an insurer's treasurer has let accounts do, for `eth_getLogs`. */
export const rightsFilter = (insurer: string) => contract.encodeFilterTopics('RightsSet', [insurer]);

/** Who was let do something last, by the answer of `eth_getLogs`; the first first. Throws where it is of another shape. */
export function readRightHolders(answer: unknown): string[] {
  const holders = new Set<string>();
  const logs = readLogs(answer).sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  for (const log of logs) {
    const { account, spends, releases } = told.parse(contract.parseLog(log)?.args.toObject());
    if (spends || releases) holders.add(account);
    else holders.delete(account);
  }
  return [...holders];
}
