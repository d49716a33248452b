import { adverseEvents } from './en/adverseEvents.ts';
import { billing } from './en/billing.ts';
import { bulk } from './en/bulk.ts';
import { chart } from './en/chart.ts';
import { claimSteps } from './en/claimSteps.ts';
import { claims } from './en/claims.ts';
import { claimsCase } from './en/claimsCase.ts';
import { claimsFigures } from './en/claimsFigures.ts';
import { claimsPayouts } from './en/claimsPayouts.ts';
import { claimsPlans } from './en/claimsPlans.ts';
import { claimsPolicies } from './en/claimsPolicies.ts';
import { claimsQueue } from './en/claimsQueue.ts';
import { consents } from './en/consents.ts';
import { controlled } from './en/controlled.ts';
import { directory } from './en/directory.ts';
import { dispensing } from './en/dispensing.ts';
import { downtime } from './en/downtime.ts';
import { entries } from './en/entries.ts';
import { errors } from './en/errors.ts';
import { flows } from './en/flows.ts';
import { formulary } from './en/formulary.ts';
import { fund } from './en/fund.ts';
import { insurance } from './en/insurance.ts';
import { keys } from './en/keys.ts';
import { ledgers } from './en/ledgers.ts';
import { monitoring } from './en/monitoring.ts';
import { monitoringPages } from './en/monitoringPages.ts';
import { monitoringPlan } from './en/monitoringPlan.ts';
import { notices } from './en/notices.ts';
import { partners } from './en/partners.ts';
import { patient } from './en/patient.ts';
import { prescribing } from './en/prescribing.ts';
import { prescriptions } from './en/prescriptions.ts';
import { publicPages } from './en/public.ts';
import { recordPages } from './en/recordPages.ts';
import { records } from './en/records.ts';
import { reenrolment } from './en/reenrolment.ts';
import { registry } from './en/registry.ts';
import { regulator } from './en/regulator.ts';
import { safety } from './en/safety.ts';
import { settlement } from './en/settlement.ts';
import { shell } from './en/shell.ts';
import { signing } from './en/signing.ts';
import { supply } from './en/supply.ts';
import { trace } from './en/trace.ts';
import { traceWords } from './en/traceWords.ts';
import { verify } from './en/verify.ts';
import { workplaces } from './en/workplaces.ts';

/** Every text that a person reads. A translation is another object of this type. */
export const t = {
  adverseEvents,
  billing,
  bulk,
  controlled,
  chart,
  claims,
  claimSteps,
  claimsCase,
  claimsFigures,
  claimsPayouts,
  claimsPlans,
  claimsPolicies,
  claimsQueue,
  shell,
  public: publicPages,
  entries,
  errors,
  flows,
  formulary,
  fund,
  insurance,
  keys,
  settlement,
  signing,
  supply,
  trace,
  traceWords,
  verify,
  monitoringPages,
  monitoring,
  monitoringPlan,
  notices,
  partners,
  patient,
  prescribing,
  prescriptions,
  consents,
  directory,
  dispensing,
  downtime,
  recordPages,
  records,
  reenrolment,
  ledgers,
  registry,
  regulator,
  safety,
  workplaces,
};
export type Catalogue = typeof t;
