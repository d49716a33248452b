import type { Prescription } from '#chaincode/model/prescription.ts';
import { formatAccessCode } from '#crypto/accessCode.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { systems } from '#fhir/coding.ts';
import { safetyOf, medicationRequest as written } from '#fhir/medicationRequest.ts';
import { warningsOf } from './clinicalCheck.ts';
import type { KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import type { Answer, Asked } from './resourceType.ts';
import { requestStatus } from './statuses.ts';

/** A prescription as an institution's software gets it. */

const inDays = (value: number) => ({ value, unit: 'days', system: systems.ucum, code: 'd' });

/** Which device signed this version, and that nobody's wallet signed a token where software issued it. */
const signedBy = ({ via, issuedVia }: Prescription) => [
  ...(via === undefined ? [] : [{ url: systems.via, valueIdentifier: { system: systems.device, value: via } }]),
  ...(issuedVia === undefined ? [] : [{ url: systems.token, valueCode: 'none' }]),
];

/** A prescription as the software gets it: what was signed, with what the ledger says of it now. */
export function answeredRequest(kept: KeptPrescription, { prescription, lastUpdated }: Seen, now: Date) {
  const document = written.parse(JSON.parse(kept.document));
  const { status, reason } = requestStatus(prescription, now);
  const extension = [...(document.extension ?? []), ...signedBy(prescription)];
  return {
    ...document,
    meta: { versionId: `${prescription.version}`, lastUpdated },
    identifier: [...document.identifier, ...kept.identifiers],
    status,
    ...(reason !== undefined && { statusReason: { text: reason } }),
    ...(prescription.fillEveryDays !== undefined && {
      dispenseRequest: { ...document.dispenseRequest, dispenseInterval: inDays(prescription.fillEveryDays) },
    }),
    ...(prescription.renews && { supportingInformation: [{ reference: `Task/${prescription.renews.id}` }] }),
    subject: { ...document.subject, identifier: { system: systems.pseudonym, value: kept.patient } },
    ...(extension.length > 0 && { extension }),
  };
}

export function answerOf(kept: KeptPrescription, seen: Seen): Answer {
  const { id, version } = seen.prescription;
  const safety = safetyOf(written.parse(JSON.parse(kept.document)));
  return {
    ...(safety && { issues: warningsOf(safety) }),
    status: 200,
    resource: answeredRequest(kept, seen, new Date()),
    version: { type: 'MedicationRequest', id, versionId: `${version}`, lastUpdated: seen.lastUpdated },
  };
}

/**
 * What a create answers, sent again or not: with the access code for the patient's printed prescription, while nobody has accepted
 * it. Whoever only reads never gets that, and no other client does, since it is all that collecting the medicine takes.
 */
export function createdAnswer({ access }: Asked, kept: KeptPrescription, seen: Seen, status: 200 | 201): Answer {
  const { prescription } = seen;
  const answer = { ...answerOf(kept, seen), status };
  const isOpen = prescription.state === 'active' && prescription.version === 1;
  if (kept.code === undefined || kept.client !== access.client.id || !isOpen) return answer;
  const resource = answeredRequest(kept, seen, new Date());
  const code = { url: systems.accessCode, valueString: formatAccessCode(fromBase64Url(kept.code)) };
  const extension = [...('extension' in resource ? (resource.extension ?? []) : []), code];
  return { ...answer, resource: { ...resource, extension } };
}
