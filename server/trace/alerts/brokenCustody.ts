import { placeOf } from '../../supplyIndexer/fact.ts';
import { about, type Rule } from './rule.ts';

const handing: ReadonlySet<string> = new Set(['ship', 'voidShipment', 'receive', 'accept', 'pack', 'unpack']);
const breaks: ReadonlySet<string> = new Set(['HELD_BY_ANOTHER', 'WRONG_STATE', 'NOT_FOUND', 'NOT_AUTHORISED']);

/** Somebody hands on or takes what was not handed to them. */
export const brokenCustody: Rule = {
  id: 'brokenCustody',
  level: 'serious',
  description:
    'A pack or container was shipped by somebody who does not hold it or may not send it on, received by somebody to whom it was not shipped, or its number was never commissioned.',
  source:
    'DSCSA, FD&C Act section 582(g) (each exchange is traced); Delegated Regulation (EU) 2016/161, article 20(b) (wholesalers verify what did not come from the maker); EU Guidelines on Good Distribution Practice 2013/C 343/01, 5.2 and 5.3 (suppliers and customers are authorised).',
  judge(judged) {
    const { fact, subjects } = judged;
    if (fact.outcome !== 'refused' || fact.code === null || !breaks.has(fact.code)) return [];
    // A number that nobody commissioned has no custody, whatever is done with it.
    if (!handing.has(fact.step) && fact.code !== 'NOT_FOUND') return [];
    const [first] = subjects;
    const facts = {
      ...{ step: fact.step, code: fact.code },
      ...(first !== undefined && { holder: first.holder, state: first.state, shippedTo: first.shippedTo ?? '' }),
    };
    return [{ ...about(judged), site: placeOf(fact), facts }];
  },
};
