import type { Portal } from '#server/portal.ts';
import { accessHandlers } from '../access/flows.ts';
import { reportHandlers } from '../adverseEvents/flows.ts';
import { alertHandlers } from '../alerts/flows.ts';
import { circleHandlers } from '../circles/flows.ts';
import { claimHandlers } from '../claims/flows.ts';
import { consentHandlers } from '../consents/flows.ts';
import { formularyHandlers } from '../formulary/flows.ts';
import { patientHandlers } from '../patients/flows.ts';
import type { Actor } from '../people/schema.ts';
import { walletHandlers } from '../people/walletFlows.ts';
import { prescriptionHandlers } from '../prescriptions/flows.ts';
import { recordHandlers } from '../records/flows.ts';
import { registryHandlers } from '../registry/flows.ts';
import { telemetryHandlers } from '../telemetry/flows.ts';
import { traceHandlers } from '../trace/flows.ts';
import type { Handlers } from './handler.ts';
import { type IntentMap, kinds, type TransactionIntent, type TransactionKind } from './schema.ts';

/** The handler of each kind. */
export const handlers: Handlers<TransactionIntent> = {
  ...prescriptionHandlers,
  ...walletHandlers,
  ...patientHandlers,
  ...recordHandlers,
  ...consentHandlers,
  ...accessHandlers,
  ...registryHandlers,
  ...traceHandlers,
  ...circleHandlers,
  ...telemetryHandlers,
  ...alertHandlers,
  ...formularyHandlers,
  ...reportHandlers,
  ...claimHandlers,
};

/** Narrows a word to a kind. */
export const isKind = (kind: string): kind is TransactionKind => Object.hasOwn(kinds, kind);

function pair<Kind extends TransactionKind>(kind: Kind, intent: IntentMap[Kind]) {
  const handler = handlers[kind];
  const facts = kinds[kind];
  return {
    subject: facts.subject(intent),
    business: facts.business?.(intent) ?? facts.subject(intent),
    kept: facts.kept(intent),
    secret: facts.secret === true,
    envelope: handler.envelope?.(intent),
    check: async (portal: Portal, actor: Actor, now: Date) => handler.check?.(portal, actor, intent, now),
  };
}

/** All that follows from an intent: its subject, what is kept of it, its encrypted bytes, its early check. */
export const factsOf = (intent: TransactionIntent) => pair(intent.kind, intent);
