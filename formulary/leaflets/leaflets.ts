import { everyday } from './everyday.ts';
import { heart } from './heart.ts';
import { infection } from './infection.ts';
import type { Leaflet } from './leaflet.ts';

/** Leaflets in plain words, written for the medicines of the demonstration. */
export const leaflets: readonly Leaflet[] = [...everyday, ...heart, ...infection];

const byCode = new Map(leaflets.map((leaflet) => [leaflet.atc, leaflet]));

/** The leaflet of a medicine by its ATC code; undefined where nobody has written one. */
export const leafletOf = (atc: string): Leaflet | undefined => byCode.get(atc);
