import { z } from 'zod';
import { ConnectorError } from '../errors.ts';
import type { EndorsedCall, EndorsingConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { CaptureRequest } from './schema.ts';

/** What the contract says of an event, as far as it matters here; the rest goes through. */
const outcome = z.looseObject({
  hash: z.string(),
  outcome: z.enum(['accepted', 'refused', 'duplicate']),
  /** Why it is refused; of a duplicate, why it was and would be again. */
  code: z.string().optional(),
});
const answered = z.looseObject({ outcomes: z.array(outcome).max(500) });
export type Outcome = z.infer<typeof outcome>;

export interface CaptureAnswer {
  /** False where a refusal of one event kept all of them from every channel. */
  recorded: boolean;
  /** In the order of the request, each with one outcome for each event in order. */
  parts: { channel: string; outcomes: Outcome[] }[];
}

/**
 * Records events on their channels. With `rollback` every channel's transaction is endorsed before the first is submitted,
 * and none is where an event would be refused: what is endorsed and then valid had exactly these outcomes. Repeating it is
 * safe, since what is recorded answers `duplicate` and changes nothing; so it is repeated while another transaction was first.
 */
export async function capture(
  ledger: EndorsingConnection,
  mode: CaptureRequest['mode'],
  parts: CaptureRequest['parts'],
): Promise<CaptureAnswer> {
  return retryLedger(async () => {
    const endorsed = await Promise.all(parts.map((part) => endorse(ledger, part)));
    const answer = endorsed.map(({ channel, outcomes }) => ({ channel, outcomes }));
    const refused = answer.some(({ outcomes }) => outcomes.some(isRefused));
    if (mode === 'rollback' && refused) return { recorded: false, parts: answer };
    const submitted = await Promise.allSettled(endorsed.map(({ call }) => call.submit()));
    const failed = submitted.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return { recorded: true, parts: answer };
  });
}

const isRefused = ({ outcome: said, code }: Outcome) => said === 'refused' || code !== undefined;

async function endorse(
  ledger: EndorsingConnection,
  { channel, events }: CaptureRequest['parts'][number],
): Promise<{ channel: string; outcomes: Outcome[]; call: EndorsedCall }> {
  const call = await ledger.endorse({ channel, contract: 'supply', function: 'capture', args: [events] });
  const parsed = answered.safeParse(parseJson(call.result));
  if (parsed.success) return { channel, outcomes: parsed.data.outcomes, call };
  throw new ConnectorError('INTERNAL', 'the contract answered something else', { cause: parsed.error });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
