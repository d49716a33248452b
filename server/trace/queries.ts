import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import { rules } from './alerts/catalogue.ts';
import { listAlerts } from './reading/alerts.ts';
import { dashboard as readDashboard } from './reading/dashboard.ts';
import * as recalls from './reading/recalls.ts';
import { scopeOf } from './reading/scope.ts';
import * as story from './reading/story.ts';
import * as schema from './schema.ts';

/** What pages read of the supply chain; each answers the reader's own part and refuses others with FORBIDDEN. */

/** All that the authority's first screen shows. */
export const dashboard = (actor: Actor, filter: schema.FlowFilter): Promise<schema.Dashboard> =>
  readDashboard(actor, filter);

/** Alerts, newest first, page by page; those that are open where the filter names no state. */
export const alerts = (actor: Actor, filter: schema.AlertFilter = {}): Promise<schema.AlertPage> =>
  listAlerts(actor, schema.alertFilter.parse(filter));

/** What each kind of alert means, and by which rule of the field. */
export function alertRules(actor: Actor): { id: string; level: string; description: string; source: string }[] {
  scopeOf(actor);
  return rules.map(({ id, level, description, source }) => ({ id, level, description, source }));
}

export const listRecalls = (actor: Actor): Promise<schema.RecallView[]> => recalls.listRecalls(actor, undefined);

/** What has become of the packs of a recall, place by place. */
export const recallCoverage = (actor: Actor, id: string): Promise<schema.RecallCoverage> =>
  recalls.recallCoverage(actor, schema.someRecall.parse({ id }));

/** All that was captured about a pack. */
export const packStory = (actor: Actor, pack: { gtin: string; serial: string }): Promise<schema.PackStory> =>
  story.packStory(actor, schema.somePack.parse(pack));

/** The same, null where nothing is recorded. */
export async function findStory(
  actor: Actor,
  pack: { gtin: string; serial: string },
): Promise<schema.PackStory | null> {
  try {
    return await packStory(actor, pack);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
