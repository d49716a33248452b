import { z } from 'zod';
import type { Prescription } from '#chaincode/model/prescription.ts';
import { transferKeys } from '#chaincode/model/prescriptionTerms.ts';
import { parseAccessCode, parseQrFragment } from '#crypto/accessCode.ts';
import { fromUtf8, toBase64Url } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { openContent } from '#crypto/prescription.ts';
import { redeemHashOf, redeemKeyOf } from '#crypto/redeem.ts';
import { openTransferWrap } from '#crypto/transfer.ts';
import { unwrapUnderCode } from '#crypto/wrap.ts';
import { parseMedicationRequest } from '#fhir/medicationRequest.ts';
import type { Task } from '#fhir/r4/task.ts';
import { practitionerOf, unprocessable } from './inbound.ts';
import { heldPart, type KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import { taskAnswer } from './prescriptionTask.ts';
import type { Queue } from './queue.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './resourceType.ts';
import type { Site } from './site.ts';
import { inputOf } from './taskWords.ts';
import { requirePractitioner } from './visible.ts';

/** A pharmacy takes a prescription on, with the patient's access code or from another pharmacy; it is read here from then on. */

const typed = z.string().min(1).max(512);

/** The code of a printed or shown prescription: as it is typed, or the text of its QR code, whichever portal it names. */
function codeIn(sent: Task): Uint8Array | undefined {
  const input = inputOf(sent, 'access-code');
  if (!input) return undefined;
  const text = typed.safeParse(input.valueString);
  if (!text.success) throw unprocessable('Task.input.valueString', 'must be the access code');
  const fragment = text.data.split('#')[1];
  return fragment === undefined ? parseAccessCode(text.data) : parseQrFragment(fragment).code;
}

/** Who takes on what, by the code that is shown. */
export async function readAcceptance(asked: Asked, sent: Task) {
  const practitioner = practitionerOf(sent.owner, 'Task.owner');
  requirePractitioner(asked, practitioner);
  const code = codeIn(sent);
  if (!code) throw unprocessable('Task.input', 'must have one of the type access-code', 'required');
  const { id } = await asked.site.ledger.findByRedeemHash(redeemHashOf(code));
  return { practitioner, code, id };
}

export async function acceptWithCode(asked: Asked, sent: Task, queue: Queue): Promise<Answer> {
  const { site } = asked;
  const { practitioner, code, id } = await readAcceptance(asked, sent);
  return queue.run(`${site.name} ${id}`, async () => {
    const before = site.kept.find(id);
    const held = (await site.ledger.prescription(id))?.prescription.holder?.institutionId === site.institution.id;
    if (before && heldPart(before) && held) return taskAnswer(site, await seenOf(site, id));
    if (!held) {
      await site.delegates.submit({
        ...{ practitioner, function: 'accept', args: [id], secret: true },
        transient: { redeemKey: redeemKeyOf(code) },
      });
    }
    const seen = await seenOf(site, id);
    const dataKey = await releasedKey(site, practitioner, id, code);
    const document = await readContent(site, seen.prescription, dataKey);
    await keep(asked, seen, { practitioner, dataKey, code, document });
    return taskAnswer(site, seen, 201);
  });
}

/**
 * Takes what another pharmacy offers; its content is opened before, so that nothing is taken which cannot be read here. What was
 * offered by a page may be wrapped for the institution alone: then the patient's access code is needed besides.
 */
export async function acceptOffered(asked: Asked, sent: Task, seen: Seen): Promise<Answer> {
  const { site } = asked;
  const practitioner = practitionerOf(sent.owner, 'Task.owner');
  requirePractitioner(asked, practitioner);
  const { prescription } = seen;
  const { id } = prescription;
  const code = codeIn(sent);
  const given = await transferred(site, practitioner, id);
  if (!given && !code) {
    const why = 'what is offered is not wrapped for this connector: give the access code, or accept in the portal';
    throw refuse(422, 'business-rule', why, 'Task.input');
  }
  if (!given && code && redeemHashOf(code) !== prescription.redeemHash) {
    throw refuse(403, 'security', 'this access code does not open the prescription', 'Task.input');
  }
  const early = given && (await readContent(site, prescription, given.dataKey));
  if (prescription.holder?.institutionId !== site.institution.id) {
    await site.delegates.submit({ practitioner, function: 'acceptTransfer', args: [id] });
  }
  const now = await seenOf(site, id);
  const opening = given ?? (code && { code, dataKey: await releasedKey(site, practitioner, id, code) });
  if (!opening) throw refuse(500, 'exception', 'nothing opens the prescription');
  const document = early ?? (await readContent(site, now.prescription, opening.dataKey));
  await keep(asked, now, { practitioner, ...opening, document });
  return taskAnswer(site, now);
}

/** What the other pharmacy wrapped for this device; undefined where it wrapped for others only. */
async function transferred(site: Site, practitioner: string, id: string) {
  const call = { practitioner, function: 'readTransfer', args: [id], secret: true } as const;
  const { wrap } = transferKeys.parse(await site.delegates.evaluate(call));
  return openTransferWrap(site.readingSeed, id, site.device, wrap).catch((error: unknown) => {
    if (error instanceof CryptoError && error.code === 'WRAP_REFUSED') return undefined;
    throw error;
  });
}

const releaseAnswer = z.object({ codeWrap: z.string(), releaseShare: z.string() });

async function releasedKey(site: Site, practitioner: string, id: string, code: Uint8Array): Promise<Uint8Array> {
  const call = { practitioner, function: 'readRelease', args: [id], secret: true } as const;
  return unwrapUnderCode(id, code, releaseAnswer.parse(await site.delegates.evaluate(call)));
}

/** The MedicationRequest as it was signed. */
async function readContent(site: Site, prescription: Prescription, dataKey: Uint8Array): Promise<string> {
  const bytes = await site.documents.read(prescription.cid);
  const plaintext = await openContent(dataKey, bytes, prescription);
  const request = parseMedicationRequest(plaintext);
  if (request.id !== prescription.id || request.requester.identifier?.value !== prescription.author) {
    throw refuse(500, 'exception', 'the content names another prescription or author than the ledger');
  }
  return fromUtf8(plaintext);
}

/** The code is kept while it is held, since whoever transfers it gives the code on. */
async function keep(
  { site, access }: Asked,
  { prescription: { id, patient } }: Seen,
  opened: { practitioner: string; dataKey: Uint8Array; code: Uint8Array; document: string },
): Promise<void> {
  const { practitioner, dataKey, code, document } = opened;
  const held = { practitioner, client: access.client.id, code: toBase64Url(code) };
  await site.kept.change(id, (now): KeptPrescription => {
    if (now?.part === 'author') return { ...now, held };
    return {
      ...{ id, patient, ...held, part: 'holder', device: site.device, identifiers: [] },
      ...{ dataKey: toBase64Url(dataKey), document, dispenses: now?.dispenses ?? [] },
    };
  });
}

export async function seenOf(site: Site, id: string): Promise<Seen> {
  const seen = await site.ledger.prescription(id);
  if (!seen) throw refuse(404, 'not-found', `there is no Task/${id}`);
  return seen;
}
