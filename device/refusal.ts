import { earliestReading } from '#chaincode/model/telemetry.ts';
import { unpackContent } from './content.ts';
import type { RefusedFrame } from './delivery.ts';
import type { Lane, Outbox } from './outbox.ts';
import type { Recorder } from './recorder.ts';

/** The gateway takes nothing more of the stream, or not this frame of it: what waits goes on in another stream. */
const curable: readonly string[] = ['STALE_EPOCH', 'GAP', 'REPLAY', 'STREAM_CLOSED'];
/** Nobody will ever take this frame. */
const incurable: readonly string[] = ['MALFORMED', 'TOO_LARGE', 'SIGNATURE_INVALID'];
/** A clock that is wrong by less will have been right when this time has passed. */
const mostAheadMs = 24 * 3_600_000;

/**
 * What becomes of a frame that the gateway did not take: what waits goes on in another stream, without what nobody will ever take.
 * `later` where it may be taken another time as it is.
 */
export async function resealRefused(
  { outbox, recorder }: { outbox: Outbox; recorder: Recorder },
  lane: Lane,
  refusal: RefusedFrame,
): Promise<'again' | 'later'> {
  const { code, number } = refusal;
  const without = incurable.includes(code) || isOutOfTime(outbox, lane, refusal) ? number : undefined;
  if (without === undefined && !curable.includes(code)) return 'later';
  return (await recorder.reseal(lane, without)) ? 'again' : 'later';
}

/** Of a clock that was set wrong: from before there were such devices, or days ahead of the gateway's. */
function isOutOfTime(outbox: Outbox, lane: Lane, { code, number, at }: RefusedFrame): boolean {
  const frame = outbox.lane(lane).waiting.find((one) => one.number === number);
  if (code !== 'BAD_TIME' || at === undefined || frame === undefined) return false;
  const { from, to } = unpackContent(frame.content);
  return from < Date.parse(earliestReading) || to - at > mostAheadMs;
}
