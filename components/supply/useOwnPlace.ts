'use client';

import { useState } from 'react';
import type { SiteView } from '#server/supply/schema.ts';

/** The place at which the person works: the chosen one, else the institution's first. */
export function useOwnPlace(own: SiteView[]) {
  const [chosen, setChosen] = useState<string | null>(null);
  return [own.some(({ gln }) => gln === chosen) ? (chosen ?? '') : (own[0]?.gln ?? ''), setChosen] as const;
}
