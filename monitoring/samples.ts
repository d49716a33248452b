import type { Reading } from './reading.ts';

/** One reading of every measure, of somebody who is well: for tests and for the validation of what Medloom writes. */
export const sampleReadings = (at: number): Reading[] => [
  { at, measure: 'heartRate', values: [72], flags: 0 },
  { at, measure: 'respiratoryRate', values: [16], flags: 0 },
  { at, measure: 'saturation', values: [97], flags: 0 },
  { at, measure: 'oxygenFlow', values: [0], flags: 1 },
  { at, measure: 'consciousness', values: [0], flags: 1 },
  { at, measure: 'bloodPressure', values: [124, 78], flags: 0 },
  { at, measure: 'temperature', values: [36.8], flags: 0 },
  { at, measure: 'glucose', values: [5.4], flags: 0 },
  { at, measure: 'weight', values: [81.4], flags: 0 },
  { at, measure: 'ecg', values: [250, 0, 12, 80, 960, -140, 20, 5, 0], flags: 0 },
  { at, measure: 'fall', values: [1], flags: 0 },
];
