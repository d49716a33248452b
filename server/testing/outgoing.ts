import type { Outgoing, OutgoingStore } from '../gateways/ethereum/outgoing.ts';

/** What is on its way to a chain, kept by a test; it lives on when a gateway that was opened on it does not. */
export function outgoingInMemory(): OutgoingStore & { readonly kept: Outgoing[] } {
  const kept: Outgoing[] = [];
  return {
    kept,
    read: async () => kept[0],
    replace: async (_key, former, next) => {
      if (kept[0]?.raw !== former?.raw) return false;
      kept.splice(0, 1, ...(next === undefined ? [] : [next]));
      return true;
    },
  };
}
