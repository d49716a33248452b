import { isSeated } from '#chaincode/model/circle.ts';
import { epochStatement } from '#chaincode/model/statements.ts';
import { checkCertificate, type Root } from '#crypto/certificate.ts';
import { type Authenticate, type Standing, standingAuthentication } from '#crypto/circle/standing.ts';
import { CryptoError } from '#crypto/errors.ts';
import { requireSigned } from '#crypto/statement.ts';
import { type Frame, signedBytes } from '#crypto/telemetry/frame.ts';
import { keyVerifier } from '#crypto/telemetry/signature.ts';
import { planStatement, type SignedPlan } from '#monitoring/plan.ts';
import type { CircleAnswer } from '#server/telemetry/gateway/protocol.ts';

/** What a device believes of those in its circle: what the gateway told of the ledgers, and certificates down to its own roots. */

const never = new Date(0).toISOString();

/** The circle's authentication service over the newest answer of the gateway. */
export function authenticateBy(
  roots: readonly Root[],
  answer: () => CircleAnswer | undefined,
  now: () => Date,
): Authenticate {
  return standingAuthentication({
    roots,
    now,
    standingOf: async (subject) => standingOf(answer(), subject, now()),
  });
}

function standingOf(answer: CircleAnswer | undefined, subject: string, at: Date): Standing | undefined {
  const known = answer?.subjects.find((one) => one.subject === subject);
  if (answer === undefined || known?.signingKeyHash === undefined) return undefined;
  const active = known.status === 'active' || known.status === 'expired';
  const seat = answer.seats.find((one) => one.subject === subject);
  const { until } = seat ?? {};
  return {
    ...{ signingKeyHash: known.signingKeyHash, active },
    ...(known.status === 'expired' && { licence: { validFrom: never, validTo: never } }),
    seat: subject.startsWith('pt-')
      ? 'owner'
      : isSeated(seat, at)
        ? { ...(until !== undefined && { until }) }
        : undefined,
  };
}

/** Throws `SIGNATURE_FOREIGN` unless the clinician who is named signed the plan, by a certificate down to a pinned root. */
export async function requirePlan(roots: readonly Root[], answer: CircleAnswer, plan: SignedPlan): Promise<void> {
  const { signature, ...said } = plan;
  await requireSigned(await keysOf(roots, answer, plan.by), planStatement(said), signature, plan.by);
}

/** Throws `SIGNATURE_FOREIGN` unless the patient, or who acts for the patient, began the epoch of `results`. */
export async function requireResults(roots: readonly Root[], answer: CircleAnswer): Promise<void> {
  const { results, patient } = answer;
  if (results === null) return;
  const { by, at: _, signature, ...begun } = results;
  await requireSigned(await keysOf(roots, answer, by), epochStatement(patient, by, begun), signature, by);
}

/** Throws `FRAME_FOREIGN` unless the device that is named in a frame signed it, by a certificate down to a pinned root. */
export async function requireFrame(roots: readonly Root[], answer: CircleAnswer, frame: Frame): Promise<void> {
  for (const key of await keysOf(roots, answer, frame.d)) {
    if (await keyVerifier(key)(signedBytes(frame), frame.q)) return;
  }
  throw new CryptoError('FRAME_FOREIGN', frame.d);
}

/** Present and former keys of a subject. */
async function keysOf(roots: readonly Root[], answer: CircleAnswer, subject: string): Promise<CryptoKey[]> {
  const keys: CryptoKey[] = [];
  for (const pem of answer.subjects.find((one) => one.subject === subject)?.certificates ?? []) {
    const holder = await checkCertificate(pem, roots).catch((error: unknown) => {
      // One that does not come from a root is nobody's.
      if (error instanceof CryptoError) return undefined;
      throw error;
    });
    if (holder?.subject === subject) keys.push(holder.publicKey);
  }
  return keys;
}
