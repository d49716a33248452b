import { createHash } from 'node:crypto';
import { rules } from '../trace/alerts/catalogue.ts';
import type { Effects, Finding, Judged, Rule, Subject } from '../trace/alerts/rule.ts';
import type { Fact } from './fact.ts';
import type { AlertRow, TraceState } from './state.ts';

/** The id of an alert: the same rule about the same thing is the same alert, also after a rebuild. */
export function alertIdOf(rule: string, key: string): string {
  return createHash('sha256').update(`${rule}\0${key}`).digest('hex').slice(0, 32);
}

/** Asks every rule about an event. */
export function raiseAlerts(state: TraceState, fact: Fact, subjects: Subject[], effects: Effects): void {
  const judged: Judged = {
    ...{ fact, subjects, effects },
    siteOf: (gln) => state.sites.get(gln),
    packsDispensed: (site, gtin, day) => state.history.packs(site, gtin, day),
  };
  for (const rule of rules) {
    for (const finding of rule.judge(judged)) {
      const row = alertOf(rule, fact, finding);
      if (!state.alerts.has(row.id)) state.alerts.set(row.id, row);
    }
    // What was refused because it came too early, and is accepted now, was never amiss.
    if (fact.outcome === 'accepted' && state.refused.has(fact.hash))
      state.resolved.set(alertIdOf(rule.id, keyOf(fact)), fact.recordTime);
    for (const key of rule.settle?.(judged) ?? []) state.resolved.set(alertIdOf(rule.id, key), fact.recordTime);
  }
}

function keyOf({ channel, hash, declaration }: Fact): string {
  return `${channel}|${hash}${declaration ? '|declaration' : ''}`;
}

function alertOf(rule: Rule, fact: Fact, { key, subject = {}, packs, site, facts }: Finding): AlertRow {
  const { channel, block, place, party, recordTime } = fact;
  return {
    id: alertIdOf(rule.id, key ?? keyOf(fact)),
    ...{ rule: rule.id, level: rule.level, channel, block, place, at: recordTime },
    ...{ gtin: subject.gtin ?? null, serial: subject.serial ?? null, batch: subject.batch ?? null },
    ...{ sscc: subject.sscc ?? null, site, party, packs, facts, resolvedAt: null },
  };
}
