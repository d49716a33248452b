'use client';

import { FilePen } from 'lucide-react';
import { useMemo, useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { Looked, SupplyBasics } from '#server/supply/schema.ts';
import { type Change, changes, occasionAt, planOf } from './compose.ts';
import { faultOf } from './judge.ts';
import { namesOf } from './names.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { ScanPanel } from './ScanPanel.tsx';
import { ThingList } from './ThingList.tsx';
import { isAllAccepted, useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';
import { useScans } from './useScans.ts';
import { Workbench } from './Workbench.tsx';
import { countWords } from './words.ts';

const text = t.supply.change;
const choices = (['hold', 'release', 'decommission', 'destroy', 'steal'] as const).map((value) => ({
  value,
  label: text.changes[value],
}));
const final: readonly Change[] = ['destroy', 'steal'];

/** Sets packs aside, releases them, or writes them off. */
export function ChangeScreen({ basics }: { basics: SupplyBasics }) {
  const list = useScans();
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();
  const [change, setChange] = useState<Change>('hold');
  const [site, setSite] = useOwnPlace(basics.own);
  const [now] = useState(() => Date.now());
  const names = useMemo(() => namesOf(basics), [basics]);
  const judge = (looked: Looked) => faultOf(change, looked, basics.institutionId, now);
  const taken = list.scans.filter(({ looked }) => looked !== null && judge(looked) === null);
  const ready = site !== '' && taken.length > 0 && !list.asking;

  const submit = () => {
    const occasion = occasionAt(site);
    return capture(
      () =>
        planOf(
          taken.map(({ item, looked }) => ({ item, channels: looked?.channels ?? [] })),
          (items) => changes[change](occasion, items),
        ),
      names,
    );
  };

  if (recorded !== null) {
    return (
      <OutcomePanel
        recorded={recorded}
        actions={
          <Button
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
        <p>{text.done}</p>
      </OutcomePanel>
    );
  }
  return (
    <Workbench scanner={<ScanPanel onNamed={list.add} hint={text.scan} />}>
      <UnlockNotice />
      <Panel>
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) void submit();
          }}
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
          {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
          <Button
            type="submit"
            look={final.includes(change) ? 'danger' : 'primary'}
            size="lg"
            wide
            icon={FilePen}
            busy={busy}
            disabled={!ready}
          >
            {taken.length === 0 ? text.actionNone : text.action(countWords(taken.map(({ item }) => item)))}
          </Button>
        </form>
      </Panel>
      <ThingList list={list} judge={judge} empty={text.scan} />
    </Workbench>
  );
}
