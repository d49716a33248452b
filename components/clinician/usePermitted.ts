'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { PermittedNow } from '#chaincode/model/consent.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { readPermitted } from '#components/vault/records.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';

export type Permitted =
  | { state: 'locked' }
  | { state: 'asking' }
  | { state: 'failed'; problem: Problem }
  | { state: 'known'; permitted: PermittedNow[] };

/** What a patient lets the clinician read now, asked by the clinician's own key once it is open, and again by `ask`. */
export function usePermitted(patient: string): Permitted & { ask: () => void } {
  const vault = useVault();
  const [known, setKnown] = useState<Permitted>({ state: 'asking' });
  const turn = useRef(0);
  const isOpen = vault.state === 'open';

  const ask = useCallback(async () => {
    const mine = ++turn.current;
    setKnown({ state: 'asking' });
    try {
      const permitted = await readPermitted(patient);
      if (mine === turn.current) setKnown({ state: 'known', permitted });
    } catch (thrown) {
      if (mine === turn.current) setKnown({ state: 'failed', problem: problemOf(thrown) });
    }
  }, [patient]);

  useEffect(() => {
    if (isOpen) void ask();
    else turn.current += 1;
  }, [isOpen, ask]);

  const state: Permitted = isOpen || vault.state === 'opening' ? known : { state: 'locked' };
  return { ...state, ask };
}
