import { LedgerError } from '../../model/errors.ts';
import { type Meaning, meaningOf } from '../../model/meaning.ts';
import type { EventRecord } from '../../model/trace.ts';
import { commission } from './commissioning.ts';
import { declare } from './declaring.ts';
import { decommission, destroy, dispense, steal } from './ending.ts';
import type { Captured } from './event.ts';
import { countExcursions } from './excursions.ts';
import { hold, release } from './holding.ts';
import { note } from './noting.ts';
import { pack, unpack } from './packing.ts';
import { accept, receive, ship, voidShipment } from './shipping.ts';
import { transform } from './transforming.ts';

/** What each meaning does, where the kind of event does not say it. */
const acts: Readonly<Partial<Record<Meaning, (captured: Captured) => Promise<void>>>> = {
  ...{ ship, voidShipment, receive, accept },
  ...{ decommission, dispense, destroy, steal },
  ...{ hold, release },
};

/** What the authority says about others' medicines; it has none itself. */
const ofAuthority: readonly Meaning[] = ['hold', 'release'];

/** Applies one event to the draft, whole or not at all; `before` is what was decided about the event. Throws what refuses it. */
export async function apply(captured: Captured, before: EventRecord | undefined): Promise<void> {
  const { event, actor } = captured;
  const meaning = meaningOf(event);
  if (actor.kind === 'authority' && !ofAuthority.includes(meaning)) {
    throw new LedgerError('NOT_AUTHORISED', 'the authority quarantines and releases, and nothing else');
  }
  if (event.errorDeclaration) return declare(captured, before);
  await act(captured, meaning);
  await countExcursions(captured);
}

async function act(captured: Captured, meaning: Meaning): Promise<void> {
  const { event } = captured;
  if (event.type === 'AggregationEvent' && meaning === 'pack') return pack({ ...captured, event });
  if (event.type === 'AggregationEvent' && meaning === 'unpack') return unpack({ ...captured, event });
  if (event.type === 'TransformationEvent') return transform({ ...captured, event });
  if (event.type === 'ObjectEvent' && meaning === 'commission') return commission({ ...captured, event });
  await (acts[meaning] ?? note)(captured);
}
