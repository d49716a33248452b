import type { z } from 'zod';
import type { Claim } from '#chaincode/model/claim.ts';
import {
  type Authorisation,
  type ContentWrap,
  type Policy,
  requiredEvidence,
  type SignedStatement,
} from '#chaincode/model/policy.ts';
import { toBase64Url, wipe } from '#crypto/bytes.ts';
import { sealCard } from '#crypto/claim/card.ts';
import { disclosureIn, sealClaimMessage } from '#crypto/claim/content.ts';
import { newDataKey } from '#crypto/claim/dataKey.ts';
import { type Insured, openDetails, type PolicyDetails, sealDetails } from '#crypto/claim/details.ts';
import { type Member, memberKeys, openAsMember, type Said, sayAs } from '#crypto/claim/member.ts';
import { serviceKeyOf, serviceOfEncounter } from '#crypto/claim/service.ts';
import { openDisclosure } from '#crypto/commitment/disclosure.ts';
import type { CommitmentField } from '#crypto/commitment/fields.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import type { InsurerReaders, memberSaying } from '#server/claims/schema.ts';
import { type ClaimBytes, named, type OpenedClaim, openWholeClaim, type SealedClaim } from './claimParts.ts';
import { encounterOf } from './encounter.ts';
import type { OpenState } from './openVault.ts';
import { type ClaimedInstitution, trustInstitution, trustInsurer } from './trust.ts';

/** A statement with what it names, as it is brought. */
export type Saying = z.output<typeof memberSaying>;

/** A claim as its member reads it, with what only the member can notice. */
export interface OwnClaim extends OpenedClaim {
  /** Fields of the prescription that the insurer was shown, and that the member had not allowed. */
  beyond: CommitmentField[];
  /** Whether an encounter has another name than the member's card gives it, so that it could be billed again; null where it is none. */
  isMisnamed: boolean | null;
}

