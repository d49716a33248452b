import { Gs1Error } from '#gs1/error.ts';
import { packOf, parseCode } from '#gs1/pack.ts';
import { t } from '#messages/en.ts';
import type { Item } from '#server/supply/schema.ts';

/** What a code names, and what else stands in it. */
export interface Named {
  item: Item;
  /** As printed; a forged label may say something else than the ledger. */
  batch?: string;
  /** Last day of use, `2027-06-30`. */
  expiry?: string;
}

/**
 * The pack or case that a scanned or typed code names: an element string as scanners send it or in brackets, a Digital Link, an
 * EPC URN, or the 18 digits of a case. Throws Gs1Error, which says where the fault is.
 */
export function readThing(code: string): Named {
  const elements = parseCode(/^\d{18}$/.test(code) ? `(00)${code}` : code);
  const pack = packOf(elements);
  if (pack !== undefined) {
    const { gtin, serial, ...said } = pack;
    return { item: { kind: 'pack', gtin, serial }, ...said };
  }
  const sscc = elements.get('00');
  if (sscc === undefined) throw new Gs1Error(t.supply.scan.neither, code.length);
  return { item: { kind: 'container', sscc } };
}
