'use client';

import { FilePen } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import type { SupplyBasics } from '#server/supply/schema.ts';
import { type Change, changes, occasionAt, planOf } from './compose.ts';
import { DeedForm } from './DeedForm.tsx';
import { faultOf } from './judge.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { useDeed } from './useDeed.ts';
import { countWords } from './words.ts';

const text = t.supply.change;
const choices = (['hold', 'release', 'decommission', 'destroy', 'steal'] as const).map((value) => ({
  value,
  label: text.changes[value],
}));
const final: readonly Change[] = ['destroy', 'steal'];

/** Sets packs aside, releases them, or writes them off. */
export function ChangeScreen({ basics }: { basics: SupplyBasics }) {
  const [change, setChange] = useState<Change>('hold');
  const deed = useDeed(basics, (looked, now) => faultOf(change, looked, basics.institutionId, now));
  const { recorded, taken, things, site, setSite, next, record, forget } = deed;

  const submit = () => {
    const occasion = occasionAt(site);
    void record(() => planOf(things, (items) => changes[change](occasion, items)));
  };

  if (recorded !== null) {
    return (
      <OutcomePanel recorded={recorded} actions={<Button onClick={next}>{text.another}</Button>}>
        <p>{text.done}</p>
      </OutcomePanel>
    );
  }
  return (
    <DeedForm
      deed={deed}
      hint={text.scan}
      action={taken.length === 0 ? text.actionNone : text.action(countWords(taken.map(({ item }) => item)))}
      icon={FilePen}
      look={final.includes(change) ? 'danger' : 'primary'}
      ready
      onSubmit={submit}
    >
      <SelectField
        label={text.what}
        value={change}
        options={choices}
        onChange={(chosen) => {
          forget();
          setChange(chosen);
        }}
      />
      <PlaceField own={basics.own} value={site} onChange={setSite} />
      {final.includes(change) && <p className="text-sm font-semibold text-danger">{text.final}</p>}
    </DeedForm>
  );
}
