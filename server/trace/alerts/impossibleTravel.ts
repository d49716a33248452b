import { placeOf } from '../../supplyIndexer/fact.ts';
import { about, type Rule } from './rule.ts';

/** Speed of air freight; whoever is faster was not there. */
const mostKilometresPerHour = 900;
/** Clocks differ, and a place is as large as its premises. */
const freeKilometres = 30;
const earthRadiusKilometres = 6371;

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

type Point = { latitude: number; longitude: number };

/** Kilometres along the great circle (haversine). */
export function distanceBetween(one: Point, other: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const latitude = radians(other.latitude - one.latitude);
  const longitude = radians(other.longitude - one.longitude);
  const chord =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(longitude / 2) ** 2;
  return 2 * earthRadiusKilometres * Math.asin(Math.min(1, Math.sqrt(chord)));
}
