'use client';

import { PackageCheck, Truck, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { Looked, SupplyBasics } from '#server/supply/schema.ts';
import { occasionAt, planOf, shipping } from './compose.ts';
import { type Fault, faultOf, toMakerOnly } from './judge.ts';
import { namesOf, placeName } from './names.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { ScanPanel } from './ScanPanel.tsx';
import { ThingList } from './ThingList.tsx';
import { isAllAccepted, useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';
import { useScans } from './useScans.ts';
import { Workbench } from './Workbench.tsx';
import { countWords } from './words.ts';

const text = t.supply.ship;

/** Sends cases and packs to another institution, or back to one. */
export function ShipScreen({ basics, returned = false }: { basics: SupplyBasics; returned?: boolean }) {
  const list = useScans();
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();
  const [site, setSite] = useOwnPlace(basics.own);
  const [to, setTo] = useState('');
  const [now] = useState(() => Date.now());
  const names = useMemo(() => namesOf(basics), [basics]);
  const others = basics.sites.filter(({ institutionId }) => institutionId !== basics.institutionId);
  const target = others.find(({ gln }) => gln === to);

  const judge = (looked: Looked): Fault | null =>
    faultOf(returned ? 'return' : 'ship', looked, basics.institutionId, now) ??
    (target !== undefined && toMakerOnly(looked, now) && looked.maker !== target.institutionId
      ? { why: 'toMaker' }
      : null);
  const going = list.scans.filter(({ looked }) => looked !== null && judge(looked) === null);
  const things = countWords(going.map(({ item }) => item));
  const ready = target !== undefined && site !== '' && going.length > 0 && !list.asking;

  const send = () =>
    capture(
      () =>
        planOf(
          going.map(({ item, looked }) => ({ item, channels: looked?.channels ?? [] })),
          shipping(occasionAt(site), to, returned),
        ),
      names,
    );

  if (recorded !== null) {
    return (
      <OutcomePanel
        recorded={recorded}
        actions={
          <Button
            icon={Truck}
            onClick={() => {
              forget();
              if (isAllAccepted(recorded)) list.clear();
              else list.refresh();
            }}
          >
            {text.another}
          </Button>
        }
      >
        <p>{text.doneBody(target?.institution ?? '')}</p>
      </OutcomePanel>
    );
  }
  return (
    <Workbench scanner={<ScanPanel onNamed={list.add} hint={returned ? text.returnIntro : text.scan} />}>
      <UnlockNotice />
      <Panel>
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) void send();
          }}
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
          {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
          <Button
            type="submit"
            look="primary"
            size="lg"
            wide
            icon={returned ? Undo2 : PackageCheck}
            busy={busy}
            disabled={!ready}
          >
            {target === undefined || going.length === 0
              ? text.actionNone[returned ? 'return' : 'ship']
              : (returned ? text.returnAction : text.action)(things, target.institution)}
          </Button>
        </form>
      </Panel>
      <ThingList list={list} judge={judge} empty={text.scan} />
    </Workbench>
  );
}
