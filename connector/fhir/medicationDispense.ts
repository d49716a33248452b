import { systems } from '#fhir/coding.ts';
import { medicationDispense as written } from '#fhir/medicationDispense.ts';
import { medicationDispense as r4MedicationDispense } from '#fhir/r4/medicationDispense.ts';
import { existing } from './conditional.ts';
import { readHandOver } from './handOver.ts';
import { checkBody, referredId, unprocessable } from './inbound.ts';
import type { KeptDispense, KeptPrescription } from './kept.ts';
import {
  isOfPatient,
  keptAndSeen,
  patientIdentifiers,
  patientParameters,
  requirePractitioner,
} from './medicationRequest.ts';
import { planHandOver } from './planHandOver.ts';
import { Queue } from './queue.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import { runHandOver } from './runHandOver.ts';
import { searchSet } from './search.ts';
import { isNamed, isWithin } from './searchValues.ts';

const queue = new Queue();

/** A hand-over as the software gets it; it never changes. */
export function answeredDispense(kept: KeptPrescription, hand: KeptDispense) {
  const document = written.parse(JSON.parse(hand.document));
  return {
    ...document,
    meta: { versionId: '1', lastUpdated: document.whenHandedOver },
    identifier: [...document.identifier, ...hand.identifiers],
    subject: { identifier: { system: systems.pseudonym, value: kept.patient } },
    authorizingPrescription: document.authorizingPrescription.map((one) => ({
      ...one,
      reference: `MedicationRequest/${kept.id}`,
    })),
  };
}

function answerOf(kept: KeptPrescription, hand: KeptDispense, status: 200 | 201 = 200): Answer {
  const resource = answeredDispense(kept, hand);
  const { versionId, lastUpdated } = resource.meta;
  return { status, resource, version: { type: 'MedicationDispense', id: hand.id, versionId, lastUpdated } };
}

async function create(asked: Asked): Promise<Answer> {
  const { site } = asked;
  const hand = readHandOver(asked.body, new Date());
  const [authorizing] = checkBody('MedicationDispense', r4MedicationDispense, asked.body).authorizingPrescription ?? [];
  const id = referredId(authorizing?.reference, 'MedicationRequest', site.base);
  if (id === undefined) {
    throw unprocessable('MedicationDispense.authorizingPrescription[0].reference', 'must be MedicationRequest/rx-…');
  }
  requirePractitioner(asked, hand.practitioner);
  return queue.run(`${site.name} ${id}`, async () => {
    const { kept, seen } = await keptAndSeen(asked, 'MedicationRequest', id);
    const there = existing(
      asked,
      hand.identifiers,
      kept.dispenses.filter(({ state }) => state !== 'released'),
    );
    if (there) return answerOf(kept, there.state === 'done' ? there : await runHandOver(site, kept, there));
    const open = kept.dispenses.find(({ state }) => state === 'open');
    if (open && seen.prescription.reservation?.dispenseId === open.id) {
      throw refuse(409, 'conflict', 'another hand-over of this prescription is not at its end; send that one again');
    }
    const planned = await planHandOver(site, kept, seen.prescription, hand);
    await site.kept.put({ ...kept, dispenses: [...kept.dispenses, planned] });
    return answerOf(kept, await runHandOver(site, kept, planned), 201);
  });
}

const recorded = (kept: readonly KeptPrescription[]) =>
  kept.flatMap((one) => one.dispenses.filter(({ state }) => state === 'done').map((hand) => ({ kept: one, hand })));

async function search(asked: Asked): Promise<Answer> {
  const { site, params } = asked;
  const of = params.get('prescription');
  const wanted =
    of === null
      ? undefined
      : referredId(of.includes('/') ? of : `MedicationRequest/${of}`, 'MedicationRequest', site.base);
  const found = recorded(
    site.kept
      .all()
      .filter((kept) => isOfPatient(params, patientIdentifiers(kept)) && (of === null || kept.id === wanted)),
  )
    .map(({ kept, hand }) => answeredDispense(kept, hand))
    .filter(
      (resource) =>
        params.getAll('identifier').every((token) => isNamed(resource.identifier, token)) &&
        params.getAll('status').every((statuses) => statuses.split(',').includes(resource.status)) &&
        isWithin(resource.whenHandedOver, params.getAll('whenhandedover'), 'whenhandedover') &&
        isWithin(resource.whenHandedOver, params.getAll('_lastUpdated'), '_lastUpdated'),
    )
    .sort((a, b) => b.whenHandedOver.localeCompare(a.whenHandedOver) || (a.id < b.id ? -1 : 1));
  return searchSet(asked, 'MedicationDispense', found);
}

export const medicationDispense: ResourceType = {
  type: 'MedicationDispense',
  documentation:
    'Hand-overs of prescriptions that this pharmacy holds. A create reserves, takes each pack out of the supply ledger, and records.',
  searchParameters: [
    { name: 'identifier', type: 'token', documentation: 'The ledger’s number, or the software’s own' },
    { name: 'prescription', type: 'reference', documentation: 'MedicationRequest/rx-…' },
    ...patientParameters.map((name) => ({
      ...{ name, type: 'token' as const, documentation: 'Pseudonym or register number of the patient' },
    })),
    { name: 'status', type: 'token', documentation: 'completed' },
    { name: 'whenhandedover', type: 'date', documentation: 'When it was handed over' },
    { name: '_lastUpdated', type: 'date', documentation: 'The same: a hand-over never changes' },
  ],
  create,
  read: async ({ site }, id) => {
    const found = recorded(site.kept.all()).find(({ hand }) => hand.id === id);
    if (!found) throw refuse(404, 'not-found', `there is no MedicationDispense/${id}`);
    return answerOf(found.kept, found.hand);
  },
  search,
};
