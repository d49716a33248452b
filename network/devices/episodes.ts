/** Ways in which somebody becomes ill, as they move what sensors measure. */
export const episodeKinds = ['sepsis', 'copd', 'hypoglycaemia', 'atrialFibrillation'] as const;
export type EpisodeKind = (typeof episodeKinds)[number];

export interface Episode {
  kind: EpisodeKind;
  /** Milliseconds of the epoch. */
  start: number;
  /** From the first sign to the worst, and from there back. */
  riseMs: number;
  fallMs: number;
  /** Between them. */
  holdMs: number;
  /** 1 is a severe case. */
  severity: number;
}

/** What an episode adds to each measure at its worst. */
export interface Shift {
  heartRate: number;
  respiratoryRate: number;
  spo2: number;
  systolic: number;
  diastolic: number;
  temperature: number;
  /** mmol/L */
  glucose: number;
  /** Share of normal beats that come out of time. */
  irregularity: number;
  /** 0 alert; from 0.5 on new confusion. */
  confusion: number;
}

const none: Shift = {
  ...{ heartRate: 0, respiratoryRate: 0, spo2: 0, systolic: 0, diastolic: 0, temperature: 0, glucose: 0 },
  ...{ irregularity: 0, confusion: 0 },
};

const worst: Record<EpisodeKind, Partial<Shift>> = {
  sepsis: {
    ...{ heartRate: 48, respiratoryRate: 12, spo2: -5, systolic: -34, diastolic: -18, temperature: 2.4 },
    ...{ glucose: 2.5, confusion: 0.8 },
  },
  copd: { heartRate: 26, respiratoryRate: 13, spo2: -9, systolic: 14, diastolic: 6, temperature: 0.6, confusion: 0.3 },
  hypoglycaemia: { heartRate: 22, respiratoryRate: 2, systolic: 12, temperature: -0.3, glucose: -4.6, confusion: 0.6 },
  atrialFibrillation: { heartRate: 62, respiratoryRate: 4, spo2: -2, systolic: -16, diastolic: -6, irregularity: 1 },
};

/** How far an episode has come: 0 outside of it, 1 at its worst. */
export function depthOf({ start, riseMs, holdMs, fallMs }: Episode, at: number): number {
  const since = at - start;
  if (since <= 0) return 0;
  if (since < riseMs) return smooth(since / riseMs);
  if (since < riseMs + holdMs) return 1;
  const falling = (since - riseMs - holdMs) / fallMs;
  return falling >= 1 ? 0 : smooth(1 - falling);
}

const smooth = (part: number) => part * part * (3 - 2 * part);

/** What all episodes together add at a moment. */
export function shiftAt(episodes: readonly Episode[], at: number): Shift {
  const sum = { ...none };
  for (const episode of episodes) {
    const depth = depthOf(episode, at) * episode.severity;
    if (depth === 0) continue;
    const own = { ...none, ...worst[episode.kind] };
    sum.heartRate += depth * own.heartRate;
    sum.respiratoryRate += depth * own.respiratoryRate;
    sum.spo2 += depth * own.spo2;
    sum.systolic += depth * own.systolic;
    sum.diastolic += depth * own.diastolic;
    sum.temperature += depth * own.temperature;
    sum.glucose += depth * own.glucose;
    sum.irregularity = Math.max(sum.irregularity, depth * own.irregularity);
    sum.confusion = Math.max(sum.confusion, depth * own.confusion);
  }
  return sum;
}
