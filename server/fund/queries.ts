import type { Actor } from '../people/schema.ts';
import * as report from './report.ts';
import type { FundDesk, FundReport, OwnAssistance } from './schema.ts';
import * as service from './service.ts';

/** What the patient has asked the fund for. */
export function ownAssistance(actor: Actor): Promise<OwnAssistance[]> {
  return service.ownAssistance(actor);
}

/** Requests without names, and what the fund may grant. */
export function fundDesk(actor: Actor): Promise<FundDesk> {
  return service.fundDesk(actor);
}

let known: { at: number; told: Promise<FundReport | null> } | undefined;
/** The chain is asked no more often, however many look. */
const keptMs = 10_000;

/** What donors see: public. Null where the chain does not answer. */
export function fundReport(): Promise<FundReport | null> {
  const now = Date.now();
  if (known === undefined || now - known.at > keptMs) {
    known = { at: now, told: report.fundReport() };
    known.told.catch(() => {
      known = undefined;
    });
  }
  return known.told;
}
