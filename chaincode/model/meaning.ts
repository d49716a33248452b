import type { EpcisEvent } from '../../epcis/event.ts';
import { type BizStep, type Disposition, termOf } from '../../epcis/vocabulary.ts';

/** What an event means for custody. `note`: nothing; it is kept as the holder's word. */
export type Meaning =
  | 'commission'
  | 'pack'
  | 'unpack'
  | 'transform'
  | 'ship'
  | 'voidShipment'
  | 'receive'
  | 'accept'
  | 'decommission'
  | 'dispense'
  | 'destroy'
  | 'steal'
  | 'hold'
  | 'release'
  | 'note';

/** Business steps of CBV 2.0, section 7.1, that decide by themselves, whatever else an observation says. */
const bySteps: Readonly<Record<string, Meaning | undefined>> = {
  shipping: 'ship',
  void_shipping: 'voidShipment',
  receiving: 'receive',
  accepting: 'accept',
  dispensing: 'dispense',
  retail_selling: 'dispense',
  decommissioning: 'decommission',
  destroying: 'destroy',
  holding: 'hold',
} satisfies Partial<Record<BizStep, Meaning>>;

/** Dispositions of CBV 2.0, section 7.2, that decide where the step does not. */
const byDispositions: Readonly<Record<string, Meaning | undefined>> = {
  ...{ dispensed: 'dispense', retail_sold: 'dispense', inactive: 'decommission' },
  ...{ destroyed: 'destroy', disposed: 'destroy', stolen: 'steal' },
  ...{ damaged: 'hold', recalled: 'hold', expired: 'hold', non_conformant: 'hold', no_pedigree_match: 'hold' },
  ...{ non_sellable_other: 'hold', needs_replacement: 'hold', unknown: 'hold' },
  ...{ sellable_accessible: 'release', sellable_not_accessible: 'release' },
} satisfies Partial<Record<Disposition, Meaning>>;

export function meaningOf(event: EpcisEvent): Meaning {
  switch (event.type) {
    case 'AggregationEvent':
      if (event.action === 'OBSERVE') return 'note';
      return event.action === 'ADD' ? 'pack' : 'unpack';
    case 'TransformationEvent':
      return 'transform';
    case 'ObjectEvent': {
      if (event.action === 'ADD') return event.epcList?.length ? 'commission' : 'note';
      const step = bySteps[termOf('bizStep', event.bizStep ?? '') ?? ''];
      const ending = step ?? byDispositions[termOf('disposition', event.disposition ?? '') ?? ''];
      if (event.action === 'DELETE') return ending === 'dispense' || ending === 'destroy' ? ending : 'decommission';
      return ending ?? 'note';
    }
    default:
      return 'note';
  }
}
