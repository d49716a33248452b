'use client';

import { useEffect, useState } from 'react';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { expectData } from '#components/vault/errors.ts';
import { recordOf } from '#server/records/actions.ts';

/** The name behind a pseudonym, where the portal lets the reader know it; undefined where it does not, and until it is known. */
export function usePatientName(named: string | undefined): string | undefined {
  const pseudonym = patientPseudonym.safeParse(named).data;
  const [found, setFound] = useState<{ pseudonym: string; name: string } | null>(null);
  useEffect(() => {
    if (pseudonym === undefined) return;
    let mine = true;
    recordOf({ pseudonym })
      .then(expectData)
      // Whoever may not know the name goes on with the pseudonym that the report has.
      .then(
        ({ name }) => mine && setFound({ pseudonym, name }),
        () => mine && setFound(null),
      );
    return () => {
      mine = false;
    };
  }, [pseudonym]);
  return found !== null && found.pseudonym === pseudonym ? found.name : undefined;
}
