import type { EpcisEvent, SensorReport } from './event.ts';
import { type Fault, pointerOf } from './fault.ts';
import { unitFits } from './units.ts';
import { termOf } from './vocabulary.ts';

const values = ['value', 'minValue', 'maxValue', 'meanValue', 'sDev', 'percValue'] as const;
/** Numbers without a unit. */
const unitless = new Set(['Dimensionless', 'Count']);

function reportFaults(report: SensorReport, path: readonly PropertyKey[]): Fault[] {
  const faults: Fault[] = [];
  const add = (member: string, message: string) => faults.push({ pointer: pointerOf([...path, member]), message });
  const type = termOf('measurementType', report.type);
  if (report.uom !== undefined) {
    if (!/^[A-Z0-9]{2,3}$/.test(report.uom)) add('uom', 'A unit is a code of UN/ECE Recommendation 20, such as CEL.');
    else if (type !== undefined && !unitFits(type, report.uom)) add('uom', `${report.uom} is no unit of ${type}.`);
  } else if (type !== undefined && !unitless.has(type) && values.some((name) => report[name] !== undefined)) {
    add('uom', `A value of ${type} has a unit.`);
  }
  if (report.minValue !== undefined && report.maxValue !== undefined && report.minValue > report.maxValue) {
    add('maxValue', 'The highest value is below the lowest.');
  }
  if (report.percRank !== undefined && (report.percRank < 0 || report.percRank > 100)) {
    add('percRank', 'A percentile lies between 0 and 100.');
  }
  if (
    report.component !== undefined &&
    !report.component.includes(':') &&
    termOf('component', report.component) === undefined
  ) {
    add('component', `${report.component} is no component of the vocabulary.`);
  }
  return faults;
}

/** What is wrong with what sensors reported: units, orders of values, times. */
export function sensorFaults(event: EpcisEvent): Fault[] {
  return (event.sensorElementList ?? []).flatMap(({ sensorMetadata, sensorReport }, index) => {
    const path = ['sensorElementList', index];
    const faults = sensorReport.flatMap((report, at) => reportFaults(report, [...path, 'sensorReport', at]));
    const { startTime, endTime } = sensorMetadata ?? {};
    if (startTime !== undefined && endTime !== undefined && Date.parse(startTime) > Date.parse(endTime)) {
      faults.push({
        pointer: pointerOf([...path, 'sensorMetadata', 'endTime']),
        message: 'The end lies before the start.',
      });
    }
    return faults;
  });
}
