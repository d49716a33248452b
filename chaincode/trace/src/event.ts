import type { EpcisEvent } from '../../../epcis/event.ts';
import type { CaptureAlert } from '../../model/trace.ts';
import type { Actor } from './actor.ts';
import type { Draft } from './draft.ts';
import type { MasterData } from './masterData.ts';

/** One event on its way into the state. */
export interface Captured<E extends EpcisEvent = EpcisEvent> {
  event: E;
  hash: string;
  actor: Actor;
  /** Of the transaction; what the event says of its own time decides nothing. */
  at: Date;
  draft: Draft;
  master: MasterData;
  alerts: Set<CaptureAlert>;
}

type OfType<T extends EpcisEvent['type']> = Extract<EpcisEvent, { type: T }>;
export type ObjectEvent = OfType<'ObjectEvent'>;
export type AggregationEvent = OfType<'AggregationEvent'>;
export type TransformationEvent = OfType<'TransformationEvent'>;
