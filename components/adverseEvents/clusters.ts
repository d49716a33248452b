import type { AdverseEventContent } from '#fhir/adverseEvent.ts';

/** A batch that several reports name. */
export interface BatchCluster {
  /** Product code, or the medicine's name where the formulary does not know it. */
  medicine: string;
  name: string;
  batch: string;
  /** Ids of the reports, as they came. */
  reports: string[];
  serious: number;
}

const nameOf = ({ medicine: { code, name } }: AdverseEventContent) => code ?? name.trim().toLowerCase();

/**
 * Batches of one medicine with more than one report, those with most reports first. Batches are compared as they are printed,
 * without spaces and whatever the case; a report counts once.
 */
export function clustersOf(events: readonly AdverseEventContent[]): BatchCluster[] {
  const once = [...new Map(events.map((event) => [event.id, event])).values()];
  const named = once.flatMap((event) => {
    const batch = event.medicine.batch?.replaceAll(/\s/g, '').toUpperCase() ?? '';
    return batch === '' ? [] : [{ event, batch }];
  });
  const groups = Map.groupBy(named, ({ event, batch }) => `${nameOf(event)}|${batch}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined || group.length < 2) return [];
      return {
        ...{ medicine: nameOf(first.event), name: first.event.medicine.name, batch: first.batch },
        reports: group.map(({ event }) => event.id),
        serious: group.filter(({ event }) => event.criteria.length > 0).length,
      };
    })
    .sort((one, other) => other.reports.length - one.reports.length || other.serious - one.serious);
}
