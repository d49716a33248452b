'use client';

import { useEffect, useState } from 'react';
import { openClaims } from '#components/vault/claimCases.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { askedBefore, isOfProduct } from './agreedBefore.ts';

/** So many of a policy are opened, the newest. */
const mostOpened = 20;
const none: readonly ClaimView[] = [];

/**
 * What an insurer was asked beforehand about one medicine for one policy, newest first; undefined while it is opened, since what it is about
 * only this browser can read.
 */
export function useAsked(
  claims: readonly ClaimView[],
  policy: string | undefined,
  product: string,
  institution: string,
): readonly ClaimView[] | undefined {
  const [found, setFound] = useState<{ of: string; claims: readonly ClaimView[] }>({ of: '', claims: [] });
  const candidates = askedBefore(claims, policy, 'medicine').slice(0, mostOpened);
  const key = `${product} ${candidates.map(({ id, version }) => `${id} ${version}`).join(' ')}`;
  // `key` stands for `candidates`, which are made anew with each drawing
  useEffect(() => {
    if (candidates.length === 0) return;
    let isCurrent = true;
    const asked: ClaimView[] = [];
    openClaims(candidates, institution, (claim, opened) => {
      // One that does not open can be about anything, and is named by nobody.
      if ('content' in opened && isOfProduct(opened.content, product)) asked.push(claim);
    }).then(
      () => isCurrent && setFound({ of: key, claims: asked }),
      () => isCurrent && setFound({ of: key, claims: [] }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, institution]);
  if (candidates.length === 0) return none;
  return found.of === key ? found.claims : undefined;
}
