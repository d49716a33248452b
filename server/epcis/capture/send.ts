import { AppError, type ErrorCode } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { CaptureReply } from '../../gateways/connector/connector.ts';
import type { PartOutcome } from '../../gateways/db/schema/epcis.ts';
import type { Job, Mode } from './jobs.ts';
import type { Piece } from './plan.ts';

/** What became of pieces, in their order; nothing where a refusal beside them kept them from the ledger. */
export interface Sent {
  recorded: boolean;
  outcomes: (PartOutcome | undefined)[];
}

/** Refusals of a whole call that another try would meet again. */
const lasting: readonly ErrorCode[] = [
  'INVALID_ARGUMENT',
  'NOT_AUTHORISED',
  'NOT_REGISTERED',
  'NOT_FOUND',
  'NOT_SERVED',
  'SUSPENDED',
  'CONNECTOR_REFUSED',
];

/**
 * Has pieces recorded, each channel's in one transaction. Throws what passes by itself; a refusal of the whole call is that of each
 * piece, and with `proceed` is narrowed down to the pieces that bring it about.
 */
export async function send(
  portal: Pick<Portal, 'connector'>,
  job: Pick<Job, 'mspId' | 'systemId'>,
  mode: Mode,
  pieces: readonly Piece[],
): Promise<Sent> {
  try {
    return await sendOnce(portal, job, mode, pieces);
  } catch (error) {
    if (!(error instanceof AppError) || !lasting.includes(error.code)) throw error;
    if (mode === 'proceed' && pieces.length > 1) {
      const half = Math.ceil(pieces.length / 2);
      const first = await send(portal, job, mode, pieces.slice(0, half));
      const second = await send(portal, job, mode, pieces.slice(half));
      return { recorded: true, outcomes: [...first.outcomes, ...second.outcomes] };
    }
    const { code, user } = error;
    return {
      recorded: false,
      outcomes: pieces.map(({ channel }) => ({ channel, hash: '', outcome: 'refused', code, detail: user.message })),
    };
  }
}

async function sendOnce(
  portal: Pick<Portal, 'connector'>,
  { mspId, systemId }: Pick<Job, 'mspId' | 'systemId'>,
  mode: Mode,
  pieces: readonly Piece[],
): Promise<Sent> {
  const channels = [...new Set(pieces.map(({ channel }) => channel))];
  const parts = channels.map((channel) => ({
    channel,
    events: `[${pieces.filter((piece) => piece.channel === channel).map(({ text }) => text)}]`,
  }));
  const reply = await portal.connector.capture({ mspId, system: systemId, mode, parts });
  const said = new Map(reply.parts.map(({ channel, outcomes }) => [channel, outcomes[Symbol.iterator]()]));
  const outcomes: Sent['outcomes'] = [];
  for (const { channel } of pieces) {
    const next = said.get(channel)?.next();
    if (next === undefined || next.done) throw new AppError('CONNECTOR_UNAVAILABLE', 'an outcome is missing');
    outcomes.push(outcomeOf(reply.recorded, channel, next.value));
  }
  return { recorded: reply.recorded, outcomes };
}

type Said = CaptureReply['parts'][number]['outcomes'][number];

/** A duplicate is of an accepted event, unless it says why it was refused and would be again. */
function outcomeOf(recorded: boolean, channel: string, { hash, outcome, code, detail }: Said): PartOutcome | undefined {
  const isRefused = outcome === 'refused' || code !== undefined;
  if (outcome === 'accepted' && !recorded) return undefined;
  const why = { ...(code && { code }), ...(detail && { detail }) };
  return { channel, hash, outcome: isRefused ? 'refused' : 'accepted', ...why };
}
