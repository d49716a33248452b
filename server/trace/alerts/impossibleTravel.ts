import { placeOf } from '../../supplyIndexer/fact.ts';
import { distanceBetween } from '../distance.ts';
import { about, type Rule } from './rule.ts';

/** Speed of air freight; whoever is faster was not there. */
const mostKilometresPerHour = 900;
/** Clocks differ, and a place is as large as its premises. */
const freeKilometres = 30;

/** One thing was seen at two places that are too far apart for the time between. */
export const impossibleTravel: Rule = {
  id: 'impossibleTravel',
  level: 'critical',
  description: `A pack or container was seen at two places farther apart than ${freeKilometres} km and ${mostKilometresPerHour} km/h for the time between allow.`,
  source:
    'GS1 EPCIS 2.0 (event time and read point say when and where); Delegated Regulation (EU) 2016/161, article 37(d): potential falsification is investigated.',
  judge(judged) {
    const { fact, subjects } = judged;
    const place = placeOf(fact);
    const here = place === null ? undefined : judged.siteOf(place);
    if (here === undefined || place === null) return [];
    for (const subject of subjects) {
      if (subject.seenSite === null || subject.seenAt === null || subject.seenSite === place) continue;
      const there = judged.siteOf(subject.seenSite);
      if (there === undefined) continue;
      const kilometres = distanceBetween(there, here);
      const hours = Math.abs(fact.eventTime.getTime() - subject.seenAt.getTime()) / 3_600_000;
      if (kilometres <= freeKilometres + mostKilometresPerHour * hours) continue;
      const facts = { from: subject.seenSite, to: place, kilometres: Math.round(kilometres), hours: rounded(hours) };
      return [{ ...about(judged), site: place, facts }];
    }
    return [];
  },
};

const rounded = (hours: number) => Math.round(hours * 100) / 100;
