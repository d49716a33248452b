import { atcCode, productCode } from '#chaincode/model/formulary.ts';
import { productTitle } from '#fhir/coding.ts';
import { findProduct, medicines } from '#formulary/products.ts';
import { t } from '#messages/en.ts';

const text = t.formulary.codes;

/** What an entry is about, in words: a product, or the medicines of an ATC group; undefined for a code that names neither. */
export function codeWords(code: string): string | undefined {
  const product = findProduct(code);
  if (product !== undefined) return productTitle(product);
  if (!atcCode.safeParse(code).success) return undefined;
  const inGroup = medicines.filter(({ atc }) => atc.startsWith(code));
  const [only] = inGroup;
  if (only === undefined) return undefined;
  return code.length === 7 ? only.name : text.group(inGroup.length, only.name);
}

/** Code as it is typed, with the ATC code of a product; undefined where nobody knows it. */
export function readCode(typed: string): { code: string; atc?: string } | undefined {
  const code = typed.trim().toUpperCase();
  const product = productCode.safeParse(code).success ? findProduct(code) : undefined;
  if (product !== undefined) return { code, atc: product.atc };
  return codeWords(code) === undefined ? undefined : { code };
}
