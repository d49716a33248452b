import { noteRecall } from './acts/recall.ts';
import { Draw } from './draw.ts';
import { without } from './goods.ts';
import { hourMs, type SimulationState, type Things } from './state.ts';
import type { Entry } from './telling.ts';

/** What the ledger says to what was told: where it disagrees, it is right. */

/** So long an institution does nothing that may not act. */
const suspendedMs = 6 * hourMs;

/**
 * Somebody else has done something with the things of an event that was refused, as the authority may: they are left alone from
 * now on. What somebody recalls is answered as any recall is.
 */
export function learnRefusal(state: SimulationState, { things }: Pick<Entry, 'things'>, code: string): void {
  forget(state, things);
  if (code !== 'RECALLED') return;
  const draw = new Draw(state.random);
  for (const lot of new Set([...things.packs.map(([of]) => of), ...things.boxes.map((box) => box.lot)])) {
    if (state.lots[lot]?.recalled === undefined) noteRecall({ state, draw }, lot, 'others', state.clock);
  }
  state.random = draw.state;
}

/** An institution may not record anything for now. */
export function learnSuspension(state: SimulationState, institution: number, entries: readonly Entry[]): void {
  state.suspended[institution] = state.clock + suspendedMs;
  for (const { things } of entries) forget(state, things);
}

function forget(state: SimulationState, things: Things): void {
  state.stock = state.stock.map((stock) => without(stock, things));
  state.agenda = state.agenda.map((act) => ('boxes' in act ? { ...act, ...without(act, things) } : act));
}
