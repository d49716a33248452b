'use client';

import { MapPin, Pencil, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import type { Site } from '#chaincode/model/product.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { PlaceDialog } from './PlaceDialog.tsx';

const text = t.registry.places;
/** Fewer places are found by looking. */
const fewest = 6;

/** Places of an institution, as the registry has them, found by name or GLN, and registered by its admin. */
export function PlacePanel({ institution, places }: { institution: { id: string; name: string }; places: Site[] }) {
  const [opened, setOpened] = useState<'new' | Site | null>(null);
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const shown = places.filter(({ name, gln }) => `${name} ${gln}`.toLowerCase().includes(wanted));
  return (
    <Panel labelledBy="places">
      <PanelHead
        id="places"
        title={text.title}
        remark={text.remark(institution.name)}
        aside={
          <Button look="primary" size="sm" icon={Plus} onClick={() => setOpened('new')}>
            {text.add}
          </Button>
        }
      />
      {places.length >= fewest && (
        <TextField
          label={text.search}
          type="search"
          autoComplete="off"
          maxLength={100}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
      )}
      {places.length === 0 && (
        <Empty icon={MapPin} title={text.empty}>
          {text.emptyBody}
        </Empty>
      )}
      {places.length > 0 && shown.length === 0 && (
        <Empty icon={Search} title={text.none}>
          {text.noneBody}
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {shown.map((site) => (
          <li key={site.gln} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <MapPin size={19} aria-hidden className="shrink-0 text-ink-3" />
            <div className="min-w-0 flex-1 basis-52">
              <p className="font-bold">{site.name}</p>
              <p className="text-sm text-ink-2">
                {text.gln} <span className="font-mono text-xs">{site.gln}</span> ·{' '}
                {text.at(site.latitude, site.longitude)}
              </p>
            </div>
            <Button size="sm" icon={Pencil} aria-label={text.changeTitle(site.name)} onClick={() => setOpened(site)}>
              {text.change}
            </Button>
          </li>
        ))}
      </ul>
      {opened !== null && (
        <PlaceDialog
          institution={institution}
          others={places}
          {...(opened === 'new' ? {} : { site: opened })}
          onClose={() => setOpened(null)}
        />
      )}
    </Panel>
  );
}
