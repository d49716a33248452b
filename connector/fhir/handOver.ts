import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { type PickupKind, pickupKinds } from '#chaincode/model/prescriptionTerms.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { fromBase64Url, fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { newPacksSalt, packsHashOf } from '#crypto/packs.ts';
import { parsePickupCode, pickupKeyOf } from '#crypto/pickup.ts';
import { sealDispense } from '#crypto/prescription.ts';
import { decommissioned, dispensed, itemUri } from '#epcis/write.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { buildMedicationDispense, type DispensedPack } from '#fhir/medicationDispense.ts';
import { type MedicationRequest, medicationRequest } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { medicationDispense as r4MedicationDispense } from '#fhir/r4/medicationDispense.ts';
import type { Interchange } from '#formulary/interchange.ts';
import { findProduct, findProductByGtin, packSize } from '#formulary/products.ts';
import { type SubstitutionReason, substitutionOf, substitutionReasons } from '#formulary/substitution.ts';
import { parseDigitalLink } from '#gs1/digitalLink.ts';
import { Gs1Error } from '#gs1/error.ts';
import { checkBody, displayOf, ownIdentifiers, practitionerOf, requireKnownMembers, unprocessable } from './inbound.ts';
import type { KeptDispense, KeptIdentifier, KeptPrescription } from './kept.ts';
import type { Site } from './site.ts';

/** A MedicationDispense that a pharmacy's software sends, as the plan of a hand-over. */

const members = [
  ...[
    'contained',
    'extension',
    'identifier',
    'status',
    'medicationCodeableConcept',
    'subject',
    'performer',
    'location',
  ],
  ...['authorizingPrescription', 'type', 'quantity', 'whenHandedOver', 'note', 'dosageInstruction', 'substitution'],
];

const packResource = z.looseObject({
  resourceType: z.literal('Medication'),
  identifier: z.tuple([z.looseObject({ value: z.string().max(200) })]),
  batch: z.looseObject({ lotNumber: z.string().min(1).max(20), expirationDate: z.iso.date() }),
});
const handedOver = z.looseObject({
  quantity: z.looseObject({ value: z.int().min(1).max(1_300_000) }).optional(),
  whenHandedOver: z.iso.datetime({ offset: true }).optional(),
  location: z.looseObject({ identifier: z.looseObject({ value: z.string().regex(/^\d{13}$/) }) }).optional(),
  note: z.tuple([z.looseObject({ text: z.string().max(2000) })]).optional(),
  extension: z
    .array(z.looseObject({ url: z.string(), valueString: z.string().optional(), extension: z.unknown().optional() }))
    .optional(),
  substitution: z
    .looseObject({
      wasSubstituted: z.boolean(),
      reason: z.array(z.looseObject({ coding: z.array(z.looseObject({ code: z.string() })).optional() })).optional(),
    })
    .optional(),
});

const pickupParts = z.tuple([
  z.looseObject({ url: z.literal('kind'), valueCode: z.enum(pickupKinds) }),
  z.looseObject({ url: z.literal('code'), valueString: z.string().max(32) }),
]);

export interface HandOver {
  /** Who fetches it for the patient. */
  pickup?: { kind: PickupKind; code: string };
  practitioner: string;
  performer: string;
  identifiers: KeptIdentifier[];
  packs: DispensedPack[];
  withoutSerial?: string;
  /** GLN of the place, where it is said. */
  place?: string;
  quantity?: number;
  note?: string;
  handedOver: string;
  reason?: SubstitutionReason;
}

const longestPastMs = 24 * 60 * 60 * 1000;

/** Reads and judges it, but for what the ledgers say. */
export function readHandOver(body: unknown, now: Date): HandOver {
  const at = 'MedicationDispense';
  const sent = checkBody(at, r4MedicationDispense, body);
  requireKnownMembers(at, sent, members);
  if (sent.status !== 'completed')
    throw unprocessable(`${at}.status`, 'must be completed: what is recorded is a hand-over');
  const { quantity, whenHandedOver, location, note, extension, substitution } = checkBody(at, handedOver, body);
  const actor = sent.performer?.[0]?.actor;
  const practitioner = practitionerOf(actor, `${at}.performer[0].actor`);
  const packs = (sent.contained ?? []).map((one, index) => packOf(one, `${at}.contained[${index}]`));
  if (new Set(packs.map(({ link }) => link)).size < packs.length) {
    throw unprocessable(`${at}.contained`, 'names a pack twice', 'duplicate');
  }
  const withoutSerial = extension?.find(({ url }) => url === systems.withoutSerial)?.valueString;
  if (packs.length === 0 && withoutSerial === undefined) {
    throw unprocessable(
      `${at}.contained`,
      `must name the packs, or ${systems.withoutSerial} must say why not`,
      'required',
    );
  }
  const when = whenHandedOver ?? now.toISOString();
  const ago = now.getTime() - Date.parse(when);
  if (ago < -120_000 || ago > longestPastMs) {
    throw unprocessable(`${at}.whenHandedOver`, 'must lie in the last 24 hours');
  }
  return {
    ...{ practitioner, packs, handedOver: new Date(when).toISOString() },
    performer: displayOf(actor, `${at}.performer[0].actor.display`),
    identifiers: ownIdentifiers(sent.identifier, at),
    ...(withoutSerial !== undefined && { withoutSerial }),
    ...pickupOf(extension?.find(({ url }) => url === systems.pickup)),
    ...(location && { place: location.identifier.value }),
    ...(quantity && { quantity: quantity.value }),
    ...(note && { note: note[0].text }),
    ...reasonOf(substitution),
  };
}

