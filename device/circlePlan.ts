import { fromUtf8 } from '#crypto/bytes.ts';
import type { Member } from '#crypto/circle/member.ts';
import { CryptoError } from '#crypto/errors.ts';
import { openPlan, sealPlan } from '#crypto/telemetry/plan.ts';
import { type SignedPlan, signedPlan } from '#monitoring/plan.ts';
import type { CircleAnswer } from '#server/telemetry/gateway/protocol.ts';
import { requirePlan } from './circleTrust.ts';
import type { MembershipOptions } from './membership.ts';

/** A plan is sealed anew by the first device of a circle, and by each next one so much later, as the first may be away. */
const turnMs = 60_000;

type Options = Pick<MembershipOptions, 'settings' | 'api' | 'record' | 'now'>;

/**
 * The plan that the ledger names, where it is another than the known one and a clinician of the circle has signed it; sealed anew for
 * whoever has come since, where that is this device's turn. Throws a `CryptoError` without the key of that time.
 */
export async function readPlan(
  { settings, api, record, now }: Options,
  member: Member,
  answer: CircleAnswer,
  known: SignedPlan | undefined,
): Promise<SignedPlan | undefined> {
  const { plan: named, circle, patient } = answer;
  if (named === null || circle === null) return known;
  const { generation, epoch, version, cid } = named;
  if (generation !== member.generation || epoch > member.epoch) return known;
  const waited = now().getTime() - Date.parse(circle.since);
  const isMine = epoch < member.epoch && waited >= turnMs * placeAmong(member);
  if (known?.version === version && !isMine) return known;
  const place = { patient, generation, epoch, version };
  const bytes = await openPlan(member.exportKey(epoch), place, await api.block(cid));
  const plan = planIn(bytes);
  if (plan.patient !== patient || plan.version !== version || plan.by !== named.by) {
    throw new CryptoError('ALTERED', 'a plan of somebody else');
  }
  await requirePlan(settings.roots, answer, plan);
  if (isMine) {
    const current = { ...place, epoch: member.epoch };
    const sealed = await sealPlan(member.exportKey(), current, bytes);
    await api.putBlock(patient, sealed.bytes);
    const { contentHash } = sealed;
    await record({ kind: 'telemetry:resealPlan', plan: { ...current, cid: sealed.cid, contentHash } });
  }
  return plan;
}

/** Any member can have sealed these bytes. Throws `ALTERED`. */
function planIn(bytes: Uint8Array): SignedPlan {
  try {
    return signedPlan.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new CryptoError('ALTERED', 'no plan', { cause });
  }
}

/** Which of the circle's devices this is, in an order that all of them know. */
export function placeAmong(member: Member): number {
  const devices = member.leaves().filter(({ subject }) => subject.startsWith('dev-'));
  return devices
    .map(({ leaf }) => leaf)
    .sort()
    .indexOf(member.leaf);
}
