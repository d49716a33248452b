import type { EpcisEvent, SensorReport } from '#epcis/event.ts';
import { termOf } from '#epcis/vocabulary.ts';

/** Into degrees Celsius, by the unit's code (UN/ECE Recommendation 20). */
const conversions: Record<string, (value: number) => number> = {
  CEL: (value) => value,
  FAH: (value) => ((value - 32) * 5) / 9,
  KEL: (value) => value - 273.15,
};

/** Temperatures in an event's sensor elements, degrees Celsius: each value, lowest and highest that is told. */
export function celsiusOf({ sensorElementList = [] }: EpcisEvent): number[] {
  return sensorElementList.flatMap(({ sensorReport }) => sensorReport.flatMap(temperaturesOf));
}

function temperaturesOf({ type, uom, value, minValue, maxValue }: SensorReport): number[] {
  const convert = uom === undefined ? undefined : conversions[uom];
  if (convert === undefined || termOf('measurementType', type) !== 'Temperature') return [];
  return [value, minValue, maxValue].flatMap((read) => (read === undefined ? [] : convert(read)));
}
