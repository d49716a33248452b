import { z } from 'zod';
import { type FormularyEntry, formularyArgument, shortageDeclaration } from '#chaincode/model/formulary.ts';
import type { Portal } from '#server/portal.ts';
import type { Role } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import type { FormularyIntent } from './kinds.ts';
import { readEntry, readShortage } from './ledger.ts';
import { allowScope, allowShortages } from './policy.ts';
import { projectFormulary } from './readModel.ts';

const managers: readonly Role[] = ['regulator', 'admin'];
const authority: readonly Role[] = ['regulator'];

const keptWithdrawal = z.object({ scope: z.string(), code: z.string() });

const putEntries = ({ ledger }: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<FormularyEntry[]> => {
  const { scope, entries } = formularyArgument.parse(row.intent);
  return Promise.all(entries.map(({ code }) => readEntry(ledger, scope, code, mspId)));
};

const withdrawnEntry = ({ ledger }: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<FormularyEntry> => {
  const { scope, code } = keptWithdrawal.parse(row.intent);
  return readEntry(ledger, scope, code, mspId);
};

async function publishShortage(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const shortage = await readShortage(portal.ledger, row.subject, mspId);
  await projectFormulary(portal.db, { entries: [], shortages: [shortage] });
  return `version ${shortage.version}`;
}

export const formularyHandlers: Handlers<FormularyIntent> = {
  'formulary:put': {
    roles: managers,
    check: async (_portal, actor, { terms }) => allowScope(actor, terms.scope),
    shows: async (portal, saga, person) => {
      const found = await putEntries(portal, saga, person);
      const { entries } = formularyArgument.parse(saga.row.intent);
      return entries.every((terms) => {
        const {
          scope: _,
          state,
          by,
          at: __,
          version: ___,
          ...said
        } = found.find(({ code }) => code === terms.code) ?? {};
        const same = JSON.stringify(Object.entries(said).sort()) === JSON.stringify(Object.entries(terms).sort());
        return same && state === 'inForce' && by === person.subjectId;
      });
    },
    publish: async (portal, saga, person) => {
      const entries = await putEntries(portal, saga, person);
      await projectFormulary(portal.db, { entries, shortages: [] });
      return `${entries.length} entries`;
    },
  },
  'formulary:withdraw': {
    roles: managers,
    check: async (_portal, actor, { scope }) => allowScope(actor, scope),
    shows: async (portal, saga, person) => (await withdrawnEntry(portal, saga, person)).state === 'withdrawn',
    publish: async (portal, saga, person) => {
      const entry = await withdrawnEntry(portal, saga, person);
      await projectFormulary(portal.db, { entries: [entry], shortages: [] });
      return `version ${entry.version}`;
    },
  },
  'formulary:declareShortage': {
    roles: authority,
    check: async (_portal, actor) => allowShortages(actor),
    shows: async ({ ledger }, { row }, { mspId, subjectId }) => {
      const { shortage } = z.object({ shortage: shortageDeclaration }).parse(row.intent);
      const { state, by, reason, until } = await readShortage(ledger, row.subject, mspId);
      return state === 'declared' && by === subjectId && reason === shortage.reason && until === shortage.until;
    },
    publish: publishShortage,
  },
  'formulary:endShortage': {
    roles: authority,
    check: async (_portal, actor) => allowShortages(actor),
    shows: async ({ ledger }, { row }, { mspId }) => (await readShortage(ledger, row.subject, mspId)).state === 'ended',
    publish: publishShortage,
  },
};
