import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { newPacksSalt, packsHashOf } from '#crypto/packs.ts';
import { pickupKeyOf } from '#crypto/pickup.ts';
import { sealDispense } from '#crypto/prescription.ts';
import { decommissioned, dispensed } from '#epcis/write.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { buildMedicationDispense, type DispensedPack } from '#fhir/medicationDispense.ts';
import { type MedicationRequest, medicationRequest } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import type { Interchange } from '#formulary/interchange.ts';
import { findProduct, findProductByGtin, packSize } from '#formulary/products.ts';
import { substitutionOf } from '#formulary/substitution.ts';
import type { HandOver } from './handOver.ts';
import { readExactly, unprocessable } from './inbound.ts';
import type { KeptDispense, KeptPrescription } from './kept.ts';
import { countedIn } from './quantities.ts';
import { isNamed } from './searchValues.ts';
import type { Site } from './site.ts';
import { namesOf } from './visible.ts';

/** What of a hand-over goes to which ledger. */

/** All that is signed of a hand-over, made once: sent again it is the same, whatever was done of it. */
export async function planHandOver(
  site: Site,
  kept: KeptPrescription,
  prescription: Prescription,
  hand: HandOver,
): Promise<KeptDispense> {
  const request = medicationRequest.parse(JSON.parse(kept.document));
  requirePatient(kept, hand);
  const substitute = productOf(request, hand, await site.ledger.interchange(site.institution.id));
  const quantity = quantityOf(hand, request.dispenseRequest.quantity.unit);
  const id = newIdentifier('disp');
  const salt = newPacksSalt();
  const document = encodeResource(
    buildMedicationDispense({
      ...{ id, request, quantity, handedOver: hand.handedOver },
      fillComplete: quantity >= prescription.left || quantity % prescription.quantity === 0,
      performer: { id: hand.practitioner, name: hand.performer, institution: site.institution.name },
      ...(substitute && { substitution: substitute }),
      ...(hand.note !== undefined && { note: hand.note }),
      ...(hand.packs.length > 0 && { packs: { salt, scanned: hand.packs } }),
      ...(hand.withoutSerial !== undefined && { withoutSerial: hand.withoutSerial }),
    }),
  );
  const sealed = await sealDispense(fromBase64Url(kept.dataKey), { id, author: hand.practitioner }, document);
  const { cid, contentHash, bytes } = sealed;
  const links = hand.packs.map(({ link }) => link);
  const handedTo = hand.pickup && { handedTo: hand.pickup.kind };
  const dataKey = fromBase64Url(kept.dataKey);
  return {
    ...{ id, practitioner: hand.practitioner, identifiers: hand.identifiers, state: 'open' },
    document: fromUtf8(document),
    envelope: toBase64Url(bytes),
    ...(links.length > 0 && {
      reserve: canonicalJson({
        dispenseId: id,
        quantity,
        packs: links.length,
        packsHash: packsHashOf(id, salt, links),
        ...handedTo,
      }),
    }),
    dispense: canonicalJson({
      ...{ id, quantity, cid, contentHash },
      ...(substitute && { substitution: { reason: substitute.reason } }),
      ...(links.length === 0 && { withoutPacks: 'noSerial' }),
      ...handedTo,
    }),
    ...(hand.pickup && { pickupKey: toBase64Url(pickupKeyOf(dataKey, kept.id, hand.pickup.code)) }),
    chains: await chainsOf(site, hand),
  };
}

/** It is for the patient of the prescription. */
function requirePatient(kept: KeptPrescription, { patient }: HandOver): void {
  if (patient === undefined) return;
  const { system, value } = patient;
  if (isNamed(namesOf(kept).patient, system === undefined ? value : `${system}|${value}`)) return;
  throw unprocessable('MedicationDispense.subject', 'is not the patient of the prescription', 'business-rule');
}

/**
 * The product that is handed over, where it is not the prescribed one: that of the packs or, without any, the one that is named.
 * Refuses what the rules of substitution do, and what contradicts itself.
 */
