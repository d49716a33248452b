import type { Actor } from '../people/schema.ts';
import type { Overview } from './schema.ts';
import * as service from './service.ts';

/** Counts by channel and function, the last hour, and the newest changes. */
export function overview(actor: Actor): Promise<Overview> {
  return service.overview(actor);
}
