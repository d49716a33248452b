import type { SensorReport } from '../../../epcis/event.ts';
import { termOf } from '../../../epcis/vocabulary.ts';
import type { Storage } from '../../model/product.ts';
import type { Container } from '../../model/trace.ts';
import { added, batchesOf } from './custody.ts';
import type { Captured } from './event.ts';
import { findItem, type Item, isPack, itemNameOf, putContainer, putPack } from './items.ts';

/** GTIN → how many events told of a temperature outside of the product's limits. */
type Excursions = Record<string, number>;

/** Those of containers that lie in each other. */
export function excursionsOf(containers: readonly Container[]): Excursions {
  return containers.reduce<Excursions>((sum, { excursions }) => added(sum, excursions ?? {}), {});
}

/**
 * An item with `sign` times so many excursions more. What enters a container takes off those that were counted there before,
 * and what leaves it takes on those that are counted there then: so it has the ones of its own time.
 */
export function withExcursions(item: Item, change: Excursions, sign: 1 | -1): Item {
  if (isPack(item)) {
    return { ...item, excursions: (item.excursions ?? 0) + sign * (change[item.gtin] ?? 0) || undefined };
  }
  const excursions = added(item.excursions ?? {}, change, sign);
  return { ...item, excursions: Object.keys(excursions).length > 0 ? excursions : undefined };
}

/**
 * Counts an excursion on each item that an event's sensors were with, for the products in it that must not have been so warm
 * or cold.
 */
export async function countExcursions(captured: Captured): Promise<void> {
  const { event, draft, master, alerts } = captured;
  const celsius = temperaturesOf(event.sensorElementList?.flatMap(({ sensorReport }) => sensorReport) ?? []);
  if (celsius.length === 0) return;
  for (const epc of sensedEpcs(captured)) {
    const name = itemNameOf(epc);
    const item = name && (await findItem(draft, name));
    if (!item) continue;
    const counted: Excursions = {};
    for (const gtin of new Set(batchesOf(item).map((batch) => batch.gtin))) {
      const { storage } = await master.product(gtin);
      if (storage && celsius.some((value) => isOutside(value, storage))) counted[gtin] = 1;
    }
    if (Object.keys(counted).length === 0) continue;
    const warmed = withExcursions(item, counted, 1);
    if (isPack(warmed)) putPack(draft, warmed);
    else putContainer(draft, warmed);
    alerts.add('excursion');
  }
}

/** What the sensors of an event were with: a container where it is about one, with all that is in it. */
function sensedEpcs({ event }: Captured): readonly string[] {
  if ('parentID' in event && event.parentID !== undefined) return [event.parentID];
  if (event.type === 'TransformationEvent') return event.outputEPCList ?? [];
  return ('epcList' in event ? event.epcList : undefined) ?? [];
}

/** Units of UN/ECE Recommendation 20 as degrees Celsius. */
const toCelsius: Readonly<Record<string, (value: number) => number>> = {
  CEL: (value) => value,
  KEL: (value) => value - 273.15,
  FAH: (value) => ((value - 32) * 5) / 9,
};

/** All temperatures that reports name, in degrees Celsius; one in a unit that is none of temperature is no temperature. */
function temperaturesOf(reports: readonly SensorReport[]): number[] {
  return reports.flatMap(({ type, uom, value, minValue, maxValue }) => {
    const convert = toCelsius[uom ?? ''];
    if (termOf('measurementType', type) !== 'Temperature' || !convert) return [];
    return [value, minValue, maxValue].filter((one) => one !== undefined).map(convert);
  });
}

/** A hundredth of a degree is not looked at: 35.6 °F are 2 °C, whatever a machine makes of it. */
function isOutside(celsius: number, { minCelsius, maxCelsius }: Storage): boolean {
  return celsius < minCelsius - 0.01 || celsius > maxCelsius + 0.01;
}
