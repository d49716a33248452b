'use client';

import { quantityText } from '#components/prescriptions/content.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { formatBirthDate } from '#components/ui/format.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { MedicineStatuses } from '#server/formulary/schema.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { SiteView } from '#server/supply/schema.ts';
import { ClinicalCheck } from './ClinicalCheck.tsx';
import { HandOutPanel, type Identity, IdentityPanel } from './ContentPanel.tsx';
import { PacksPanel } from './PacksPanel.tsx';
import { PickupPanel, type PickupState } from './PickupPanel.tsx';
import { toldOf } from './told.ts';
import type { Clinical } from './useClinical.ts';
import type { HandOut } from './useHandOut.ts';

const text = t.dispensing;

/** All that a pharmacist confirms before one press hands it out: the person, the packs, how much. */
export function HandOutSection({
  prescription,
  request,
  statuses,
  handOut,
  identity,
  onIdentity,
  clinical,
  places,
  site,
  onSite,
  pickup,
  onPickup,
}: {
  prescription: PrescriptionSummary;
  request: MedicationRequest;
  /** What the formulary says of each medicine, by product code. */
  statuses: MedicineStatuses;
  handOut: HandOut;
  identity: Identity;
  onIdentity: (identity: Identity) => void;
  clinical: Clinical;
  places: SiteView[];
  site: string;
  onSite: (gln: string) => void;
  /** Who stands at the counter; null where nobody else may fetch it. */
  pickup: PickupState | null;
  onPickup: (pickup: PickupState) => void;
}) {
  const person = usePerson();
  const { judged, units, quantity, setQuantity, fault, order, without } = handOut;
  const amountOf = (count: number) => quantityText(request, count);
  const faults = {
    whole: text.content.whole,
    'too-much': text.content.tooMuch(amountOf(prescription.left)),
    'too-few': text.packs.tooFew(amountOf(units)),
    mixed: text.packs.substitution.mixed,
  };
  const isPart = order !== null && without === null && order.packs.length > 0 && order.quantity < units;
  return (
    <>
      {pickup && prescription.pickup && <PickupPanel pickup={prescription.pickup} value={pickup} onChange={onPickup} />}
      <IdentityPanel request={request} identity={identity} onChange={onIdentity} />
      <ClinicalCheck prescription={prescription} request={request} clinical={clinical} />
      <PacksPanel handOut={handOut} amountOf={amountOf} places={places} site={site} onSite={onSite} />
      <HandOutPanel
        prescription={prescription}
        request={request}
        status={statuses[handOut.substitute?.code ?? codeOf(request.medicationCodeableConcept, systems.product) ?? '']}
        quantity={quantity}
        onChange={setQuantity}
        error={fault !== null && (judged.length > 0 || without !== null) ? faults[fault] : null}
        partly={isPart ? text.packs.part(amountOf(units), amountOf(order.quantity)) : null}
        told={order === null ? [] : toldOf(order, request, person.institutionName ?? person.name, formatBirthDate)}
      />
    </>
  );
}
