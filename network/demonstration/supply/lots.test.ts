import { describe, expect, it } from 'vitest';
import { productRegistration, siteRegistration } from '#chaincode/model/product.ts';
import { mostEpcs, mostEvents, serialNumber, sscc } from '#chaincode/model/trace.ts';
import { epcsOf, eventSchema } from '#epcis/event.ts';
import { institutions } from '../people.ts';
import { goods, sites } from './goods.ts';
import { caseOf, lots, serialsOf, stagesOf } from './lots.ts';

const today = new Date('2027-01-10T00:00:00Z');

describe('the demonstration’s goods', () => {
  it('are such as the registry takes, each under a number of its own', () => {
    for (const product of goods) expect(productRegistration.parse(product)).toEqual(product);
    for (const site of Object.values(sites)) {
      expect(siteRegistration.parse(site)).toEqual(site);
      expect(institutions.some(({ id }) => id === site.institutionId)).toBe(true);
    }
    expect(new Set(goods.map(({ gtin }) => gtin)).size).toBe(goods.length);
    expect(new Set(Object.values(sites).map(({ gln }) => gln)).size).toBe(Object.keys(sites).length);
  });

  it('lie in cases and have serial numbers that no other has, the same at every start', () => {
    const serials = lots.flatMap((lot) => serialsOf(lot).map((serial) => `${lot.gtin} ${serial}`));
    expect(new Set(serials).size).toBe(serials.length);
    for (const lot of lots) {
      expect(sscc.safeParse(caseOf(lot)).success).toBe(true);
      expect(serialsOf(lot).every((serial) => serialNumber.safeParse(serial).success)).toBe(true);
      expect(serialsOf(lot)).toEqual(serialsOf({ ...lot }));
    }
    expect(new Set(lots.map(caseOf)).size).toBe(lots.length);
  });

  it('have a past of events that a capture takes, alike on the same day', () => {
    const events = stagesOf(today).flatMap((stage) => lots.filter(stage.concerns).flatMap(stage.events));
    for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
    expect(events.length).toBeLessThan(mostEvents);
    expect(events.flatMap(epcsOf).length).toBeLessThan(mostEpcs);
    const again = stagesOf(today).flatMap((stage) => lots.filter(stage.concerns).flatMap(stage.events));
    expect(again).toEqual(events);
  });
});
