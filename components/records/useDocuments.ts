'use client';

import { useCallback, useRef } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import { forgetBroken } from '#components/vault/brokenUploads.ts';
import { readWritingKeys } from '#components/vault/records.ts';
import { type UploadOptions, type WritingKeys, writeDocument } from '#components/vault/uploads.ts';
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

/**
 * Writes documents of a record, and takes them back: encrypted in the browser, signed, on the ledger. `prepare` reads what the
 * next `write` needs while a person fills in a form.
 */
export function useDocuments(patient: string, names: Names) {
  const signed = useSigned();
  const ahead = useRef<Promise<WritingKeys> | null>(null);
  const prepare = useCallback(() => {
    const reading = readWritingKeys(patient);
    ahead.current = reading;
    // Read again by whoever writes, who is told what prevents it.
    reading.catch(() => {
      if (ahead.current === reading) ahead.current = null;
    });
  }, [patient]);
  const write = useCallback(
    async ({ resources, files, replaces }: Written, options?: UploadOptions): Promise<void> => {
      // Its category does not depend on what the files turn out to be.
      const [first] = resources([]);
      // Once: what is written later takes the keys that are in force then.
      const keys = ahead.current;
      ahead.current = null;
      const { intent, upload, arrived } = await writeDocument(
        {
          ...{ patient, category: categoryOf(first), resources },
          ...(keys !== null && { keys }),
          ...(files !== undefined && { files }),
          ...(replaces !== undefined && { replaces }),
        },
        options,
      );
      await signed(intent, { names, ready: arrived });
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
  return { prepare, write, retract };
}
