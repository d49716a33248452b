import { z } from 'zod';
import { systems } from '#fhir/coding.ts';
import { medicationDispense as written } from '#fhir/medicationDispense.ts';
import { medicationDispense as r4MedicationDispense } from '#fhir/r4/medicationDispense.ts';
import { existing, requireVersion } from './conditional.ts';
import { readHandOver } from './handOver.ts';
import { checkBody, practitionerOf, referredId, unprocessable } from './inbound.ts';
import type { KeptDispense, KeptPrescription } from './kept.ts';
import { planHandOver } from './planHandOver.ts';
import { Queue } from './queue.ts';
import { type Issue, refuse } from './refusal.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import { runHandOver } from './runHandOver.ts';
import { searchSet } from './search.ts';
import { isNamed, isWithin } from './searchValues.ts';
import { takeBack } from './takeBack.ts';
import {
  actsFor,
  isOfPatient,
  keptAndSeen,
  maySee,
  namesOf,
  patientParameters,
  requirePractitioner,
} from './visible.ts';

const queue = new Queue();
const dispensed = z.looseObject({ quantity: z.number() });

/** Status of what is under way, over, or never came about; the first version of it is the one under way. */
const statuses = { open: 'in-progress', undoing: 'in-progress', done: 'completed', released: 'cancelled' } as const;
const isOver = ({ state }: KeptDispense): boolean => state === 'done' || state === 'released';

/** A hand-over as the software gets it. */
export function answeredDispense(kept: KeptPrescription, hand: KeptDispense) {
  const document = written.parse(JSON.parse(hand.document));
  return {
    ...document,
    status: statuses[hand.state],
    meta: { versionId: isOver(hand) ? '2' : '1', lastUpdated: document.whenHandedOver },
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

/** What is handed over, and of which prescription. */
function readSent(asked: Asked) {
  const hand = readHandOver(asked.body, new Date());
  const [authorizing] = checkBody('MedicationDispense', r4MedicationDispense, asked.body).authorizingPrescription ?? [];
  const id = referredId(authorizing?.reference, 'MedicationRequest', asked.site.base);
  if (id === undefined) {
    throw unprocessable('MedicationDispense.authorizingPrescription[0].reference', 'must be MedicationRequest/rx-…');
  }
  requirePractitioner(asked, hand.practitioner);
  return { hand, id };
}

async function create(asked: Asked): Promise<Answer> {
  const { site } = asked;
  const { hand, id } = readSent(asked);
  return queue.run(`${site.name} ${id}`, async () => {
    const { kept, seen } = await keptAndSeen(asked, 'MedicationRequest', id);
    const there = existing(
      asked,
      hand.identifiers,
      kept.dispenses.filter(({ state }) => state !== 'released'),
    );
    if (there?.state === 'undoing') {
      throw refuse(409, 'conflict', `MedicationDispense/${there.id} is being taken back, and is not carried on`);
    }
    if (there) return answerOf(kept, there.state === 'done' ? there : await runHandOver(site, kept, there));
    const open = kept.dispenses.find(({ state }) => state === 'open');
    if (open && seen.prescription.reservation?.dispenseId === open.id) {
      throw refuse(409, 'conflict', 'another hand-over of this prescription is not at its end; send that one again');
    }
    const planned = await planHandOver(site, kept, seen.prescription, hand);
    await site.kept.change(id, (now = kept) => ({ ...now, dispenses: [...now.dispenses, planned] }));
    return answerOf(kept, await runHandOver(site, kept, planned), 201);
  });
}

/** Judges it as a hand-over that is planned and not begun; whether a supply ledger has the packs shows when it is. */
async function judge(asked: Asked): Promise<readonly Issue[]> {
  const { hand, id } = readSent(asked);
  const { kept, seen } = await keptAndSeen(asked, 'MedicationRequest', id);
  const { prescription } = seen;
  if (prescription.holder?.institutionId !== asked.site.institution.id) {
    throw refuse(409, 'conflict', 'this pharmacy does not hold it');
  }
  const { quantity } = dispensed.parse(JSON.parse((await planHandOver(asked.site, kept, prescription, hand)).dispense));
  if (quantity > prescription.left) {
    throw unprocessable('MedicationDispense.quantity', `${prescription.left} are left`, 'business-rule');
  }
  return [];
}

interface Handed {
  kept: KeptPrescription;
  hand: KeptDispense;
}

/** What this pharmacy handed out, or began to, as far as the client may see it. */
const handedOut = (asked: Asked, kept: readonly KeptPrescription[]): Handed[] =>
  kept.flatMap((one) =>
    one.dispenses
      .filter(({ practitioner }) => maySee(asked, one) || actsFor(asked, practitioner))
      .map((hand) => ({ kept: one, hand })),
  );

function handOverCalled(asked: Asked, id: string): Handed {
  const found = handedOut(asked, asked.site.kept.all()).find(({ hand }) => hand.id === id);
  if (!found) throw refuse(404, 'not-found', `there is no MedicationDispense/${id}`);
  return found;
}

/** The one change that a hand-over knows: what does not come to its end is taken back, by the pharmacist who is named. */
async function update(asked: Asked, id: string): Promise<Answer> {
  const { site } = asked;
  const sent = checkBody('MedicationDispense', r4MedicationDispense, asked.body);
  if (sent.status !== 'cancelled') throw unprocessable('MedicationDispense.status', 'can become cancelled only');
  const practitioner = practitionerOf(sent.performer?.[0]?.actor, 'MedicationDispense.performer[0].actor');
  requirePractitioner(asked, practitioner);
  return queue.run(`${site.name} ${handOverCalled(asked, id).kept.id}`, async () => {
    const { kept, hand } = handOverCalled(asked, id);
    requireVersion(asked, Number(answeredDispense(kept, hand).meta.versionId));
    return answerOf(kept, await takeBack(site, kept, hand, practitioner));
  });
}

async function search(asked: Asked): Promise<Answer> {
  const { site, params } = asked;
  const of = params.get('prescription');
  const wanted =
    of === null
      ? undefined
      : referredId(of.includes('/') ? of : `MedicationRequest/${of}`, 'MedicationRequest', site.base);
  const found = handedOut(
    asked,
    site.kept
      .all()
      .filter(
        (kept) =>
          kept.dispenses.length > 0 &&
          (of === null || kept.id === wanted) &&
          isOfPatient(params, namesOf(kept).patient),
      ),
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
    'Hand-overs of prescriptions that this pharmacy holds. A create reserves, takes each pack out of the supply ledger, and records; an update to cancelled takes back what does not come to its end.',
  searchParameters: [
    { name: 'identifier', type: 'token', documentation: 'The ledger’s number, or the software’s own' },
    { name: 'prescription', type: 'reference', documentation: 'MedicationRequest/rx-…' },
    ...patientParameters.map((name) => ({
      ...{ name, type: 'token' as const, documentation: 'Pseudonym or register number of the patient' },
    })),
    {
      name: 'status',
      type: 'token',
      documentation: 'completed, in-progress or cancelled; several separated by commas',
    },
    { name: 'whenhandedover', type: 'date', documentation: 'When it was handed over' },
    { name: '_lastUpdated', type: 'date', documentation: 'The same' },
  ],
  create,
  judge,
  read: async (asked, id) => {
    const { kept, hand } = handOverCalled(asked, id);
    return answerOf(kept, hand);
  },
  update,
  search,
};
