import { LedgerError } from '../../model/errors.ts';
import { requireHeld, requireState, whereaboutsOf, withhold } from './custody.ts';
import type { Captured } from './event.ts';
import { getItem, type Item, itemNamesOf, labelOf, putState } from './items.ts';
import { namedSite } from './place.ts';

/** Quarantines items, by their holder or, wherever they are, by the authority. */
export async function hold(captured: Captured): Promise<void> {
  const { draft, actor } = captured;
  const by = actor.kind === 'authority' ? 'authority' : 'holder';
  await eachOf(captured, async (item) => {
    // The authority makes a holder's quarantine its own.
    const isTakenOver = item.state === 'quarantined' && by === 'authority' && item.heldBy === 'holder';
    if (!isTakenOver) requireState(item, 'active');
    putState(draft, item, 'quarantined', by);
    if (!isTakenOver) withhold(draft, (await whereaboutsOf(draft, item)).containers, 1);
  });
}

/** Ends a quarantine: by the holder what a holder has quarantined, by the authority all. What is in none stays as it is. */
export async function release(captured: Captured): Promise<void> {
  const { draft, actor } = captured;
  await eachOf(captured, async (item) => {
    if (item.state !== 'quarantined') return;
    if (item.heldBy === 'authority' && actor.kind !== 'authority') {
      throw new LedgerError('NOT_AUTHORISED', `the authority has quarantined ${labelOf(item)}`);
    }
    putState(draft, item, 'active');
    withhold(draft, (await whereaboutsOf(draft, item)).containers, -1);
  });
}

/** Each item that an event names, which the caller has unless it is the authority. */
async function eachOf(captured: Captured, act: (item: Item) => Promise<void>): Promise<void> {
  const { draft, actor, event } = captured;
  const names = itemNamesOf('epcList' in event ? event.epcList : undefined, 'epcList');
  const isAuthority = actor.kind === 'authority';
  if (!isAuthority) await namedSite(captured);
  for (const name of names) {
    const item = await getItem(draft, name);
    if (!isAuthority) await requireHeld(draft, item, actor);
    await act(item);
  }
}
