import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { type State, writeStates } from '../../ledger/batches.ts';
import { Table, type Undoable } from '../../ledger/table.ts';
import { container, eventRecord, pack, productRecalls } from '../../model/trace.ts';

/** Keys: one record a key, so that captures of different packs never conflict. */
export const objectTypes = {
  /** GTIN, serial → pack */
  pack: 'pack',
  /** SSCC → container */
  container: 'container',
  /** SSCC, `pack`, GTIN, serial; or SSCC, `container`, SSCC: what is directly in a container */
  child: 'child',
  /** hash → what was decided about an event */
  event: 'event',
  /** hash → what was decided about the declaration that the event is wrong */
  declaration: 'declaration',
  /** time from the newest, hash, `event` or `declaration`: those that were refused */
  suspicious: 'suspicious',
  /** GTIN → all recalls of the product */
  recalls: 'recalls',
} as const;

/** A key that says all by being there. */
const mark = z.literal(1);

/** The state of a supply channel as the transaction leaves it. */
export class Draft implements Undoable {
  readonly packs;
  readonly containers;
  readonly children;
  readonly events;
  readonly declarations;
  readonly suspicious;
  readonly recalls;
  private readonly ctx: Context;
  private readonly tables: readonly Undoable[];

  constructor(ctx: Context) {
    this.ctx = ctx;
    this.packs = new Table(ctx, objectTypes.pack, pack);
    this.containers = new Table(ctx, objectTypes.container, container);
    this.children = new Table(ctx, objectTypes.child, mark);
    this.events = new Table(ctx, objectTypes.event, eventRecord);
    this.declarations = new Table(ctx, objectTypes.declaration, eventRecord);
    this.suspicious = new Table(ctx, objectTypes.suspicious, mark);
    this.recalls = new Table(ctx, objectTypes.recalls, productRecalls);
    this.tables = [
      ...[this.packs, this.containers, this.children, this.events, this.declarations],
      ...[this.suspicious, this.recalls],
    ];
  }

  keep(): void {
    for (const table of this.tables) table.keep();
  }

  drop(): void {
    for (const table of this.tables) table.drop();
  }

  states(): State[] {
    return this.tables.flatMap((table) => table.states());
  }

  /** Writes all that has stayed to the ledger. */
  write(): Promise<void> {
    return writeStates(this.ctx, this.states());
  }
}
