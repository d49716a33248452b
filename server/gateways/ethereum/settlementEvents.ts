import { Interface } from 'ethers';
import { z } from 'zod';
import { type Payer, payers } from '#chaincode/model/claim.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';

/** Where an event stands on the chain; hashes and addresses in lower case. */
export interface Place {
  chainId: number;
  contract: string;
  transactionHash: string;
  logIndex: number;
  blockNumber: number;
  blockHash: string;
}

/** Money that moved for a claim. */
export interface SettlementPayment extends Place {
  kind: 'payment' | 'refund';
  /** 64 hex digits, as on `claims`. */
  reference: string;
  payer: Payer;
  /** Who paid; the contract itself where it came from an insurer's account there. */
  from: string;
  /** keccak-256 of institutions' ids. */
  payee: string;
  insurer: string;
  /** Zero address for ether. */
  coin: string;
  /** In the coin's smallest unit. */
  amount: bigint;
}

export interface SettlementReversal extends Place {
  kind: 'reversal';
  reference: string;
  insurer: string;
}

export type SettlementEvent = SettlementPayment | SettlementReversal;

const contract = new Interface(careSettlementAbi);
const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,13}$/)
  .transform(Number);
const hash = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .toLowerCase();
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .toLowerCase();
const logShape = z.object({
  address,
  topics: z.array(hash).max(4),
  data: z.string().regex(/^0x[0-9a-fA-F]*$/),
  transactionHash: hash,
  logIndex: quantity,
  blockNumber: quantity,
  blockHash: hash,
  removed: z.boolean().optional(),
});
const moved = z.object({
  claim: hash,
  kind: z.bigint().transform((kind) => z.enum(payers).parse(payers[Number(kind)])),
  payer: address,
  payee: hash,
  coin: address,
  amount: z.bigint(),
  insurer: hash,
});
const reversed = z.object({ claim: hash, insurer: hash });
const kinds = { Paid: 'payment', Refunded: 'refund' } as const;

/** The topics of what is read; all else of the contract moves nothing between payers and payees. */
export const settlementTopics = ['Paid', 'Refunded', 'Reversed'].map(
  (name) => contract.getEvent(name)?.topicHash ?? '',
);

/** Reads the answer of `eth_getLogs`. Throws where it is of another shape, since nothing may be passed over. */
export function readSettlementEvents(chainId: number, answer: unknown): SettlementEvent[] {
  return z
    .array(logShape)
    .parse(answer)
    .filter(({ removed }) => removed !== true)
    .flatMap((log): SettlementEvent[] => {
      const parsed = contract.parseLog(log);
      if (parsed === null) return [];
      const { address: at, transactionHash, logIndex, blockNumber, blockHash } = log;
      const place: Place = { chainId, contract: at, transactionHash, logIndex, blockNumber, blockHash };
      const args: unknown = parsed.args.toObject();
      if (parsed.name === 'Reversed') {
        const { claim, insurer } = reversed.parse(args);
        return [{ ...place, kind: 'reversal' as const, reference: claim.slice(2), insurer }];
      }
      if (parsed.name !== 'Paid' && parsed.name !== 'Refunded') return [];
      const { claim, kind, payer, ...money } = moved.parse(args);
      return [{ ...place, kind: kinds[parsed.name], reference: claim.slice(2), payer: kind, from: payer, ...money }];
    });
}
