'use client';

import { useCallback } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import { forgetBroken } from '#components/vault/brokenUploads.ts';
import { type UploadOptions, writeDocument } from '#components/vault/uploads.ts';
import type { Attachment } from '#crypto/attachment.ts';
import { categoryOf } from '#fhir/category.ts';
import type { Identified } from '#fhir/record.ts';

type Names = Readonly<Record<string, string>>;

export interface Written {
  /** All of one category. */
  resources: (attachments: readonly Attachment[]) => [Identified, ...Identified[]];
  files?: readonly Blob[];
  replaces?: string;
}

/** Writes documents of a record, and takes them back: encrypted in the browser, signed, on the ledger. */
export function useDocuments(patient: string, names: Names) {
  const signed = useSigned();
  const write = useCallback(
    async ({ resources, files, replaces }: Written, options?: UploadOptions): Promise<void> => {
      // Its category does not depend on what the files turn out to be.
      const [first] = resources([]);
      const { intent, upload } = await writeDocument(
        {
          ...{ patient, category: categoryOf(first), resources },
          ...(files !== undefined && { files }),
          ...(replaces !== undefined && { replaces }),
        },
        options,
      );
      await signed(intent, { names });
      forgetBroken(upload);
    },
    [patient, names, signed],
  );
  const retract = useCallback(
    async (id: string, reason: string): Promise<void> => {
      await signed({ kind: 'records:retract', id, reason }, { names, sheet: 'factorOnly' });
    },
    [names, signed],
  );
  return { write, retract };
}
