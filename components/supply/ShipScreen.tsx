'use client';

import { PackageCheck, Truck, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import type { Looked, SupplyBasics } from '#server/supply/schema.ts';
import { occasionAt, planOf, shipping } from './compose.ts';
import { DeedForm } from './DeedForm.tsx';
import { type Fault, faultOf, toMakerOnly } from './judge.ts';
import { placeName } from './names.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { useDeed } from './useDeed.ts';
import { countWords } from './words.ts';

const text = t.supply.ship;

/** Sends cases and packs to another institution, or back to one. */
export function ShipScreen({ basics, returned = false }: { basics: SupplyBasics; returned?: boolean }) {
  const [to, setTo] = useState('');
  const others = basics.sites.filter(({ institutionId }) => institutionId !== basics.institutionId);
  const target = others.find(({ gln }) => gln === to);
  const judge = (looked: Looked, now: number): Fault | null =>
    faultOf(returned ? 'return' : 'ship', looked, basics.institutionId, now) ??
    (target !== undefined && toMakerOnly(looked, now) && looked.maker !== target.institutionId
      ? { why: 'toMaker' }
      : null);
  const deed = useDeed(basics, judge);
  const { recorded, taken, things, site, setSite, next, record } = deed;

  if (recorded !== null) {
    return (
      <OutcomePanel
        recorded={recorded}
        actions={
          <Button icon={Truck} onClick={next}>
            {text.another}
          </Button>
        }
      >
        <p>{text.doneBody(target?.institution ?? '')}</p>
      </OutcomePanel>
    );
  }
  const action = returned ? text.returnAction : text.action;
  return (
    <DeedForm
      deed={deed}
      hint={returned ? text.returnIntro : text.scan}
      action={
        target === undefined || taken.length === 0
          ? text.actionNone[returned ? 'return' : 'ship']
          : action(countWords(taken.map(({ item }) => item)), target.institution)
      }
      icon={returned ? Undo2 : PackageCheck}
      ready={target !== undefined}
      onSubmit={() => void record(() => planOf(things, shipping(occasionAt(site), to, returned)))}
    >
      <PlaceField own={basics.own} value={site} onChange={setSite} />
      <SelectField
        label={text.to}
        value={to}
        onChange={setTo}
        options={[
          { value: '', label: text.toNone },
          ...others.map(({ gln, institution, name }) => ({ value: gln, label: placeName(institution, name) })),
        ]}
      />
    </DeedForm>
  );
}
