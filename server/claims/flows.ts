import { z } from 'zod';
import { type Claim, claimId } from '#chaincode/model/claim.ts';
import { planId } from '#chaincode/model/plan.ts';
import { sealedContent } from '#chaincode/model/policy.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import { envelopeOf } from '../transactions/envelope.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import type { ClaimIntent } from './kinds.ts';
import { readAuthorisation, readClaim, readPlan, readPlanHead, readPolicy } from './ledger.ts';
import { allowCard, allowClaim, allowInsurer, allowPolicy, insurers, providers } from './policy.ts';
import { projectClaims } from './readModel.ts';

const keptPlan = z.object({ id: planId, version: z.int() });
const keptContent = z.object({ content: sealedContent });
const keptDecision = z.object({ claim: claimId, explanation: sealedContent });
const keptMessage = z.object({ message: sealedContent });
const keptAmount = z.object({ amount: z.int() });

const claimOf = ({ ledger }: Portal, { row }: Saga, { mspId }: FlowPerson) => readClaim(ledger, row.subject, mspId);

async function publishClaim(portal: Portal, saga: Saga, person: FlowPerson): Promise<string> {
  const claim = await claimOf(portal, saga, person);
  await projectClaims(portal.db, { claims: [claim] });
  return `version ${claim.version}`;
}

async function publishPolicy({ ledger, db }: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const policy = await readPolicy(ledger, row.subject, mspId);
  await projectClaims(db, { policies: [policy] });
  return `version ${policy.version}`;
}

async function publishPlan({ ledger, db }: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const head = await readPlanHead(ledger, row.subject, mspId);
  await projectClaims(db, { plans: [{ head, version: await readPlan(ledger, head.id, head.version, mspId) }] });
  return `version ${head.version}`;
}

/** What shows on a claim that a flow is done; an entry that is fresh ciphertext is this flow's. */
const claimShows =
  (done: (claim: Claim, kept: unknown, person: FlowPerson) => boolean) =>
  async (portal: Portal, saga: Saga, person: FlowPerson) =>
    done(await claimOf(portal, saga, person), saga.row.intent, person);

const allowed = async ({ ledger }: Portal, actor: Actor, id: string): Promise<Claim> => {
  const claim = await readClaim(ledger, id);
  allowClaim(actor, claim);
  return claim;
};

const ofClaim = async (portal: Portal, actor: Actor, { id }: { id: string }) => void (await allowed(portal, actor, id));
const ofPolicy = async ({ ledger }: Portal, actor: Actor, { id }: { id: string }) =>
  allowPolicy(actor, await readPolicy(ledger, id));

const hasMessage = claimShows(({ messages }, kept) => {
  const { cid } = keptMessage.parse(kept).message;
  return messages.some((message) => message.cid === cid);
});

export const claimHandlers: Handlers<ClaimIntent> = {
  'claims:publishPlan': {
    roles: insurers,
    check: async (_portal, actor) => void allowInsurer(actor),
    shows: async ({ ledger }, { row }, { mspId, subjectId }) => {
      const { id, version } = keptPlan.parse(row.intent);
      return (await readPlan(ledger, id, version, mspId)).by === subjectId;
    },
    publish: publishPlan,
  },
  'claims:closePlan': {
    roles: insurers,
    check: async ({ ledger }, actor, { id }) => {
      if ((await readPlanHead(ledger, id)).insurer !== allowInsurer(actor)) throw new AppError('NOT_FOUND', id);
    },
    shows: async ({ ledger }, { row }, { mspId }) =>
      (await readPlanHead(ledger, row.subject, mspId)).state === 'closed',
    publish: publishPlan,
  },
  'claims:decidePolicy': {
    roles: insurers,
    check: ofPolicy,
    shows: async ({ ledger }, { row }, { mspId, subjectId }) => {
      const policy = await readPolicy(ledger, row.subject, mspId);
      return policy.state !== 'applied' && policy.by === subjectId;
    },
    publish: publishPolicy,
  },
  'claims:endPolicy': {
    roles: insurers,
    check: ofPolicy,
    shows: async ({ ledger }, { row }, { mspId }) => (await readPolicy(ledger, row.subject, mspId)).state === 'ended',
    publish: publishPolicy,
  },
  'claims:submit': {
    roles: providers,
    check: async ({ ledger }, actor, { submission }) => {
      const card = await readAuthorisation(ledger, submission.authorisation);
      allowCard(actor, card);
      if (card.state !== 'active') throw new AppError('NOT_INSURED', `${card.id} is ${card.state}`);
    },
    envelope: ({ envelope, submission }) => envelopeOf(envelope, submission.content),
    shows: claimShows(({ content }, kept) => content.cid === keptContent.parse(kept).content.cid),
    publish: publishClaim,
  },
  'claims:decide': {
    roles: insurers,
    check: async (portal, actor, { decision }) => {
      const { version } = await allowed(portal, actor, decision.claim);
      if (version !== decision.version) throw new AppError('STALE', `${decision.claim} is at ${version}`);
    },
    envelope: ({ envelope, decision }) => envelopeOf(envelope, decision.explanation),
    shows: claimShows(({ decisions }, kept) => {
      const { cid } = keptDecision.parse(kept).explanation;
      return decisions.some(({ explanation }) => explanation.cid === cid);
    }),
    publish: publishClaim,
  },
  'claims:ask': {
    roles: insurers,
    check: ofClaim,
    envelope: ({ envelope, message }) => envelopeOf(envelope, message),
    shows: hasMessage,
    publish: publishClaim,
  },
  'claims:answer': {
    roles: providers,
    check: ofClaim,
    envelope: ({ envelope, message }) => envelopeOf(envelope, message),
    shows: hasMessage,
    publish: publishClaim,
  },
  'claims:cash': {
    roles: providers,
    check: ofClaim,
    shows: claimShows(
      ({ cash }, kept, { subjectId }) => cash?.by === subjectId && cash.amount === keptAmount.parse(kept).amount,
    ),
    publish: publishClaim,
  },
  'claims:reverse': {
    roles: [...insurers, ...providers],
    check: ofClaim,
    shows: claimShows(({ reversal }, _kept, { subjectId }) => reversal?.by === subjectId),
    publish: publishClaim,
  },
};
