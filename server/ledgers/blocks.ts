import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';

const deadlineMs = 5_000;

/**
 * A block of a supply channel as its peers keep it (`common.Block`), for who wants to check it. Only these channels' blocks say
 * nothing of patients. Throws FORBIDDEN, NOT_FOUND.
 */
export async function readSupplyBlock(
  actor: Actor,
  { channel, number }: { channel: string; number: number },
  portal: Portal = thePortal(),
): Promise<Uint8Array> {
  if (actor.role !== 'regulator') throw new AppError('FORBIDDEN', `${actor.role} may not read blocks`);
  const { ledger } = portal;
  if (!ledger.channels().includes(channel) || ledger.kindOf(channel) !== 'supply') {
    throw new AppError('NOT_FOUND', `${channel} is no supply channel`);
  }
  if (number >= (await ledger.height(channel, deadlineMs))) throw new AppError('NOT_FOUND', `${channel} ${number}`);
  return ledger.evaluate({ channel, contract: 'qscc', function: 'GetBlockByNumber', args: [channel, String(number)] });
}
