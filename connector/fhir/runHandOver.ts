import { pickupTransientField } from '#chaincode/model/prescriptionTerms.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { ConnectorError } from '../errors.ts';
import { capture } from '../systems/capture.ts';
import type { KeptDispense, KeptPrescription } from './kept.ts';
import { FhirRefusal, refusalOf } from './refusal.ts';
import type { Site } from './site.ts';

/**
 * Carries a hand-over to its end: reserve on care, take the packs out of the supply ledgers, record the dispense, hand over. Each
 * step asks the ledgers what is done already, so that it goes on after a restart or a lost answer, and does nothing twice. Where a
 * supply ledger refuses a pack, the reservation is given back; what cannot come to its end is taken back (`takeBack.ts`).
 */
export async function runHandOver(site: Site, kept: KeptPrescription, hand: KeptDispense): Promise<KeptDispense> {
  const { practitioner, id } = hand;
  /** The first of the steps proves who fetches it. */
  const pickup: Record<string, Uint8Array> =
    hand.pickupKey === undefined ? {} : { [pickupTransientField]: fromBase64Url(hand.pickupKey) };
  const submit = (name: string, argument: string, transient: Record<string, Uint8Array> = {}) =>
    site.delegates.submit({ practitioner, function: name, args: [kept.id, argument], transient });
  const now = async () => {
    const seen = await site.ledger.prescription(kept.id);
    if (!seen) throw new ConnectorError('NOT_FOUND', `the ledger has no ${kept.id}`);
    return {
      recorded: seen.prescription.dispenses.some((one) => one.id === id),
      reserved: seen.prescription.reservation?.dispenseId === id,
    };
  };
  const { recorded, reserved } = await now();
  if (!recorded) {
    if (hand.reserve !== undefined && !reserved) await submit('reserve', hand.reserve, pickup);
    const refused = await takeOut(site, hand);
    if (refused) {
      await submit('releaseReservation', id);
      await noteState(site, kept, hand, 'released');
      throw new FhirRefusal(422, [
        {
          ...{ code: 'business-rule', expression: 'MedicationDispense.contained', detail: refused },
          diagnostics: 'the supply ledger refuses a pack; nothing was handed over',
        },
      ]);
    }
    await site.documents.add(fromBase64Url(hand.envelope));
    try {
      await submit('dispense', hand.dispense, hand.reserve === undefined ? pickup : {});
    } catch (error) {
      throw withWayOut(error, id);
    }
  }
  for (const { channel, handOver } of hand.chains) {
    await capture(site.delegates.own, 'proceed', [{ channel, events: `[${handOver}]` }]);
  }
  return noteState(site, kept, hand, 'done');
}

/** What is refused at its last step leaves packs out and units reserved: whoever asked reads how that is undone. */
function withWayOut(error: unknown, id: string): FhirRefusal {
  const { status, issues, headers } = refusalOf(error);
  if (status >= 500) return new FhirRefusal(status, issues, { headers, cause: error });
  const diagnostics = `it is not at its end: send it again, or take it back by an update of MedicationDispense/${id} to cancelled`;
  return new FhirRefusal(status, [...issues, { code: 'business-rule', diagnostics }], { headers, cause: error });
}

/** Writes down how far a hand-over is. The key of a pickup's code is needed no more from then on. */
export async function noteState(
  site: Site,
  kept: KeptPrescription,
  { pickupKey: _, ...hand }: KeptDispense,
  state: KeptDispense['state'],
): Promise<KeptDispense> {
  const changed = { ...hand, state };
  await site.kept.change(kept.id, (now = kept) => {
    const at = now.dispenses.findIndex(({ id }) => id === hand.id);
    return { ...now, dispenses: at < 0 ? [...now.dispenses, changed] : now.dispenses.with(at, changed) };
  });
  return changed;
}

/** The code of a pack's refusal; undefined where all are out, now or before. On several channels it is all or none. */
async function takeOut(site: Site, { chains }: KeptDispense): Promise<string | undefined> {
  if (chains.length === 0) return undefined;
  const parts = chains.map(({ channel, decommission }) => ({ channel, events: `[${decommission}]` }));
  const { parts: answered } = await capture(site.delegates.own, 'rollback', parts);
  const outcomes = answered.flatMap((part) => part.outcomes);
  const refused = outcomes.find(({ outcome, code }) => outcome === 'refused' || code !== undefined);
  return refused && (refused.code ?? 'WRONG_STATE');
}
