import type { RenewalAnswer } from '#chaincode/model/prescriptionTerms.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { newPrescriptionId } from '#crypto/identifier.ts';
import { composeIssue } from '#crypto/prescription.ts';
import { safetySummaryOf } from '#crypto/safety.ts';
import { type MedicationRequest, medicationRequest as written } from '#fhir/medicationRequest.ts';
import { encodeResource } from '#fhir/parse.ts';
import { ConnectorError } from '../errors.ts';
import { checkOrder, warningsOf } from './clinicalCheck.ts';
import { existing } from './conditional.ts';
import { unprocessable } from './inbound.ts';
import type { KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import { type Order, readOrder } from './order.ts';
import type { Queue } from './queue.ts';
import type { Issue } from './refusal.ts';
import { createdAnswer } from './requestAnswer.ts';
import type { Answer, Asked } from './resourceType.ts';
import type { Site } from './site.ts';
import { requirePractitioner } from './visible.ts';

/** Issues what was ordered: written down here first, then stored, then signed, so that a lost answer loses nothing. */
export async function issueRequest(asked: Asked, queue: Queue): Promise<Answer> {
  const { site, access } = asked;
  const now = new Date();
  const order = readOrder(asked.body, site, now);
  requirePractitioner(asked, order.practitioner);
  const name = order.identifiers
    .map(({ system = '', value }) => `${system}|${value}`)
    .sort()
    .join(' ');
  return queue.run(`${site.name} ${name || crypto.randomUUID()}`, async () => {
    const there = existing(
      asked,
      order.identifiers,
      site.kept.all().filter(({ part }) => part === 'author'),
    );
    if (there) {
      requirePractitioner(asked, there.practitioner);
      return createdAnswer(asked, there, await finishIssue(site, there), 200);
    }
    const { patientKey, authorKey, renews, safety } = await judged(site, order, now);
    const id = newPrescriptionId(order.patient);
    const document = encodeResource(order.build(id, safety));
    const composed = await composeIssue({
      ...{ id, document, expires: order.expires, quantity: order.quantity, fills: order.repeats + 1 },
      patient: { id: order.patient, readingKey: patientKey },
      author: { id: order.practitioner, readingKey: authorKey },
      terms: {
        ...(order.validFrom !== undefined && { validFrom: order.validFrom }),
        ...(order.fillEveryDays !== undefined && { fillEveryDays: order.fillEveryDays }),
        ...(renews && { renews }),
        safety: safetySummaryOf(id, safety),
      },
    });
    const kept: KeptPrescription = {
      ...{ id, part: 'author', practitioner: order.practitioner, device: site.device, client: access.client.id },
      ...{ identifiers: order.identifiers, patient: order.patient, dispenses: [] },
      dataKey: toBase64Url(composed.dataKey),
      document: fromUtf8(document),
      code: toBase64Url(composed.code),
      issue: {
        argument: canonicalJson(composed.issue),
        secrets: JSON.stringify(composed.secrets),
        envelope: composed.envelope,
      },
    };
    await site.kept.put(kept);
    try {
      return createdAnswer(asked, kept, await finishIssue(site, kept), 201);
    } catch (error) {
      // Nothing was signed, and nothing will be: who asks again asks for something new.
      if (error instanceof ConnectorError ? error.status < 500 : true) await forgetUnissued(site, id);
      throw error;
    }
  });
}

/** What stands outside of the request: keys of both, the request that it answers, the clinical check. */
async function judged(site: Site, order: Order, now: Date) {
  const reader = await site.ledger.patient(order.patient).catch((error: unknown) => {
    if (!(error instanceof ConnectorError && error.code === 'NOT_FOUND')) throw error;
    throw unprocessable('MedicationRequest.subject.identifier', 'the ledger knows no such patient');
  });
  const author = await site.ledger.practitionerKey(order.practitioner);
  if (reader.keys === undefined || author === undefined) {
    throw unprocessable('MedicationRequest', 'patient or practitioner has no keys yet', 'business-rule');
  }
  const renews = order.renews === undefined ? undefined : await renewalAnswer(site, order.renews, order);
  const safety = await checkOrder(order, order.told, now);
  return { patientKey: reader.keys.readingKey, authorKey: author, renews, safety };
}

/** Judges it as an issue would, and answers the warnings of the check. */
export async function judgeRequest(asked: Asked): Promise<readonly Issue[]> {
  const now = new Date();
  const order = readOrder(asked.body, asked.site, now);
  requirePractitioner(asked, order.practitioner);
  return warningsOf((await judged(asked.site, order, now)).safety);
}

/** Whether the prescription that was asked for anew stays as it was; what is not known here counts as changed. */
async function renewalAnswer(site: Site, id: string, order: Order): Promise<RenewalAnswer> {
  const { prescription } = await site.ledger.renewal(id).catch((error: unknown) => {
    if (!(error instanceof ConnectorError && error.code === 'NOT_FOUND')) throw error;
    throw unprocessable('MedicationRequest.supportingInformation', 'the ledger knows no such request');
  });
  const former = site.kept.find(prescription);
  const seen = former && (await site.ledger.prescription(prescription));
  const same =
    former !== undefined &&
    seen?.prescription.fillEveryDays === order.fillEveryDays &&
    canonicalJson(orderedPart(written.parse(JSON.parse(former.document)))) ===
      canonicalJson(orderedPart(order.build(id)));
  return { id, outcome: same ? 'approved' : 'changed' };
}

/** What a renewal repeats. */
const orderedPart = ({
  medicationCodeableConcept,
  dosageInstruction,
  dispenseRequest,
  ...rest
}: MedicationRequest) => ({
  ...{ medicationCodeableConcept, dosageInstruction, note: rest.note ?? [], substitution: rest.substitution },
  ...{ quantity: dispenseRequest.quantity, repeats: dispenseRequest.numberOfRepeatsAllowed },
});

async function forgetUnissued(site: Site, id: string): Promise<void> {
  if ((await site.ledger.prescription(id)) === undefined) await site.kept.forget(id);
}

/** Stores and signs what was written down, unless the ledger has it. */
async function finishIssue(site: Site, kept: KeptPrescription): Promise<Seen> {
  const { id, issue, practitioner } = kept;
  const there = await site.ledger.prescription(id);
  if (there && !issue) return there;
  if (!there && !issue) throw new ConnectorError('NOT_FOUND', `the ledger has no ${id}`);
  if (!there && issue) {
    await site.documents.add(fromBase64Url(issue.envelope));
    await site.delegates.submit({
      ...{ practitioner, function: 'issue', args: [issue.argument], secret: true },
      transient: { secrets: utf8(issue.secrets) },
    });
  }
  await site.kept.change(id, (now = kept) => {
    const { issue: _, ...done } = now;
    return done;
  });
  const seen = there ?? (await site.ledger.prescription(id));
  if (!seen) throw new ConnectorError('LEDGER_UNAVAILABLE', 'the peer has not caught up');
  return seen;
}
