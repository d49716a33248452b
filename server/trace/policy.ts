import type { Product } from '#chaincode/model/product.ts';
import type { EpcisEvent } from '#epcis/event.ts';
import { termOf } from '#epcis/vocabulary.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';

/** Who may record events at all; the contract judges each event by who holds what it names. */
export const capturers: readonly Role[] = ['supplier', 'pharmacist', 'regulator'];
export const recallers: readonly Role[] = ['supplier', 'regulator'];

/** Steps that are of one role only. */
const only: Readonly<Record<string, Role>> = {
  commissioning: 'supplier',
  creating_class_instance: 'supplier',
  dispensing: 'pharmacist',
  retail_selling: 'pharmacist',
};
/** All that the authority does with packs: hold and release them. */
const authoritySteps: readonly string[] = ['holding', 'storing'];

/**
 * Refuses with FORBIDDEN what is never a role's to record, before anybody signs: a refusal by the contract would stand as a
 * suspicious event for ever.
 */
export function allowCapture({ role }: Actor, events: readonly EpcisEvent[]): void {
  for (const { bizStep = '' } of events) {
    const step = termOf('bizStep', bizStep) ?? bizStep;
    const owner = Object.hasOwn(only, step) ? only[step] : undefined;
    const foreign = owner !== undefined && owner !== role;
    if (foreign || (role === 'regulator' && !authoritySteps.includes(step))) {
      throw new AppError('FORBIDDEN', `${role} may not record ${step || 'an event without a step'}`);
    }
  }
}

/** A maker recalls the own products, the authority any. Throws FORBIDDEN, WRONG_CHANNEL. */
export function allowRecall({ role, institutionId }: Actor, { gtin, maker, channel }: Product, asked: string): void {
  if (role !== 'regulator' && (role !== 'supplier' || maker !== institutionId)) {
    throw new AppError('FORBIDDEN', `${gtin} is made by another`, {
      message: 'Only the maker and the authority recall a medicine.',
    });
  }
  if (channel !== asked) throw new AppError('WRONG_CHANNEL', `${gtin} is traced on ${channel}`);
}
