import { Gs1Error } from './error.ts';

/** Check digit of a key's other digits (GS1 General Specifications, section 7.9.1): weights 3 and 1 from the right. */
export function checkDigit(digits: string): number {
  if (!/^\d+$/.test(digits)) throw new RangeError('A check digit is counted over digits alone');
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    sum += Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 3 : 1);
  }
  return (10 - (sum % 10)) % 10;
}

/** The digits with their check digit behind them. */
export function withCheckDigit(digits: string): string {
  return `${digits}${checkDigit(digits)}`;
}

/** Whether the last of these digits is the check digit of the others; false for anything but digits. */
export function hasCheckDigit(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && checkDigit(digits.slice(0, -1)) === Number(digits.at(-1));
}

/**
 * A key of exactly `length` digits, the last of them its check digit.
 * @param name of the key in the sentence of an error, such as "An SSCC"
 * @param at where the key begins in the text that a person sees
 * @throws Gs1Error at the first wrong character
 */
export function readKey(text: string, length: number, name: string, at = 0): string {
  const wrong = text.search(/\D/);
  if (wrong >= 0 && wrong < length) throw new Gs1Error(`${name} has digits only.`, at + wrong);
  if (text.length !== length) {
    throw new Gs1Error(`${name} has ${length} digits, not ${text.length}.`, at + Math.min(text.length, length));
  }
  const due = checkDigit(text.slice(0, -1));
  if (due !== Number(text.at(-1))) {
    throw new Gs1Error(`The check digit should be ${due}, not ${text.at(-1)}.`, at + length - 1);
  }
  return text;
}