function pickupOf(extension: { extension?: unknown } | undefined): Pick<HandOver, 'pickup'> {
  if (!extension) return {};
  const parsed = pickupParts.safeParse(extension.extension);
  const code = parsed.success ? parsePickupCode(parsed.data[1].valueString) : undefined;
  if (parsed.success && code !== undefined) return { pickup: { kind: parsed.data[0].valueCode, code } };
  const expected = `must have kind (${pickupKinds.join(', ')}) and code, of 8 characters`;
  throw unprocessable(`MedicationDispense.extension('${systems.pickup}')`, expected);
}

function reasonOf(substitution: z.infer<typeof handedOver>['substitution']): { reason?: SubstitutionReason } {
  if (!substitution?.wasSubstituted) return {};
  const codes = (substitution.reason ?? []).flatMap(({ coding = [] }) => coding.map(({ code }) => code));
  const reason = substitutionReasons.find((one) => codes.includes(one));
  if (reason) return { reason };
  throw unprocessable('MedicationDispense.substitution.reason', `must be one of ${substitutionReasons.join(', ')}`);
}

/** A contained Medication whose identifier is the pack's GS1 Digital Link, with its batch. */
function packOf(contained: unknown, at: string): DispensedPack {
  const parsed = packResource.safeParse(contained);
  if (!parsed.success)
    throw unprocessable(at, 'must be a Medication with one identifier, lotNumber and expirationDate');
  const { identifier, batch } = parsed.data;
  const item = sgtinOf(identifier[0].value);
  if (item === undefined)
    throw unprocessable(`${at}.identifier[0].value`, 'must be a GS1 Digital Link with GTIN and serial');
  return { ...item, link: itemUri(item), batch: batch.lotNumber, expiry: batch.expirationDate };
}

function sgtinOf(link: string): { gtin: string; serial: string } | undefined {
  try {
    const { type, key, part } = parseDigitalLink(link).id;
    return type === 'sgtin' && part !== '' ? { gtin: key, serial: part } : undefined;
  } catch (error) {
    // What is no Digital Link names no pack; the caller says so.
    if (error instanceof Gs1Error) return undefined;
    throw error;
  }
}

/** All that is signed of a hand-over, made once: sent again it is the same, whatever was done of it. */
export async function planHandOver(
  site: Site,
  kept: KeptPrescription,
  prescription: Prescription,
  hand: HandOver,
): Promise<KeptDispense> {
  const request = medicationRequest.parse(JSON.parse(kept.document));
  const lists = hand.packs.length > 0 ? await site.ledger.interchange(site.institution.id) : undefined;
  const substitute = productOf(request, hand, lists);
  const quantity = quantityOf(hand);
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

/** The product that the packs are, where it is not the prescribed one; refuses what the rules of substitution do. */
function productOf(request: MedicationRequest, { packs, reason }: HandOver, lists: Interchange | undefined) {
  const at = 'MedicationDispense.contained';
  const prescribed = findProduct(codeOf(request.medicationCodeableConcept, systems.product) ?? '');
  const found = new Set(packs.map(({ gtin }) => findProductByGtin(gtin)));
  const [product] = found;
  if (packs.length === 0) return undefined;
  if (!prescribed || !product || found.size > 1) {
    throw unprocessable(at, 'the packs must be of one product of the formulary', 'business-rule');
  }
  const standing = substitutionOf(prescribed, product, { allowed: request.substitution.allowedBoolean, ...lists });
  if (standing.kind === 'prescribed') return undefined;
  if (standing.kind === 'refused') {
    throw unprocessable(at, `the packs are no substitute of what is prescribed: ${standing.why}`, 'business-rule');
  }
  if (!reason)
    throw unprocessable('MedicationDispense.substitution', 'must say why a substitute is handed out', 'required');
  return { product, reason };
}

/** Units handed over: as it is said, or all that is in the packs. */
function quantityOf({ packs, quantity }: HandOver): number {
  const sizes = packs.map(({ gtin }) => packSize(gtin) ?? 0);
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (quantity === undefined && whole > 0) return whole;
  if (quantity === undefined) throw unprocessable('MedicationDispense.quantity', 'must be given', 'required');
  if (packs.length > 0 && quantity > whole) {
    throw unprocessable('MedicationDispense.quantity', `the packs hold ${whole}`, 'business-rule');
  }
  return quantity;
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
  const channels = new Map<string, DispensedPack[]>();
  for (const pack of packs) {
    const channel = await site.ledger.supplyChannel(pack.gtin);
    channels.set(channel, [...(channels.get(channel) ?? []), pack]);
  }
  const occasion = { site: place ?? first, at: new Date(when), timeZoneOffset: '+00:00' };
  const after = { ...occasion, at: new Date(occasion.at.getTime() + 1) };
  return [...channels].sort().map(([channel, own]) => {
    const items = own.map(({ gtin, serial }) => ({ gtin, serial }));
    return {
      channel,
      decommission: JSON.stringify(decommissioned(occasion, items)),
      handOver: JSON.stringify(dispensed(after, items)),
    };
  });
}
