import { Interface } from 'ethers';
import { z } from 'zod';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { readLogs } from './fundEvents.ts';

/** A payment above an insurer's threshold that one person has proposed, and another has not released yet. */
export interface Proposal {
  /** The claim's: 64 hex digits. */
  reference: string;
  /** Of the quote. */
  version: number;
  /** Whose wallet proposed it, in lower case. */
  spender: string;
}

const contract = new Interface(careSettlementAbi);
const proposed = z.object({
  ...{ claim: z.string().toLowerCase(), version: z.bigint().transform(Number), spender: z.string().toLowerCase() },
});
const released = proposed.pick({ claim: true });

/** Topics of proposals and releases of some claims of an insurer, each a filter of `eth_getLogs`. */
export const proposalFilters = (insurer: string, references: readonly string[]) =>
  ['Proposed', 'Released'].map((name) => {
    const event = contract.getEvent(name);
    if (event === null) throw new Error(`the contract tells of no ${name}`);
    const wanted: Record<string, unknown> = { insurer, claim: references.map((reference) => `0x${reference}`) };
    return contract.encodeFilterTopics(
      event,
      event.inputs.map((input) => (input.indexed ? (wanted[input.name] ?? null) : null)),
    );
  });

/** What is still proposed by answers of `eth_getLogs`, the last of each claim. Throws where one is of another shape. */
export function readProposals(answers: readonly unknown[]): Proposal[] {
  const open = new Map<string, Proposal>();
  const logs = answers.flatMap(readLogs).sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  for (const log of logs) {
    const told = contract.parseLog(log);
    const args: unknown = told?.args.toObject();
    if (told?.name === 'Released') open.delete(released.parse(args).claim);
    if (told?.name !== 'Proposed') continue;
    const { claim, ...proposal } = proposed.parse(args);
    open.set(claim, { reference: claim.slice(2), ...proposal });
  }
  return [...open.values()];
}
