import type { KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import { requireFew } from './search.ts';
import type { Site } from './site.ts';

/** What the connector remembers of what the ledger says of a prescription. */

/**
 * Access codes are forgotten when they are of no more use: the author's when somebody has accepted it or the patient has changed it,
 * the holder's when the hold is over. How a prescription has ended is written down, since that never changes.
 */
export async function learn(site: Site, kept: KeptPrescription, seen: Seen): Promise<KeptPrescription> {
  const { version, holder, state } = seen.prescription;
  const holds = holder?.institutionId === site.institution.id;
  const isSpent = { author: version > 1, holder: !holds }[kept.part];
  const hasEnded = state === 'completed' || state === 'cancelled';
  const isNew = (isSpent && kept.code) || (!holds && kept.held?.code) || (hasEnded && !kept.ended);
  if (!isNew) return kept;
  const changed = await site.kept.change(kept.id, (now) => {
    // Another took it on since the ledger was asked: that code is new.
    if (now !== kept) return now;
    const { code, held, ...rest } = kept;
    const { code: heldCode, ...holding } = held ?? { practitioner: '', client: '' };
    return {
      ...rest,
      ...(code !== undefined && !isSpent && { code }),
      ...(held && { held: { ...holding, ...(heldCode !== undefined && holds && { code: heldCode }) } }),
      ...(hasEnded && { ended: seen }),
    };
  });
  return changed ?? kept;
}

/**
 * What the ledger says of these, without those that it does not know; it is not asked for what has ended, and for so many of the
 * others at most that one search burdens nobody: 422.
 * @param narrower what makes them fewer
 */
export async function seenOf(
  site: Site,
  kept: readonly KeptPrescription[],
  narrower: string,
): Promise<Map<string, Seen>> {
  const open = kept.filter(({ ended }) => !ended);
  requireFew(open.length, narrower);
  const asked = new Map(
    (await site.ledger.prescriptions(open.map(({ id }) => id))).map((one) => [one.prescription.id, one]),
  );
  const found = new Map<string, Seen>();
  for (const one of kept) {
    const seen = one.ended ?? asked.get(one.id);
    if (!seen) continue;
    found.set(one.id, seen);
    await learn(site, one, seen);
  }
  return found;
}
