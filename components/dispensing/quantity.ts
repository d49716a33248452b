/** Reads whole units from 1 to what is left. */
export function parseQuantity(text: string, left: number): { quantity: number } | { fault: 'whole' | 'too-much' } {
  if (!/^\d{1,7}$/.test(text.trim())) return { fault: 'whole' };
  const quantity = Number(text.trim());
  if (quantity < 1) return { fault: 'whole' };
  return quantity > left ? { fault: 'too-much' } : { quantity };
}

/** What to suggest: one fill, or what is left of it. */
export function suggestedQuantity(prescription: { quantity: number; fills: number; left: number }): number {
  return Math.min(restOfFill(prescription), prescription.left);
}

/** Units that are left of the fill that was begun, or of a new one. */
export function restOfFill(prescription: { quantity: number; fills: number; left: number }): number {
  const given = prescription.quantity * prescription.fills - prescription.left;
  return prescription.quantity - (given % prescription.quantity);
}