/** What a person does as the member of an insurance. The policies' keys follow from the vault, and stay here. */
export function memberOperations(opened: () => OpenState) {
  const known = new WeakMap<OpenState, Map<string, Promise<Member>>>();
  const memberOf = (state: OpenState, policy: string): Promise<Member> => {
    const members = known.get(state) ?? new Map<string, Promise<Member>>();
    known.set(state, members);
    const member = members.get(policy) ?? memberKeys(state.walletKey, policy);
    members.set(policy, member);
    return member;
  };
  const now = () => new Date().toISOString();

  return {
    /** Applies for a plan under a new policy, of which nobody can tell whose it is but the insurer. */
    async composeApplication(input: {
      plan: { id: string; insurer: string };
      insured: Insured;
      readers: InsurerReaders;
    }): Promise<{ policy: string; saying: Saying }> {
      const state = opened();
      const { plan, insured, readers } = input;
      const { insurer, adjudicators } = await trustInsurer(state, readers, plan.insurer);
      const policy = newIdentifier('pol');
      const member = await memberOf(state, policy);
      const { signingKey, readingKey } = member;
      const { dataKey, wraps } = await newDataKey(policy, [insurer, ...adjudicators, { id: policy, readingKey }]);
      const sealed = await sealDetails(dataKey, { version: 1, policy, plan: plan.id, insured });
      wipe(dataKey);
      const said = { id: policy, plan: plan.id, signingKey, readingKey, details: named(sealed), at: now() };
      const statement = await sayAs(member, 'apply', said);
      return { policy, saying: { action: 'apply', statement, wraps, envelope: toBase64Url(sealed.bytes) } };
    },

    /** Lets an institution bill, and gives it the insurance card. `details`: the policy's, as they lie on IPFS. */
    async composeAuthorisation(input: {
      policy: Pick<Policy, 'id' | 'plan' | 'insurer' | 'details'>;
      details: { own: ContentWrap; bytes: Uint8Array };
      institution: string;
      reader: ClaimedInstitution;
      evidence: Authorisation['evidence'];
      /** ISO 8601 instant. */
      until: string;
    }): Promise<{ authorisation: string; saying: Saying }> {
      const state = opened();
      const { policy, details, evidence, until } = input;
      const institution = await trustInstitution(state, input.reader, input.institution);
      const member = await memberOf(state, policy.id);
      const { insured } = await openDetails(await openAsMember(member, details.own), policy, details.bytes);
      const authorisation = newIdentifier('aut');
      const own = { id: policy.id, readingKey: member.readingKey };
      const { dataKey, wraps } = await newDataKey(authorisation, [institution, own]);
      const { certificatePem, subjectId: patient } = state.owner;
      const serviceKey = toBase64Url(serviceKeyOf(state.walletKey));
      const { plan, insurer } = policy;
      const sealed = await sealCard(member, { certificatePem, privateKey: state.signing.privateKey }, dataKey, {
        ...{
          version: 1,
          plan,
          insurer,
          authorisation,
          institution: institution.id,
          patient,
          insured,
          serviceKey,
          evidence,
        },
      });
      wipe(dataKey);
      const statement = await sayAs(member, 'authorise', {
        ...{ id: authorisation, policy: policy.id, institution: institution.id, evidence, until },
        ...{ card: named(sealed), at: now() },
      });
      const saying = { action: 'authorise' as const, statement, wraps, envelope: toBase64Url(sealed.bytes) };
      return { authorisation, saying };
    },

    async composeRevocation(input: Omit<Said<'revoke'>, 'at'>): Promise<Saying> {
      const member = await memberOf(opened(), input.policy);
      return { action: 'revoke', statement: await sayAs(member, 'revoke', { ...input, at: now() }) };
    },

    async composeLeave(input: Omit<Said<'leave'>, 'at'>): Promise<Saying> {
      const member = await memberOf(opened(), input.policy);
      return { action: 'leave', statement: await sayAs(member, 'leave', { ...input, at: now() }) };
    },

    /** An appeal against a decision, in words. `own`: the claim's key as it is wrapped for the member. */
    async composeAppeal(input: {
      claim: Pick<Claim, 'id' | 'policy'>;
      own: ContentWrap;
      words: string;
    }): Promise<Saying> {
      const { claim, own, words } = input;
      const { id, policy } = claim;
      const member = await memberOf(opened(), policy);
      const key = await openAsMember(member, { id, wrap: own.wrap });
      const sealed = await sealClaimMessage(key, { id, kind: 'appeal', by: policy }, words);
      wipe(key);
      const statement = await sayAs(member, 'appeal', { policy, claim: id, message: named(sealed), at: now() });
      return { action: 'appeal', statement, envelope: toBase64Url(sealed.bytes) };
    },

    /** The statement by which the ledger gives the member the key of a policy's details, a card or a claim. */
    async signMemberRead(input: Omit<Said<'read'>, 'at'>): Promise<SignedStatement> {
      return sayAs(await memberOf(opened(), input.policy), 'read', { ...input, at: now() });
    },

    /** Who is insured by an own policy. */
    async openOwnPolicy(input: {
      policy: Pick<Policy, 'id' | 'plan' | 'details'>;
      own: ContentWrap;
      bytes: Uint8Array;
    }): Promise<PolicyDetails> {
      const { policy, own, bytes } = input;
      const member = await memberOf(opened(), policy.id);
      return openDetails(await openAsMember(member, { id: policy.id, wrap: own.wrap }), policy, bytes);
    },

    /** A claim of an own policy. `allowed`: what the authorisation by which it was billed lets the insurer see. */
    async openOwnClaim(input: {
      claim: SealedClaim & Pick<Claim, 'policy' | 'category' | 'use' | 'service' | 'servedAt'>;
      own: ContentWrap;
      bytes: ClaimBytes;
      allowed: Authorisation['evidence'];
    }): Promise<OwnClaim> {
      const state = opened();
      const { claim, own, bytes, allowed } = input;
      const member = await memberOf(state, claim.policy);
      const key = await openAsMember(member, { id: claim.id, wrap: own.wrap });
      const whole = await openWholeClaim(key, claim, bytes);
      wipe(key);
      const { evidence } = whole.content;
      const may = new Set<CommitmentField>([...requiredEvidence, ...allowed]);
      const shown = evidence === undefined ? [] : openDisclosure(disclosureIn(evidence)).shown;
      const encounter = encounterOf(claim, whole.content);
      return {
        ...whole,
        beyond: shown.map(({ field }) => field).filter((field) => !may.has(field)),
        isMisnamed: encounter && serviceOfEncounter(serviceKeyOf(state.walletKey), encounter) !== claim.service,
      };
    },
  };
}
