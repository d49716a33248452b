import { z } from 'zod';
import { medicationRequest as r4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import { requireVersion } from './conditional.ts';
import { checkBody, unprocessable } from './inbound.ts';
import { issueRequest, judgeRequest } from './issue.ts';
import { requirePublicWords } from './publicWords.ts';
import { Queue } from './queue.ts';
import { refuse } from './refusal.ts';
import { answerOf } from './requestAnswer.ts';
import { searchRequests } from './requestSearch.ts';
import type { Answer, Asked, ResourceType } from './resourceType.ts';
import { keptAndSeen, patientParameters, requirePractitioner } from './visible.ts';

/** Writes of one institution that must not overtake each other: what has one identifier, and one prescription. */
const queue = new Queue();

const cancelled = z.looseObject({
  status: z.literal('cancelled'),
  statusReason: z.looseObject({ text: z.string().min(3).max(300) }),
});

/** The one change that a prescription knows: the author withdraws it, or asks the pharmacy that holds it to. */
async function update(asked: Asked, id: string): Promise<Answer> {
  const { site } = asked;
  const sent = checkBody('MedicationRequest', r4MedicationRequest, asked.body);
  const parsed = cancelled.safeParse(sent);
  if (!parsed.success) {
    throw unprocessable('MedicationRequest.status', 'can become cancelled only, with a statusReason.text of 3 letters');
  }
  return queue.run(id, async () => {
    const { kept, seen } = await keptAndSeen(asked, 'MedicationRequest', id);
    if (kept.part !== 'author') throw refuse(403, 'forbidden', 'a prescription is withdrawn by its author');
    requirePractitioner(asked, kept.practitioner);
    requirePublicWords(parsed.data.statusReason.text, kept.document, 'MedicationRequest.statusReason.text');
    requireVersion(asked, seen.prescription.version);
    const name = seen.prescription.holder === undefined ? 'cancel' : 'requestCancel';
    await site.delegates.submit({
      ...{ practitioner: kept.practitioner, function: name, args: [id, parsed.data.statusReason.text] },
    });
    return answerOf(kept, (await keptAndSeen(asked, 'MedicationRequest', id)).seen);
  });
}

export const medicationRequest: ResourceType = {
  type: 'MedicationRequest',
  documentation:
    'Prescriptions that this institution’s software issued or took on. Create issues; an update to cancelled withdraws.',
  searchParameters: [
    { name: 'identifier', type: 'token', documentation: 'The ledger’s number, or the software’s own' },
    ...patientParameters.map((name) => ({
      ...{ name, type: 'token' as const, documentation: 'Pseudonym or register number of the patient' },
    })),
    { name: 'status', type: 'token', documentation: 'One or several, separated by commas' },
    { name: 'authoredon', type: 'date', documentation: 'When it was signed' },
    { name: '_lastUpdated', type: 'date', documentation: 'Time of the ledger’s last change' },
  ],
  create: (asked) => issueRequest(asked, queue),
  judge: judgeRequest,
  read: async (asked, id) => {
    const { kept, seen } = await keptAndSeen(asked, 'MedicationRequest', id);
    return answerOf(kept, seen);
  },
  update,
  search: searchRequests,
};
