'use client';

import { useCallback, useState } from 'react';
import { readThing } from '#components/supply/readThing.ts';
import { type Scan, useScans } from '#components/supply/useScans.ts';
import { useNow } from '#components/ui/useNow.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import type { Interchange } from '#formulary/interchange.ts';
import type { Product } from '#formulary/product.ts';
import { findProduct, findProductByGtin, packSize } from '#formulary/products.ts';
import type { SubstitutionReason } from '#formulary/substitution.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { type FittingPack, fittingPack } from './composePlan.ts';
import { type PackFault, packFault } from './packFaults.ts';
import { parseQuantity, suggestedQuantity } from './quantity.ts';
import type { WithoutReason } from './withoutReasons.ts';

/** A pack on the list: what forbids it, once the ledgers have answered, and how many units are in it. */
export interface JudgedPack {
  scan: Scan;
  fault: PackFault | null;
  units: number;
  /** The product of the pack, where it fits and is not the prescribed one. */
  substitute?: Product;
}

/** What is to be handed out, when all of it can be. */
export interface HandOutOrder {
  quantity: number;
  packs: FittingPack[];
  without?: WithoutReason;
  substitution?: { product: Product; reason: SubstitutionReason };
}

type Fault = 'whole' | 'too-much' | 'too-few' | 'mixed';

/** What a pharmacist puts together for one prescription: packs, what has no serial number, and how much of it. */
export function useHandOut({
  prescription,
  request,
  lists,
  own,
}: {
  prescription: PrescriptionSummary | undefined;
  request: MedicationRequest | null;
  /** What the formulary says of substitutes. */
  lists: Interchange;
  /** Id of the pharmacy. */
  own: string;
}) {
  const { add, clear, refresh, remove, retry, scans, problem, asking } = useScans();
  const [without, setWithout] = useState<WithoutReason | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [reason, setReason] = useState<SubstitutionReason | null>(null);
  const now = useNow(60_000);

  const prescribed = request
    ? findProduct(codeOf(request.medicationCodeableConcept, systems.product) ?? '')
    : undefined;
  const substitutable = request?.substitution.allowedBoolean ?? false;
  const judged = scans.map((scan): JudgedPack => {
    const fault = scan.looked && packFault(scan, scan.looked, { prescribed, substitutable, lists, own, now });
    const units = scan.item.kind === 'pack' ? (packSize(scan.item.gtin) ?? 0) : 0;
    const product = scan.item.kind === 'pack' ? findProductByGtin(scan.item.gtin) : undefined;
    const isOther = fault === null && product !== undefined && product.code !== prescribed?.code;
    return { scan, fault, units, ...(isOther && { substitute: product }) };
  });
  const packs = judged.flatMap(({ scan, fault }) => (fault === null ? fittingPack(scan.looked) : []));
  const units = judged.reduce((sum, pack) => sum + (pack.fault === null ? pack.units : 0), 0);
  const left = prescription?.left ?? 0;

  const suggested = packs.length > 0 && without === null ? Math.min(units, left) : suggestedOf(prescription);
  const quantity = typed ?? String(suggested);
  const parsed = parseQuantity(quantity, left);
  const tooFew = without === null && judged.length > 0 && 'quantity' in parsed && parsed.quantity > units;
  // One record of a dispense names one medicine.
  const substitute = judged.find((pack) => pack.substitute)?.substitute;
  const products = new Set(judged.filter(({ fault }) => fault === null).map((pack) => pack.substitute?.code));
  const mixed = products.size > 1 || (substitute !== undefined && without !== null);
  const fault: Fault | null = mixed ? 'mixed' : 'fault' in parsed ? parsed.fault : tooFew ? 'too-few' : null;

  const isWhole = judged.length === packs.length && (packs.length > 0 || without !== null);
  const order: HandOutOrder | null =
    isWhole && fault === null && 'quantity' in parsed && (substitute === undefined || reason !== null)
      ? {
          ...{ quantity: parsed.quantity, packs, ...(without !== null && { without }) },
          ...(substitute !== undefined && reason !== null && { substitution: { product: substitute, reason } }),
        }
      : null;

  /** Takes the code of a pack; false where it is on the list. Throws Gs1Error. */
  const addCode = useCallback(
    (code: string): boolean => {
      setTyped(null);
      return add([readThing(code)]) > 0;
    },
    [add],
  );

  const reset = useCallback(() => {
    clear();
    setWithout(null);
    setTyped(null);
    setReason(null);
  }, [clear]);

  return {
    ...{
      judged,
      units,
      substitute,
      reason,
      setReason,
      without,
      setWithout,
      quantity,
      setQuantity: setTyped,
      fault,
      order,
    },
    ...{ addCode, remove, refresh, reset, retry, problem, asking },
  };
}
export type HandOut = ReturnType<typeof useHandOut>;

const suggestedOf = (prescription: PrescriptionSummary | undefined) =>
  prescription ? suggestedQuantity(prescription) : 0;
