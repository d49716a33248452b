'use client';

import { FilePlus2, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import type { Said } from '#fhir/build.ts';
import { t } from '#messages/en.ts';
import { EntryDialog } from './EntryDialog.tsx';
import { FileDialog } from './FileDialog.tsx';
import { useDocuments } from './useDocuments.ts';

const text = t.recordPages;

/** Entries and files to add, which take no right to read. `children`: further actions beside them. */
export function AddButtons({
  said,
  names,
  onAdded,
  primary = true,
  children,
}: {
  said: Pick<Said, 'patient' | 'author'>;
  names: Readonly<Record<string, string>>;
  onAdded: () => void;
  /** Adding is what the screen is for. */
  primary?: boolean;
  children?: ReactNode;
}) {
  const { prepare, write } = useDocuments(said.patient, names);
  const [adding, setAdding] = useState<'entry' | 'file' | null>(null);
  const add = (what: 'entry' | 'file') => {
    prepare();
    setAdding(what);
  };
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button look={primary ? 'primary' : 'secondary'} icon={Plus} onClick={() => add('entry')}>
          {text.add}
        </Button>
        <Button icon={FilePlus2} onClick={() => add('file')}>
          {text.addFile}
        </Button>
        {children}
      </div>
      <EntryDialog
        open={adding === 'entry'}
        onOpenChange={(open) => !open && setAdding(null)}
        said={said}
        record={async (resource) => {
          await write({ resources: () => [resource] });
          onAdded();
        }}
      />
      {adding === 'file' && (
        <FileDialog
          said={said}
          onClose={() => setAdding(null)}
          write={async (document, options) => {
            await write(document, options);
            onAdded();
          }}
        />
      )}
    </>
  );
}
