'use client';

import { useRef, useState } from 'react';
import { createRecording, type Recording } from '#components/vault/recording.ts';
import { abandonSaga, resumeSaga } from '#server/transactions/actions.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { useSigned } from './useSigned.ts';
import type { Names } from './wordsOf.ts';

/**
 * A recording for a screen that asks in its own words before it signs: the sheet opens where a second factor is needed.
 * `namesOf` gives the words for the ids in an intent.
 */
export function useRecording<Composed extends { intent: TransactionIntent }>(
  namesOf: (intent: TransactionIntent) => Names = () => ({}),
): Recording<Composed> {
  const signed = useSigned();
  const latest = useRef(namesOf);
  latest.current = namesOf;
  const [recording] = useState(() =>
    createRecording<Composed>({
      transact: (intent, onProgress) =>
        signed(intent, { names: latest.current(intent), onProgress, sheet: 'factorOnly' }),
      resumeSaga,
      abandonSaga,
    }),
  );
  return recording;
}
