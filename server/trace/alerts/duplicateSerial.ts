import { placeOf } from '../../supplyIndexer/fact.ts';
import { about, type Rule } from './rule.ts';

const gone: ReadonlySet<string> = new Set(['decommissioned', 'dispensed', 'destroyed']);
/** What somebody does with a pack in the hand, without having received it. */
const inHand: ReadonlySet<string> = new Set(['decommission', 'dispense', 'undo', 'note', 'hold', 'destroy', 'steal']);

/** One serial number on two packs. */
export const duplicateSerial: Rule = {
  id: 'duplicateSerial',
  level: 'critical',
  description:
    'One serial number was used twice: commissioned again, taken out of stock or seen again after it had left, or in the hand of somebody who never received it while another holds it.',
  source:
    'Delegated Regulation (EU) 2016/161, articles 4 (the unique identifier is of one pack alone), 12 (what was decommissioned is not supplied again) and 36(b) (verification that fails alerts); DSCSA, FD&C Act section 581(21), suspect product.',
  judge(judged) {
    const { fact, subjects } = judged;
    if (fact.outcome !== 'refused') return [];
    const found = (how: string) => [{ ...about(judged), site: placeOf(fact), facts: { how } }];
    if (fact.step === 'commission' && fact.code === 'ALREADY_EXISTS') return found('commissionedAgain');
    if (!inHand.has(fact.step)) return [];
    if (fact.code === 'WRONG_STATE' && fact.step !== 'undo' && subjects.some(({ state }) => gone.has(state)))
      return found('leftAgain');
    const elsewhere = subjects.find(({ holder }) => holder !== fact.party);
    if (fact.code !== 'HELD_BY_ANOTHER' || elsewhere === undefined) return [];
    return [
      {
        ...about(judged),
        site: placeOf(fact),
        facts: { how: 'seenTwice', holder: elsewhere.holder, otherSite: elsewhere.site ?? '' },
      },
    ];
  },
};
