import type { EpcisEvent } from '#epcis/event.ts';
import { termOf } from '#epcis/vocabulary.ts';
import type { Step } from './fact.ts';

const byBizStep: Partial<Record<string, Step>> = {
  shipping: 'ship',
  receiving: 'receive',
  accepting: 'receive',
  decommissioning: 'decommission',
  dispensing: 'dispense',
  destroying: 'destroy',
};

/** What an event does to custody, as the contract understands it (CBV 2.0, sections 7.1 and 7.2). */
export function stepOf(event: EpcisEvent): Step {
  if (event.type === 'TransformationEvent') return 'transform';
  if (event.type === 'AggregationEvent') {
    return event.action === 'ADD' ? 'pack' : event.action === 'DELETE' ? 'unpack' : 'observe';
  }
  if (event.type !== 'ObjectEvent') return 'observe';
  const step = event.bizStep === undefined ? undefined : termOf('bizStep', event.bizStep);
  const disposition = event.disposition === undefined ? undefined : termOf('disposition', event.disposition);
  if (event.action === 'ADD') return 'commission';
  if (event.errorDeclaration !== undefined) return step === 'decommissioning' ? 'undo' : 'observe';
  if (disposition === 'stolen') return 'steal';
  if (step === 'holding' && disposition === 'non_sellable_other') return 'hold';
  if (step === 'storing' && disposition === 'sellable_accessible') return 'release';
  return (step === undefined ? undefined : byBizStep[step]) ?? 'observe';
}
