'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useRef, useState } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import type { OwnClaim } from '#components/vault/memberOperations.ts';
import {
  appealClaim,
  applyFor,
  askHelpWith,
  authoriseInstitution,
  leavePolicy,
  openOwnClaim,
  revokeAuthorisation,
} from '#components/vault/memberships.ts';
import type { Insured } from '#crypto/claim/details.ts';
import type { ClaimView, InsuranceView, PlanView, PolicyView } from '#server/claims/schema.ts';
import type { Ground } from '#server/fund/schema.ts';
import type { NewAuthorisation } from './AuthoriseDialog.tsx';
import { servedIn } from './servedIn.ts';

/** A patient's insurance with what this browser has opened of it, and the ways to change it. Each way throws what prevented it. */
export function useInsurance(view: InsuranceView, insured: Insured) {
  const router = useRouter();
  const [opened, setOpened] = useState<ReadonlyMap<string, OwnClaim | Problem>>(new Map());
  const opening = useRef(new Map<string, Promise<OwnClaim | Problem>>());
  const { authorisations } = view;

  const open = useCallback(
    (bill: ClaimView): Promise<OwnClaim | Problem> => {
      // A bill that has changed meanwhile is opened anew.
      const key = `${bill.id} ${bill.version}`;
      const under = opening.current.get(key);
      if (under !== undefined) return under;
      const allowed = authorisations.find(({ id }) => id === bill.authorisation)?.evidence ?? [];
      const work = openOwnClaim(bill, [...allowed])
        .catch((thrown: unknown) => {
          opening.current.delete(key);
          return problemOf(thrown);
        })
        .then((result) => {
          setOpened((before) => new Map(before).set(bill.id, result));
          return result;
        });
      opening.current.set(key, work);
      return work;
    },
    [authorisations],
  );

  const nameOf = (id: string): string | undefined => nameIn(opened.get(id));

  /** Opens what is not opened yet. Answers by bill what it is for, as far as it opens. */
  const openAll = useCallback(
    async (bills: readonly ClaimView[]): Promise<ReadonlyMap<string, string | undefined>> =>
      new Map(await Promise.all(bills.map(async (bill) => [bill.id, nameIn(await open(bill))] as const))),
    [open],
  );

  const changed = async (work: Promise<unknown>): Promise<void> => {
    await work;
    router.refresh();
  };

  return {
    refresh: () => router.refresh(),
    opened,
    nameOf,
    open,
    openAll,
    apply: ({ id, insurer }: PlanView) => changed(applyFor({ id, insurer }, insured)),
    leave: ({ id }: PolicyView) => changed(leavePolicy(id)),
    authorise: ({ policy, provider, evidence, until }: NewAuthorisation) =>
      changed(authoriseInstitution({ policy, institution: provider.id, evidence, until })),
    revoke: (authorisation: InsuranceView['authorisations'][number]) => changed(revokeAuthorisation(authorisation)),
    askHelp: (bill: ClaimView, ground: Ground) => changed(askHelpWith(bill, ground)),
    appeal: (bill: ClaimView, words: string) => changed(appealClaim(bill, words)),
  };
}

const nameIn = (known: OwnClaim | Problem | undefined): string | undefined =>
  known === undefined || 'code' in known ? undefined : servedIn(known.content);
