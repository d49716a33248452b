import { systems } from '#fhir/coding.ts';
import type { MedicationDispense } from '#fhir/medicationDispense.ts';
import { identifierOf } from '#gs1/uri.ts';
import { t } from '#messages/en.ts';

const text = t.dispensing.packs.tell;

/** The packs of a dispense, each in a line, and why others have no serial number. */
export function packLines(
  { contained = [], extension = [] }: Pick<MedicationDispense, 'contained' | 'extension'>,
  dayOf: (day: string) => string,
): string[] {
  const packs = contained.map(({ identifier: [name], batch }) =>
    text.pack(batch.lotNumber, dayOf(batch.expirationDate), identifierOf(name?.value ?? '')?.part ?? '–'),
  );
  const reasons = extension.flatMap((each) =>
    each.url === systems.withoutSerial ? [text.without(each.valueString)] : [],
  );
  return [...packs, ...reasons];
}
