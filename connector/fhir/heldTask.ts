import { z } from 'zod';
import { institutionId } from '#chaincode/model/identifiers.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import { fromBase64Url, utf8 } from '#crypto/bytes.ts';
import { wrapTransfer } from '#crypto/transfer.ts';
import { systems } from '#fhir/coding.ts';
import type { Task } from '#fhir/r4/task.ts';
import { requireVersion } from './conditional.ts';
import type { DelegatedCall } from './delegates.ts';
import { practitionerOf, unprocessable } from './inbound.ts';
import { heldPart, type KeptPrescription } from './kept.ts';
import { concerned, isGivenOn, taskAnswer } from './prescriptionTask.ts';
import { requirePublicWords } from './publicWords.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './resourceType.ts';
import { acceptOffered, seenOf } from './takeOn.ts';
import { inputOf, taskCodeOf } from './taskWords.ts';
import { requirePractitioner } from './visible.ts';

/** What pharmacies change of a prescription's Task: by its status, or by the code of what they ask for. */

type Call = Omit<DelegatedCall, 'practitioner'>;

/** What is asked for, judged but for what the ledger says; `accept-transfer` is signed elsewhere. */
export async function judgeHeld(asked: Asked, sent: Task, id: string) {
  const { site } = asked;
  const code = taskCodeOf(sent) ?? 'prescription';
  const { kept, seen } = await concerned(asked, id);
  if (code === 'accept-transfer') {
    requirePractitioner(asked, practitionerOf(sent.owner, 'Task.owner'));
    return { kept, seen };
  }
  const mayDecline = code === 'withdraw-transfer' && seen.prescription.transfer?.to === site.institution.id;
  const holding = kept && heldPart(kept);
  if (!holding && !mayDecline) {
    throw refuse(403, 'forbidden', 'this is for the pharmacy that holds it');
  }
  const practitioner = actingFor(sent, holding);
  requirePractitioner(asked, practitioner);
  return { kept, seen, practitioner };
}

export async function updateHeld(asked: Asked, sent: Task, id: string): Promise<Answer> {
  const { site } = asked;
  const { kept, seen, practitioner } = await judgeHeld(asked, sent, id);
  requireVersion(asked, seen.prescription.version);
  if (practitioner === undefined) return acceptOffered(asked, sent, seen);
  await site.delegates.submit({ practitioner, ...(await callOf(asked, sent, id, kept)) });
  const now = await seenOf(site, id);
  if (kept && (isGivenBack(sent, kept) || isGivenOn(site, kept, now))) await site.kept.forgetHolding(id);
  return taskAnswer(site, now);
}

/** Whoever the Task names as its owner; without one, who took the prescription on. */
function actingFor({ owner }: Task, holding: { practitioner: string } | undefined): string {
  if (holding && !owner?.identifier?.value?.startsWith('prac-')) return holding.practitioner;
  return practitionerOf(owner, 'Task.owner');
}

/** Whoever gave it back and handed nothing over has no more business with what it says. */
const isGivenBack = (sent: Task, kept: KeptPrescription): boolean =>
  (taskCodeOf(sent) ?? 'prescription') === 'prescription' &&
  sent.status === 'rejected' &&
  !kept.dispenses.some(({ state }) => state === 'done');

/** The call that does it. */
export async function callOf(asked: Asked, sent: Task, id: string, kept: KeptPrescription | undefined): Promise<Call> {
  switch (taskCodeOf(sent) ?? 'prescription') {
    case 'prescription':
      return endingOf(sent, id, kept);
    case 'offer-transfer':
      return offerOf(asked, sent, id, kept);
    case 'withdraw-transfer':
      return { function: 'withdrawTransfer', args: [id] };
    case 'refuse-cancel':
      return { function: 'answerCancel', args: [id, 'refuse', reasonOf(sent, 'why it is not cancelled', kept)] };
    default:
      throw unprocessable('Task.code', 'cannot be asked for by an update');
  }
}

/** Given back, closed with something left, or cancelled since somebody asks for it. */
function endingOf(sent: Task, id: string, kept: KeptPrescription | undefined): Call {
  switch (sent.status) {
    case 'rejected':
      return { function: 'return', args: [id] };
    case 'completed':
      return { function: 'close', args: [id, reasonOf(sent, 'why it is closed with something left', kept)] };
    case 'cancelled':
      return { function: 'answerCancel', args: [id, 'cancel', reasonOf(sent, 'why it is cancelled', kept)] };
    default:
      throw unprocessable('Task.status', 'can become rejected, completed or cancelled');
  }
}

const words = z.string().trim().min(3).max(300);

/** The reason, which everybody on the channel may read. */
export function reasonOf(
  { statusReason }: Pick<Task, 'statusReason'>,
  what: string,
  kept: Pick<KeptPrescription, 'document'> | undefined,
): string {
  const parsed = words.safeParse(statusReason?.text);
  if (parsed.success) {
    requirePublicWords(parsed.data, kept?.document, 'Task.statusReason.text');
    return parsed.data;
  }
  throw unprocessable('Task.statusReason', `must say ${what}, in 3 to 300 letters`, 'required');
}

const house = z.looseObject({ system: z.literal(systems.institution), value: institutionId });

/** Data key and access code go to the other pharmacy, wrapped for those who read there. */
async function offerOf({ site }: Asked, sent: Task, id: string, kept: KeptPrescription | undefined): Promise<Call> {
  const at = 'Task.input.valueIdentifier';
  const named = house.safeParse(inputOf(sent, 'transfer-to')?.valueIdentifier);
  if (!named.success) throw unprocessable(at, `must name a pharmacy by the system ${systems.institution}`);
  const to = named.data.value;
  const code = kept && heldPart(kept)?.code;
  if (!kept || code === undefined) throw refuse(409, 'conflict', 'the access code is not kept here; take it on again');
  const readers = await site.ledger.transferReaders(to, new Date());
  if (readers.length === 0) throw unprocessable(at, 'this pharmacy has no key to transfer to', 'business-rule');
  const wrap = await wrapTransfer(id, readers, fromBase64Url(kept.dataKey), fromBase64Url(code));
  return {
    ...{ function: 'offerTransfer', args: [id, canonicalJson({ to })], secret: true },
    transient: { transferWrap: utf8(wrap) },
  };
}
