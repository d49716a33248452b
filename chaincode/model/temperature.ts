import type { EpcisEvent, SensorReport } from '../../epcis/event.ts';
import { celsius } from '../../epcis/units.ts';
import { termOf } from '../../epcis/vocabulary.ts';
import type { Storage } from './product.ts';

/** All temperatures that an event's sensors tell, in degrees Celsius; one in a unit that is none of temperature is no temperature. */
export function temperaturesOf({ sensorElementList = [] }: EpcisEvent): number[] {
  return sensorElementList.flatMap(({ sensorReport }) => sensorReport.flatMap(celsiusOf));
}

function celsiusOf({ type, uom, value, minValue, maxValue }: SensorReport): number[] {
  if (termOf('measurementType', type) !== 'Temperature' || uom === undefined) return [];
  return [value, minValue, maxValue].flatMap((one) => (one === undefined ? [] : (celsius(one, uom) ?? [])));
}

export function isOutside(temperature: number, { minCelsius, maxCelsius }: Storage): boolean {
  return temperature < minCelsius || temperature > maxCelsius;
}

/** What the sensors of an event were with: a container where it is about one, with all that is in it. */
export function sensedEpcs(event: EpcisEvent): readonly string[] {
  if ('parentID' in event && event.parentID !== undefined) return [event.parentID];
  if (event.type === 'TransformationEvent') return event.outputEPCList ?? [];
  return ('epcList' in event ? event.epcList : undefined) ?? [];
}
