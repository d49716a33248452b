import { type CoverageTier, productCode } from '#chaincode/model/formulary.ts';
import { type BenefitCategory, benefitCategory } from '#chaincode/model/plan.ts';
import type { Claim } from '#fhir/claim.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { type EligibilityRequest, netOf } from '#fhir/eligibility.ts';
import { amountOf } from '#fhir/money.ts';
import type { FormularyList } from '#formulary/coverage.ts';
import { findProduct } from '#formulary/products.ts';

/** What is billed, as plans and rules ask for it. */
export interface ClaimItem {
  /** From 1. */
  sequence: number;
  category: BenefitCategory;
  /** Of the formulary (`MP-…`), or of a price list. */
  code: string;
  /** Of a medicine, as the formulary has it and not as it is claimed; absent of a service, and of a product that nobody knows. */
  atc?: string;
  /** `unlisted`: the national formulary says nothing of it; of services always. */
  tier: CoverageTier | 'unlisted';
  /** Whole units, in the product's own unit. */
  quantity: number;
  unit: string;
  /** Billed for all of the quantity, in minor units. */
  net: number;
}

type Written = Pick<Claim['item'][number], 'category' | 'productOrService' | 'quantity'>;

function itemOf(written: Written, sequence: number, net: number, list: FormularyList): ClaimItem {
  const { productOrService, quantity } = written;
  const code = codeOf(productOrService, systems.product) ?? codeOf(productOrService, systems.service) ?? '';
  const product = findProduct(code);
  return {
    ...{ sequence, code, quantity: quantity.value, unit: quantity.unit, net },
    category: benefitCategory.parse(codeOf(written.category, systems.benefitCategory)),
    ...(product !== undefined && { atc: product.atc }),
    tier: product === undefined ? 'unlisted' : list.coverageOf(product).tier,
  };
}

/** The items of a claim; `list` is the national formulary. */
export const itemsOfClaim = ({ item }: Claim, list: FormularyList): ClaimItem[] =>
  item.map((each) => itemOf(each, each.sequence, amountOf(each.net), list));
/** The items of a question of eligibility. */
export const itemsOfQuestion = ({ item }: EligibilityRequest, list: FormularyList): ClaimItem[] =>
  item.map((each, index) => itemOf(each, index + 1, netOf(each), list));

/** Why an item is not what it says: a product that the formulary does not have, counted in another unit than its own, or a medicine that is none. */
export function itemFault({ category, code, unit }: ClaimItem): 'unknownProduct' | 'unit' | 'category' | undefined {
  const isProduct = productCode.safeParse(code).success;
  if (isProduct !== (category === 'medicine')) return 'category';
  if (!isProduct) return undefined;
  const product = findProduct(code);
  if (product === undefined) return 'unknownProduct';
  return product.unit === unit ? undefined : 'unit';
}
