import type { Actor } from '../people/schema.ts';
import * as basics from './basics.ts';
import * as recalls from './recalls.ts';
import type {
  BatchLabels,
  DeliveryView,
  RecallView,
  ShipmentView,
  StockRow,
  SupplyBasics,
  SupplyToday,
} from './schema.ts';
import * as shipments from './shipments.ts';
import * as stock from './stock.ts';
import * as today from './today.ts';

/** The actor's institution with its places, everybody's places, and all products. */
export function readBasics(actor: Actor): Promise<SupplyBasics> {
  return basics.readBasics(actor);
}

/** What waits for the actor's institution, and what it has. */
export function readToday(actor: Actor): Promise<SupplyToday> {
  return today.readToday(actor);
}

/** What the actor's institution has, by batch and place. */
export function readStock(actor: Actor): Promise<StockRow[]> {
  return stock.readStock(actor);
}

/** Packs of a batch in the actor's stock, for their labels. */
export function readLabels(actor: Actor, batch: { gtin: string; batch: string }): Promise<BatchLabels> {
  return stock.readLabels(actor, batch);
}

/** Shipments to the actor's institution that have not arrived whole. */
export function listArriving(actor: Actor): Promise<ShipmentView[]> {
  return shipments.listArriving(actor);
}

/** What the actor's institution has sent. */
export function listSent(actor: Actor): Promise<ShipmentView[]> {
  return shipments.listSent(actor);
}

/** One shipment to the actor's institution with what should be in it. */
export function readDelivery(actor: Actor, shipment: string): Promise<DeliveryView> {
  return shipments.readDelivery(actor, { shipment });
}

/** Recalls of what the actor's institution makes or has. */
export function listRecalls(actor: Actor): Promise<RecallView[]> {
  return recalls.listRecalls(actor);
}
