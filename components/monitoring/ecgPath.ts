/** Millimetres of paper: 25 mm a second and 10 mm a millivolt, as strips are printed. */
export const paper = { pixelsInMm: 4, mmInSecond: 25, mmInMillivolt: 10 } as const;
const pixelsInSecond = paper.pixelsInMm * paper.mmInSecond;
const pixelsInMillivolt = paper.pixelsInMm * paper.mmInMillivolt;
/** A large square of the paper, in millivolts. */
const square = 0.5;

export interface DrawnStrip {
  seconds: number;
  width: number;
  height: number;
  /** Least and greatest value, in millivolts. */
  low: number;
  high: number;
  path: string;
}

/** A strip's values (samples a second, then microvolts) on paper; where several samples share a pixel, each is drawn. */
export function drawStrip([samplesASecond = 1, ...microvolts]: readonly number[]): DrawnStrip {
  const millivolts = microvolts.map((sample) => sample / 1000);
  const low = millivolts.reduce((least, value) => Math.min(least, value), 0);
  const high = millivolts.reduce((most, value) => Math.max(most, value), 0);
  const top = Math.ceil(high / square + 0.5) * square;
  const bottom = Math.floor(low / square - 0.5) * square;
  const seconds = millivolts.length / samplesASecond;
  const points = millivolts.map((value, index) => {
    const x = (index / samplesASecond) * pixelsInSecond;
    const y = (top - value) * pixelsInMillivolt;
    return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
  });
  const height = Math.round((top - bottom) * pixelsInMillivolt);
  return { seconds, width: Math.ceil(seconds * pixelsInSecond), height, low, high, path: `M${points.join('L')}` };
}
