import { earliestReading } from '#chaincode/model/telemetry.ts';
import { toHex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { decodeFrame, type Frame, frameHashHex, maximumFrame, signedBytes } from '#crypto/telemetry/frame.ts';
import type { FrameVerifier } from '#crypto/telemetry/signature.ts';
import type { CircleBook } from './circleBook.ts';
import { skewedMs } from './figures.ts';
import type { Refusal } from './protocol.ts';
import type { CheckedFrame } from './writer.ts';

/** A device that is connected, or in whose name a broker brings something. */
export interface Sender {
  id: string;
  /** Hex SHA-256 of the key's DER SubjectPublicKeyInfo, as the registry names it. */
  signingKeyHash: string;
  /** Checks signatures by the key that the registry has of it. */
  verify: FrameVerifier;
}

const earliestMs = Date.parse(earliestReading);

/** Checks a frame that came at a time (Unix ms, and `performance.now()`) in all but its number. What the ledger would refuse of it is refused here, before it is acknowledged. */
export async function checkFrame(
  bytes: Uint8Array,
  { id, verify }: Sender,
  book: CircleBook,
  came: { now: number; since: number },
): Promise<CheckedFrame | Refusal> {
  if (bytes.length > maximumFrame) return { code: 'TOO_LARGE' };
  const frame = readFrame(bytes);
  if (frame === undefined) return { code: 'MALFORMED' };
  const { p: patient, d: device, s, n: number, g: generation, e: epoch, k: kind, c, f, t, a, q } = frame;
  const stream = toHex(s);
  const refused = (code: Refusal['code']): Refusal => ({ code, stream, number });
  if (device !== id) return refused('WRONG_DEVICE');
  if (!(await verify(signedBytes(frame), q))) return refused('SIGNATURE_INVALID');
  if (f < earliestMs || t > came.now + skewedMs) return refused('BAD_TIME');
  const channel = `care-${patient.split('-')[1]}`;
  if (a !== undefined && a.id.split('-')[1] !== patient.split('-')[1]) return refused('MALFORMED');
  const fault = await book.judge({ patient, device, generation, epoch, to: t }, came.since);
  if (fault !== undefined) return refused(fault);
  return {
    ...{ channel, patient, device, stream, number, generation, epoch, kind },
    readings: kind === 'readings' ? c : 0,
    ...{ from: new Date(f), to: new Date(t), hash: frameHashHex(frame), bytes: Buffer.from(bytes) },
    alert: a ?? null,
  };
}

export const isRefusal = (said: CheckedFrame | Refusal): said is Refusal => 'code' in said;

function readFrame(bytes: Uint8Array): Frame | undefined {
  try {
    return decodeFrame(bytes);
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}
