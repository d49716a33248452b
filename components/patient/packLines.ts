import { codeOf, systems } from '#fhir/coding.ts';
import { type MedicationDispense, packsOfDispense } from '#fhir/medicationDispense.ts';
import { substitutionReasons } from '#formulary/substitution.ts';
import { identifierOf } from '#gs1/uri.ts';
import { t } from '#messages/en.ts';

const text = t.dispensing.packs.tell;

/** The packs of a dispense, each in a line, and why others have no serial number. */
export function packLines(
  {
    contained,
    extension = [],
    medicationCodeableConcept,
    substitution,
  }: Pick<MedicationDispense, 'contained' | 'extension'> &
    Partial<Pick<MedicationDispense, 'medicationCodeableConcept' | 'substitution'>>,
  dayOf: (day: string) => string,
): string[] {
  const packs = packsOfDispense({ contained }).map(({ identifier: [name], batch }) =>
    text.pack(batch.lotNumber, dayOf(batch.expirationDate), identifierOf(name?.value ?? '')?.part ?? '–'),
  );
  const reasons = extension.flatMap((each) =>
    each.url === systems.withoutSerial ? [text.without(each.valueString)] : [],
  );
  const why = substitutionReasons.find(
    (reason) => reason === codeOf(substitution?.reason?.[0] ?? {}, systems.substitutionReason),
  );
  const other = why && [
    text.substituted(
      medicationCodeableConcept?.text ?? '',
      t.dispensing.packs.substitution.reasons[why].toLocaleLowerCase(),
    ),
  ];
  return [...(other ?? []), ...packs, ...reasons];
}
