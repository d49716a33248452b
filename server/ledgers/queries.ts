import type { Actor } from '../people/schema.ts';
import type { LedgerFigures, Span } from './schema.ts';
import * as service from './service.ts';

/** Health and figures over time of the chains that the actor may watch. */
export function ledgerFigures(actor: Actor, span: Span): Promise<LedgerFigures> {
  return service.ledgerFigures(actor, span);
}
