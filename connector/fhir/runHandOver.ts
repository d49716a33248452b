import { pickupTransientField } from '#chaincode/model/prescriptionTerms.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { ConnectorError } from '../errors.ts';
import { capture } from '../systems/capture.ts';
import type { KeptDispense, KeptPrescription } from './kept.ts';
import { FhirRefusal } from './refusal.ts';
import type { Site } from './site.ts';

/**
 * Carries a hand-over to its end: reserve on care, take the packs out of the supply ledgers, record the dispense, hand over. Each
 * step asks the ledgers what is done already, so that it goes on after a restart or a lost answer, and does nothing twice. Where a
 * supply ledger refuses a pack, the reservation is given back.
 */
export async function runHandOver(site: Site, kept: KeptPrescription, hand: KeptDispense): Promise<KeptDispense> {
  const { practitioner, id } = hand;
  /** The first of the steps proves who fetches it. */
  const pickup: Record<string, Uint8Array> =
    hand.pickupKey === undefined ? {} : { [pickupTransientField]: fromBase64Url(hand.pickupKey) };
  const submit = (name: string, argument: string, transient: Record<string, Uint8Array> = {}) =>
    site.delegates.submit({ practitioner, function: name, args: [kept.id, argument], transient });
  const note = async (state: KeptDispense['state']) => {
    const { pickupKey: _, ...rest } = hand;
    const changed = { ...rest, state };
    const others = (site.kept.find(kept.id) ?? kept).dispenses.filter((one) => one.id !== id);
    await site.kept.put({ ...(site.kept.find(kept.id) ?? kept), dispenses: [...others, changed] });
    return changed;
  };
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
      await note('released');
      throw new FhirRefusal(422, [
        {
          ...{ code: 'business-rule', expression: 'MedicationDispense.contained', detail: refused },
          diagnostics: 'the supply ledger refuses a pack; nothing was handed over',
        },
      ]);
    }
    await site.documents.add(fromBase64Url(hand.envelope));
    await submit('dispense', hand.dispense, hand.reserve === undefined ? pickup : {});
  }
  for (const { channel, handOver } of hand.chains) {
    await capture(site.delegates.own, 'proceed', [{ channel, events: `[${handOver}]` }]);
  }
  return note('done');
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
