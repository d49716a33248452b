'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { problemOf } from '#components/ui/errors.ts';
import { openPrescriptions } from '#components/vault/prescription.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { ContentState } from './content.ts';

const keyOf = ({ id, version }: Pick<PrescriptionSummary, 'id' | 'version'>) => `${id}@${version}`;

/**
 * Opens the contents of prescriptions while the person's keys are open, and forgets them when the keys lock. The
 * answered function says what is known of one by its id.
 */
export function useContents(
  prescriptions: PrescriptionSummary[],
  as: 'author' | 'patient',
): (id: string) => ContentState {
  const vault = useVault();
  const [contents, setContents] = useState<ReadonlyMap<string, ContentState>>(new Map());
  const asked = useRef(new Set<string>());
  const isOpen = vault.state === 'open';
  const wanted = prescriptions.map(keyOf).join(' ');

  useEffect(() => {
    if (!isOpen) {
      asked.current.clear();
      setContents(new Map());
      return;
    }
    const missing = prescriptions.filter((prescription) => !asked.current.has(keyOf(prescription)));
    if (missing.length === 0) return;
    for (const prescription of missing) asked.current.add(keyOf(prescription));
    const put = (states: [string, ContentState][]) => setContents((was) => new Map([...was, ...states]));
    put(missing.map((prescription) => [keyOf(prescription), { state: 'reading' }]));
    openPrescriptions(missing, as)
      .then((openings) =>
        put(
          openings.flatMap((opening) => {
            const prescription = missing.find(({ id }) => id === opening.id);
            if (!prescription) return [];
            const state: ContentState =
              'opened' in opening
                ? { state: 'open', content: opening.opened }
                : { state: 'failed', problem: problemOf(opening.error, 'UNREADABLE') };
            return [[keyOf(prescription), state] as [string, ContentState]];
          }),
        ),
      )
      .catch((thrown: unknown) => {
        const problem = problemOf(thrown, 'UNREADABLE');
        put(missing.map((prescription) => [keyOf(prescription), { state: 'failed', problem }]));
      });
  }, [as, isOpen, wanted]);

  const versions = new Map(prescriptions.map((prescription) => [prescription.id, keyOf(prescription)]));
  return useCallback(
    (id) => {
      if (!isOpen) return vault.state === 'opening' ? { state: 'reading' } : { state: 'locked' };
      return contents.get(versions.get(id) ?? '') ?? { state: 'reading' };
    },
    [contents, isOpen, vault.state, wanted],
  );
}
