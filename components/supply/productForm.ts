import { type ProductRegistration, productRegistration } from '#chaincode/model/product.ts';
import type { CodeFault } from '#components/ui/CodeField.tsx';
import { Gs1Error } from '#gs1/error.ts';
import { parseGtin } from '#gs1/gtin.ts';
import { t } from '#messages/en.ts';
import type { PrefixLength } from './sscc.ts';

const text = t.supply.products.register;

/** A product as its maker types it. */
export interface ProductForm {
  /** 8, 12, 13 or 14 digits. */
  gtin: string;
  name: string;
  prefixLength: PrefixLength;
  isStored: boolean;
  /** Whole degrees Celsius. */
  coldest: string;
  warmest: string;
}

export interface ProductFaults {
  gtin?: CodeFault;
  name?: string;
  storage?: string;
}

/** What keeps a product from being registered, field by field; the GTIN at its character. */
export function faultsOf(form: ProductForm): ProductFaults {
  const { name, storage } = productRegistration.shape;
  const gtin = gtinOf(form.gtin);
  return {
    ...(typeof gtin !== 'string' && { gtin }),
    ...(!name.safeParse(form.name.trim()).success && { name: text.nameWrong }),
    ...(form.isStored && !storage.safeParse(limitsOf(form)).success && { storage: text.storageWrong }),
  };
}

/** GTIN-14, or what is wrong with what is typed. */
export function gtinOf(typed: string): string | CodeFault {
  try {
    return parseGtin(typed);
  } catch (error) {
    if (!(error instanceof Gs1Error)) throw error;
    return { message: error.message, position: error.position };
  }
}

const limitsOf = ({ coldest, warmest }: ProductForm) => ({
  minCelsius: degreesOf(coldest),
  maxCelsius: degreesOf(warmest),
});
const degreesOf = (typed: string) =>
  /^[-−]?\d{1,3}$/.test(typed.trim()) ? Number(typed.trim().replace('−', '-')) : NaN;

/** What is signed. Throws where something is wrong with the form. */
export function productOf(form: ProductForm, maker: string): ProductRegistration {
  const { name, prefixLength, isStored } = form;
  const gtin = gtinOf(form.gtin);
  return productRegistration.parse({
    ...{ gtin, name: name.trim(), maker, prefixLength },
    ...(isStored && { storage: limitsOf(form) }),
  });
}
