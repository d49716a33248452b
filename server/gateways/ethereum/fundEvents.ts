import { Interface, Result, ZeroHash } from 'ethers';
import { z } from 'zod';
import { assistanceFundAbi } from '#contracts/abi/assistanceFund.ts';

/** What the fund has told, with the coins that came to it: amounts in the coin's smallest unit, times in Unix seconds. */
export type FundEvent = { at: number } & (
  | { kind: 'given'; donor: string; amount: bigint }
  | { kind: 'granted' | 'paid' | 'ended'; claim: string; amount: bigint }
  /** The rules hold from then on; `period` is their length of a period in seconds. */
  | { kind: 'rules'; period: number }
);

const fund = new Interface(assistanceFundAbi);
const erc20 = new Interface(['event Transfer(address indexed from, address indexed to, uint256 value)']);
const kinds = {
  Given: 'given',
  Granted: 'granted',
  GrantPaid: 'paid',
  GrantEnded: 'ended',
  RulesSet: 'rules',
} as const;
type Name = keyof typeof kinds;
const topicOf = (abi: Interface, name: string) => abi.getEvent(name)?.topicHash ?? '';
const isName = (name: string): name is Name => Object.hasOwn(kinds, name);

export const fundTopics = Object.keys(kinds).map((name) => topicOf(fund, name));
export const transferTopic = topicOf(erc20, 'Transfer');
/** Of whom the contract was told to let set the rules. */
export const adminTopics = fund.encodeFilterTopics('RoleGranted', [ZeroHash]);

const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,13}$/)
  .transform(Number);
const logsShape = z.array(
  z.object({
    topics: z.array(z.string().regex(/^0x[0-9a-fA-F]{64}$/)).max(4),
    data: z.string().regex(/^0x[0-9a-fA-F]*$/),
    transactionHash: z.string(),
    logIndex: quantity,
    blockNumber: quantity,
    /** Newer nodes say it with each log. */
    blockTimestamp: quantity.optional(),
    removed: z.boolean().optional(),
  }),
);
export type FundLog = z.output<typeof logsShape>[number];
const money = z.object({ claim: z.string().optional(), amount: z.bigint() });
const appointment = z.object({ account: z.string().toLowerCase() });
const setting = z.object({
  rules: z.instanceof(Result).transform((rules) => z.object({ period: z.bigint() }).parse(rules.toObject())),
});
const transfer = z.object({ from: z.string().toLowerCase(), value: z.bigint() });

/** The answer of `eth_getLogs`. Throws where it is of another shape. */
export const readLogs = (answer: unknown): FundLog[] =>
  logsShape.parse(answer).filter(({ removed }) => removed !== true);

/** Who was let set the rules at any time, by the answer of `eth_getLogs`, each once. Throws where it is of another shape. */
export const readAppointed = (answer: unknown): string[] => [
  ...new Set(readLogs(answer).map((log) => appointment.parse(fund.parseLog(log)?.args.toObject()).account)),
];

/** The fund's logs as events. `transfers`: of its coin to it, which say who gave; `timeOf`: of a block. */
export async function readFundEvents(
  logs: readonly FundLog[],
  transfers: readonly FundLog[],
  timeOf: (block: number) => Promise<number>,
): Promise<FundEvent[]> {
  const found: FundEvent[] = [];
  for (const log of logs) {
    const parsed = fund.parseLog(log);
    if (parsed === null || !isName(parsed.name)) continue;
    const at = log.blockTimestamp ?? (await timeOf(log.blockNumber));
    const kind = kinds[parsed.name];
    const told = parsed.args.toObject();
    if (kind === 'rules') {
      found.push({ at, kind, period: Number(setting.parse(told).rules.period) });
      continue;
    }
    const { claim, amount } = money.parse(told);
    if (kind === 'given') found.push({ at, kind, donor: donorOf(log, transfers), amount });
    else found.push({ at, kind, claim: z.string().parse(claim), amount });
  }
  return found;
}

/** A gift's coins come in the same transaction, next after what the fund tells of it. */
function donorOf({ transactionHash, logIndex }: FundLog, transfers: readonly FundLog[]): string {
  const own = transfers.find((each) => each.transactionHash === transactionHash && each.logIndex > logIndex);
  const parsed = own === undefined ? null : erc20.parseLog(own);
  return transfer.parse(parsed?.args.toObject()).from;
}
