import { medicineOf, quantityText } from '#components/prescriptions/content.ts';
import { productTitle } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { HandOutOrder } from './useHandOut.ts';

const text = t.dispensing.packs;

/** What the patient will read of a hand-over, line by line. */
export function toldOf(
  { quantity, packs, without, substitution }: HandOutOrder,
  request: MedicationRequest,
  pharmacy: string,
  dayOf: (day: string) => string,
): string[] {
  return [
    text.tell.dispensed(quantityText(request, quantity), medicineOf(request), pharmacy),
    ...(substitution === undefined
      ? []
      : [
          text.tell.substituted(
            productTitle(substitution.product),
            text.substitution.reasons[substitution.reason].toLocaleLowerCase(),
          ),
        ]),
    ...packs.map(({ batch, expiry, serial }) => text.tell.pack(batch, dayOf(expiry), serial)),
    ...(without === undefined ? [] : [text.tell.without(text.without.reasons[without])]),
  ];
}
