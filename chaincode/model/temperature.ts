import type { EpcisEvent, SensorReport } from '../../epcis/event.ts';
import { termOf } from '../../epcis/vocabulary.ts';
import type { Storage } from './product.ts';

/** Units of UN/ECE Recommendation 20 as degrees Celsius. */
const toCelsius: Readonly<Record<string, (value: number) => number>> = {
  CEL: (value) => value,
  KEL: (value) => value - 273.15,
  FAH: (value) => ((value - 32) * 5) / 9,
};

/** All temperatures that an event's sensors tell, in degrees Celsius; one in a unit that is none of temperature is no temperature. */
export function temperaturesOf({ sensorElementList = [] }: EpcisEvent): number[] {
  return sensorElementList.flatMap(({ sensorReport }) => sensorReport.flatMap(celsiusOf));
}

function celsiusOf({ type, uom, value, minValue, maxValue }: SensorReport): number[] {
  const convert = toCelsius[uom ?? ''];
  if (termOf('measurementType', type) !== 'Temperature' || !convert) return [];
  return [value, minValue, maxValue].filter((one) => one !== undefined).map(convert);
}

/** A hundredth of a degree is not looked at: 35.6 °F are 2 °C, whatever a machine makes of it. */
export function isOutside(celsius: number, { minCelsius, maxCelsius }: Storage): boolean {
  return celsius < minCelsius - 0.01 || celsius > maxCelsius + 0.01;
}

/** What the sensors of an event were with: a container where it is about one, with all that is in it. */
export function sensedEpcs(event: EpcisEvent): readonly string[] {
  if ('parentID' in event && event.parentID !== undefined) return [event.parentID];
  if (event.type === 'TransformationEvent') return event.outputEPCList ?? [];
  return ('epcList' in event ? event.epcList : undefined) ?? [];
}
