import { medicineOf, quantityText } from '#components/prescriptions/content.ts';
import { formatBirthDate, formatDate } from '#components/ui/format.ts';
import { discloseFields } from '#components/vault/prescription.ts';
import type { OpenedPrescription, ShownCode } from '#components/vault/prescriptionOperations.ts';
import { encodeDisclosure, proofLink } from '#crypto/commitment/disclosure.ts';
import type { CommitmentField } from '#crypto/commitment/fields.ts';
import { patientIdentity } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { drawSheet, type SheetContent } from './drawSheet.ts';
import { loadFonts } from './loadFonts.ts';

const text = t.prescriptions.patient.printSheet;

/** What the printed proof shows: what it is and for whom, from whom and how long; never why. */
const shown: CommitmentField[] = [
  ...(['medicine', 'dosage', 'quantity', 'repeats', 'authoredOn', 'validity', 'prescriber', 'institution'] as const),
  ...(['patientName', 'patientBirthDate'] as const),
];

/** A number and its unit stay on one line. */
const joined = (words: string) => words.replaceAll(/(\d) (?=\p{L})/gu, '$1 ');

/** Makes the PDF of a prescription that the patient has opened, in the page. Throws what prevents it. */
export async function makeSheet(
  prescription: PrescriptionSummary,
  { request }: OpenedPrescription,
  code: ShownCode,
): Promise<{ pdf: Uint8Array; missing: string }> {
  const { name, birthDate } = patientIdentity(request);
  const { author, id, left, authoredOn, expires } = prescription;
  const [dosage] = request.dosageInstruction;
  const [fonts, disclosure] = await Promise.all([loadFonts(), discloseFields(id, shown)]);
  const content: SheetContent = {
    patient: name,
    facts: [
      text.born(formatBirthDate(birthDate)),
      text.written(formatDate(authoredOn), `${author.name}, ${author.institution}`),
    ],
    medicine: joined(medicineOf(request)),
    sentence: joined(dosage?.text ?? ''),
    ...(dosage?.patientInstruction && { note: dosage.patientInstruction }),
    quantity: quantityText(request, left),
    window: text.window(formatDate(expires)),
    code: { text: code.qrText, typed: code.typed },
    proof: {
      link: proofLink(window.location.origin, disclosure),
      file: encodeDisclosure(disclosure),
      detail: text.proofShows,
    },
    number: id,
  };
  return drawSheet(content, fonts);
}
