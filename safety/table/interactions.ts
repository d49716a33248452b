import { bleeding } from './interactions/bleeding.ts';
import { heart } from './interactions/heart.ts';
import { nerves } from './interactions/nerves.ts';
import { others } from './interactions/others.ts';
import type { Interaction } from './interactions/row.ts';

export const interactions: readonly Interaction[] = [...bleeding, ...heart, ...nerves, ...others];
