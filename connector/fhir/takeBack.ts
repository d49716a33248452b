import { eventSchema } from '#epcis/event.ts';
import { didNotOccur } from '#epcis/write.ts';
import { capture } from '../systems/capture.ts';
import type { KeptDispense, KeptPrescription } from './kept.ts';
import { FhirRefusal, refusalOf, refuse } from './refusal.ts';
import { noteState } from './runHandOver.ts';
import type { Site } from './site.ts';

/**
 * Takes back a hand-over that does not come to its end, as when the practitioner who began it may not sign any more: the reservation is
 * released, in the name of any who may, then the packs go back into the supply chain, within the days that the law leaves. Each step
 * asks the ledgers what is done already. The reservation is first, so that a dispense under way finds it gone and is refused; from
 * the first step on it is never carried on, since its packs may be back. Refuses with 409 what is recorded, with 422 what cannot go
 * back.
 */
export async function takeBack(
  site: Site,
  kept: KeptPrescription,
  hand: KeptDispense,
  practitioner: string,
): Promise<KeptDispense> {
  const seen = await site.ledger.prescription(kept.id);
  if (seen?.prescription.dispenses.some(({ id }) => id === hand.id)) {
    if (hand.state !== 'done') await noteState(site, kept, hand, 'open');
    throw refuse(409, 'conflict', 'the ledger has recorded it; send the create again, which brings it to its end');
  }
  const undoing = await noteState(site, kept, hand, 'undoing');
  if (seen?.prescription.reservation?.dispenseId === hand.id) {
    const call = { practitioner, function: 'releaseReservation', args: [kept.id, hand.id] } as const;
    await site.delegates.submit(call).catch(async (error: unknown) => {
      // Whoever may not has begun nothing.
      if (refusalOf(error).status === 403) await noteState(site, kept, hand, hand.state);
      throw error;
    });
  }
  for (const { channel, decommission } of hand.chains) await putBack(site, channel, decommission);
  return noteState(site, kept, undoing, 'released');
}

/** Declares that packs did not leave; what never left stays as it is. Nothing is recorded that the ledger would refuse. */
async function putBack(site: Site, channel: string, decommission: string): Promise<void> {
  const event = didNotOccur(eventSchema.parse(JSON.parse(decommission)), new Date());
  const events = JSON.stringify([event]);
  const { parts } = await capture(site.delegates.own, 'rollback', [{ channel, events }]);
  const [refused] = parts
    .flatMap(({ outcomes }) => outcomes)
    .filter(({ outcome, code }) => outcome === 'refused' || code !== undefined);
  if (!refused || refused.code === 'NOT_FOUND') return;
  throw new FhirRefusal(422, [
    {
      ...{ code: 'business-rule', expression: 'MedicationDispense.contained', detail: refused.code ?? 'WRONG_STATE' },
      diagnostics: 'the supply ledger does not take a pack back; nothing is reserved any more',
    },
  ]);
}
