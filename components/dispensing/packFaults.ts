import { type Fault, faultOf } from '#components/supply/judge.ts';
import type { Named } from '#components/supply/readThing.ts';
import { faultWords } from '#components/supply/words.ts';
import { productTitle } from '#fhir/coding.ts';
import type { Interchange } from '#formulary/interchange.ts';
import type { Product } from '#formulary/product.ts';
import { findProductByGtin } from '#formulary/products.ts';
import { type SubstitutionFault, substitutionOf } from '#formulary/substitution.ts';
import { t } from '#messages/en.ts';
import type { Looked } from '#server/supply/schema.ts';

const text = t.dispensing.packs;

/** States in which a pack is not handed out. */
const ended = ['quarantined', 'decommissioned', 'dispensed', 'stolen', 'destroyed'] as const;
type Ended = (typeof ended)[number];

export type PackFault =
  | { why: 'case' | 'notInFormulary' | 'mismatch' | Ended }
  | { why: 'otherProduct'; what: string; because: SubstitutionFault }
  | { why: 'supply'; fault: Fault };

/**
 * What forbids handing out a pack for a prescription, before anything is signed; null where nothing does. `own` is the
 * pharmacy, `prescribed` the product of the formulary; without it nothing can be compared, and no pack fits. `substitutable`:
 * the prescriber has not excluded a substitute. `lists`: what the formulary says of substitutes.
 */
export function packFault(
  { item, batch, expiry }: Named,
  looked: Looked,
  {
    prescribed,
    substitutable,
    lists,
    own,
    now,
  }: {
    prescribed: Product | undefined;
    substitutable: boolean;
    lists?: Interchange | undefined;
    own: string;
    now: number;
  },
): PackFault | null {
  if (item.kind !== 'pack') return { why: 'case' };
  const product = findProductByGtin(item.gtin);
  if (product === undefined || prescribed === undefined) return { why: 'notInFormulary' };
  const standing = substitutionOf(prescribed, product, { allowed: substitutable, ...lists });
  if (standing.kind === 'refused') {
    return { why: 'otherProduct', what: productTitle(product), because: standing.why };
  }
  if (!looked.known) return { why: 'supply', fault: { why: 'unknown' } };
  // A label that says something else than the ledger is not the one that was printed for this number.
  if (differ(batch, looked.batch) || differ(expiry, looked.expiry)) return { why: 'mismatch' };
  const state = ended.find((name) => name === looked.state);
  if (state !== undefined) return { why: state };
  const fault = faultOf('decommission', looked, own, now);
  return fault && { why: 'supply', fault };
}

const differ = (printed: string | undefined, recorded: string | undefined) =>
  printed !== undefined && printed !== recorded;

/** The reason in words. */
export function packFaultWords(fault: PackFault): string {
  if (fault.why === 'supply') return faultWords(fault.fault);
  if (fault.why === 'otherProduct') return text.faults.otherProduct(fault.what, text.because[fault.because]);
  return text.faults[fault.why];
}