function productOf(request: MedicationRequest, { packs, reason, medicine }: HandOver, lists: Interchange) {
  const at = 'MedicationDispense.medicationCodeableConcept';
  const prescribed = findProduct(codeOf(request.medicationCodeableConcept, systems.product) ?? '');
  const named = medicine.flatMap(({ system, code = '' }) => {
    if (system === systems.product) return [findProduct(code)];
    return system === systems.gtin ? [findProductByGtin(code)] : [];
  });
  const found = new Set(packs.length > 0 ? packs.map(({ gtin }) => findProductByGtin(gtin)) : named);
  const [product = packs.length > 0 ? undefined : prescribed] = found;
  const where = packs.length > 0 ? 'MedicationDispense.contained' : at;
  if (!prescribed || !product || found.size > 1) {
    throw unprocessable(where, 'must be of one product of the formulary', 'business-rule');
  }
  if (named.some((one) => one !== product && one !== prescribed)) {
    throw unprocessable(at, 'is neither what the packs are nor what is prescribed', 'business-rule');
  }
  const standing = substitutionOf(prescribed, product, { allowed: request.substitution.allowedBoolean, ...lists });
  if (standing.kind === 'refused') {
    throw unprocessable(where, `is no substitute of what is prescribed: ${standing.why}`, 'business-rule');
  }
  const said = 'MedicationDispense.substitution';
  if (standing.kind === 'prescribed') {
    if (reason) throw unprocessable(said, 'what is handed out is what is prescribed', 'business-rule');
    return undefined;
  }
  if (!reason) throw unprocessable(said, 'must say why a substitute is handed out', 'required');
  return { product, reason };
}

/** Units handed over: as it is said, or all that is in the packs. */
function quantityOf({ packs, quantity }: HandOver, unit: string): number {
  const at = 'MedicationDispense.quantity';
  const sizes = packs.map(({ gtin }) => packSize(gtin) ?? 0);
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (quantity === undefined && whole > 0) return whole;
  if (quantity === undefined) throw unprocessable(at, 'must be given', 'required');
  const { value } = readExactly(at, countedIn(unit, z.int().min(1).max(1_300_000)), quantity);
  if (packs.length > 0 && value > whole) throw unprocessable(at, `the packs hold ${whole}`, 'business-rule');
  return value;
}

/** Events of each supply channel: packs leave the chain, and are handed over a moment later. */
async function chainsOf(site: Site, { packs, place, handedOver: when }: HandOver): Promise<KeptDispense['chains']> {
  if (packs.length === 0) return [];
  const places = await site.ledger.places(site.institution.id);
  const [first] = places;
  if (first === undefined || (place !== undefined && !places.includes(place))) {
    throw unprocessable('MedicationDispense.location', 'must be a place of the pharmacy, by its GLN', 'business-rule');
  }
  if (place === undefined && places.length > 1) {
    throw unprocessable('MedicationDispense.location', 'must say which of the pharmacy’s places it is', 'required');
  }
  const occasion = { site: place ?? first, at: new Date(when), timeZoneOffset: '+00:00' };
  const channels = new Map<string, DispensedPack[]>();
  for (const pack of packs) {
    const channel = await site.ledger.supplyChannel(pack.gtin);
    channels.set(channel, [...(channels.get(channel) ?? []), pack]);
  }
  const after = { ...occasion, at: new Date(occasion.at.getTime() + 1) };
  const chains = [...channels].sort().map(([channel, own]) => {
    const items = own.map(({ gtin, serial }) => ({ gtin, serial }));
    return {
      channel,
      decommission: JSON.stringify(decommissioned(occasion, items)),
      handOver: JSON.stringify(dispensed(after, items)),
    };
  });
  const before = new Set(
    site.kept.all().flatMap(({ dispenses }) => dispenses.flatMap((one) => one.chains.map(leaving))),
  );
  if (chains.some((one) => before.has(leaving(one)))) {
    // The ledger takes an event once: what was taken back would not leave again by the very same.
    const why = 'these packs left at this very instant already: give another';
    throw unprocessable('MedicationDispense.whenHandedOver', why, 'duplicate');
  }
  return chains;
}

const leaving = ({ decommission }: KeptDispense['chains'][number]): string => decommission;
