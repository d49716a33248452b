'use client';

import { ListChecks, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import type { FormularyEntry } from '#chaincode/model/formulary.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { FormularyEntryView, FormularyView } from '#server/formulary/schema.ts';
import { codeWords } from './codes.ts';
import { EntryDialog } from './EntryDialog.tsx';
import { EntryRow } from './EntryRow.tsx';

const text = t.formulary.list;
const mostShown = 60;

const isFound = ({ code, group, restriction, note }: FormularyEntryView, wanted: string) =>
  [code, codeWords(code), group, restriction, note].join(' ').toLowerCase().includes(wanted);

/** The entries of the list that somebody manages, found by words, added and changed. */
export function EntryPanel({ view, scopeName }: { view: FormularyView; scopeName: string }) {
  const { scope, entries } = view;
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState<'new' | FormularyEntry | null>(null);
  const found = entries.filter((entry) => isFound(entry, query.trim().toLowerCase()));
  const national = scope === 'national' ? undefined : view.national;
  const names = { [scope]: scopeName };
  return (
    <Panel labelledBy="entries">
      <PanelHead
        id="entries"
        title={scope === 'national' ? text.titleForAll : text.titleOwn(scopeName)}
        remark={text.count(entries.length)}
        aside={
          <Button look="primary" size="sm" icon={Plus} onClick={() => setOpened('new')}>
            {text.add}
          </Button>
        }
      />
      <p className="mb-3 max-w-prose text-sm text-ink-2">{scope === 'national' ? text.bodyForAll : text.bodyOwn}</p>
      {entries.length === 0 ? (
        <Empty icon={ListChecks} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <TextField
          label={text.search}
          type="search"
          autoComplete="off"
          maxLength={100}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
      )}
      {entries.length > 0 && found.length === 0 && (
        <Empty icon={Search} title={text.none}>
          {text.noneBody}
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {found.slice(0, mostShown).map((entry) => (
          <EntryRow key={entry.code} entry={entry} names={names} onChange={() => setOpened(entry)} />
        ))}
      </ul>
      {found.length > mostShown && (
        <p className="text-sm text-ink-3">{text.more(formatNumber(found.length - mostShown))}</p>
      )}
      {opened !== null && (
        <EntryDialog
          scope={scope}
          names={names}
          {...(opened !== 'new' && { entry: opened })}
          {...(national !== undefined && { national })}
          onClose={() => setOpened(null)}
        />
      )}
    </Panel>
  );
}
