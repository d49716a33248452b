/** The counter with a prescription open that is held here and needs no code. */
export const heldAddress = (id: string): string => `/pharmacy?held=${id}`;
