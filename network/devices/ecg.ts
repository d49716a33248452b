import { chanceOf, scatter } from './noise.ts';

/** Samples a second of a strip, and how many seconds one is long. */
export const ecgRate = 125;
export const ecgSeconds = 10;

/** One beat of lead I: where each wave is (seconds from the R peak at 60 beats a minute), how wide and how high (µV). */
const waves = [
  { name: 'P', at: -0.18, width: 0.028, height: 120 },
  { name: 'Q', at: -0.03, width: 0.01, height: -90 },
  { name: 'R', at: 0, width: 0.011, height: 1050 },
  { name: 'S', at: 0.03, width: 0.011, height: -220 },
  { name: 'T', at: 0.26, width: 0.055, height: 260 },
] as const;

/**
 * A strip of lead I in microvolts, as sums of Gaussians (after McSharry and others, 2003). With irregularity 1 the beats come as in
 * atrial fibrillation: no P wave, a fine ripple, and nothing regular in their distance.
 */
export function ecgStrip(seed: number, at: number, heartRate: number, irregularity: number): number[] {
  const mean = 60 / heartRate;
  const peaks: number[] = [];
  let next = -chanceOf(seed, 'first beat', at) * mean;
  for (let beat = 0; next < ecgSeconds + 1; beat += 1) {
    peaks.push(next);
    const spread = 0.02 + 0.19 * irregularity;
    next += mean * Math.min(1.7, Math.max(0.5, 1 + spread * scatter(seed, 'beat', at + beat)));
  }
  const squeeze = Math.sqrt(mean);
  return Array.from({ length: ecgRate * ecgSeconds }, (_, index) => {
    const time = index / ecgRate;
    let level = 25 * Math.sin(2 * Math.PI * 0.25 * time) + 9 * scatter(seed, 'hum', at + index);
    level += irregularity * 45 * Math.sin(2 * Math.PI * 6.3 * time + 1.5 * Math.sin(2 * Math.PI * 0.9 * time));
    for (const peak of peaks) {
      if (Math.abs(time - peak) > 0.8) continue;
      for (const { name, at: offset, width, height } of waves) {
        const narrow = name === 'T' || name === 'P' ? squeeze : 1;
        const distance = (time - peak - offset * narrow) / (width * narrow);
        const size = name === 'P' ? height * (1 - irregularity) : height;
        level += size * Math.exp((-distance * distance) / 2);
      }
    }
    return Math.round(level);
  });
}
