'use client';

import { FileText, Pill, SearchX } from 'lucide-react';
import { useState } from 'react';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { type ListFilter, matches } from './filter.ts';
import { PrescriptionTable } from './PrescriptionTable.tsx';
import { useContents } from './useContents.ts';

const text = t.prescriptions.list;
const options = [
  { value: 'all', label: text.all },
  { value: 'open', label: text.open },
  { value: 'ended', label: text.ended },
] as const;

/** All prescriptions of the signed-in doctor, with a filter that runs in the page, where the names are. */
export function AuthorList({ prescriptions }: { prescriptions: PrescriptionSummary[] }) {
  const contentOf = useContents(prescriptions, 'author');
  const [query, setQuery] = useState('');
  const [standing, setStanding] = useState<ListFilter['standing']>('all');
  const shown = prescriptions.filter((prescription) =>
    matches({ prescription, content: contentOf(prescription.id) }, { query, standing }),
  );

  if (prescriptions.length === 0) {
    return (
      <Panel>
        <Empty
          icon={FileText}
          title={text.empty}
          action={
            <LinkButton href="/doctor/prescribe" look="primary" icon={Pill}>
              {text.emptyAction}
            </LinkButton>
          }
        >
          {text.emptyBody}
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel>
      <div className="mb-3 grid gap-3 sm:grid-cols-[1fr_11rem]">
        <TextField
          label={text.filter}
          type="search"
          autoComplete="off"
          maxLength={100}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <SelectField label={text.state} value={standing} options={options} onChange={setStanding} />
      </div>
      {shown.length > 0 ? (
        <PrescriptionTable prescriptions={shown} contentOf={contentOf} />
      ) : (
        <Empty
          icon={SearchX}
          title={text.noMatch}
          action={
            <Button
              onClick={() => {
                setQuery('');
                setStanding('all');
              }}
            >
              {text.clear}
            </Button>
          }
        >
          {text.noMatchBody}
        </Empty>
      )}
    </Panel>
  );
}
