'use client';

import { PackageOpen, PackagePlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { packed, unpacked } from '#epcis/write.ts';
import { t } from '#messages/en.ts';
import type { Item, Looked, SupplyBasics } from '#server/supply/schema.ts';
import { CaseField } from './CaseField.tsx';
import { CaseLabel } from './CaseLabel.tsx';
import { merged, occasionAt, type Plan, planOf } from './compose.ts';
import { type Fault, faultOf } from './judge.ts';
import { namesOf } from './names.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { ScanPanel } from './ScanPanel.tsx';
import { prefixLengths } from './sscc.ts';
import { ThingList } from './ThingList.tsx';
import { isAllAccepted, useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';
import { type Scan, useScans } from './useScans.ts';
import { Workbench } from './Workbench.tsx';
import { countWords } from './words.ts';

const text = t.supply.pack;
type Mode = 'pack' | 'unpack';
const modes = [
  { value: 'pack' as const, label: text.modes.pack },
  { value: 'unpack' as const, label: text.modes.unpack },
];

/** Puts packs and cases into a case, or takes them out again. */
export function PackScreen({ basics }: { basics: SupplyBasics }) {
  const list = useScans();
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();
  const [mode, setMode] = useState<Mode>('pack');
  const [site, setSite] = useOwnPlace(basics.own);
  const [sscc, setSscc] = useState('');
  const [now] = useState(() => Date.now());
  const names = useMemo(() => namesOf(basics), [basics]);
  const own = basics.products.find(({ maker }) => maker === basics.institutionId);

  const judge = (looked: Looked): Fault | null => {
    // A case that is scanned to be emptied is in no case itself.
    const emptied = mode === 'unpack' && looked.item.kind === 'container' && looked.containers.length === 0;
    return faultOf(emptied ? 'pack' : mode, looked, basics.institutionId, now);
  };
  const taken = list.scans.filter(
    ({ looked, key }) => looked !== null && judge(looked) === null && (mode === 'unpack' || key !== sscc),
  );
  const things = countWords(taken.map(({ item }) => item));
  const ready = site !== '' && taken.length > 0 && !list.asking && (mode === 'unpack' || sscc !== '');

  const submit = () => {
    const occasion = occasionAt(site);
    return capture(
      () =>
        mode === 'pack'
          ? planOf(
              taken.map(({ item, looked }) => ({ item, channels: looked?.channels ?? [] })),
              (items) => packed(occasion, sscc, items),
            )
          : unpackPlan(taken, occasion),
      names,
    );
  };
  const next = () => {
    const all = recorded !== null && isAllAccepted(recorded);
    forget();
    if (!all) return list.refresh();
    list.clear();
    setSscc('');
  };

  if (recorded !== null) {
    return (
      <div className="space-y-5">
        <div data-print="hide">
          <OutcomePanel
            recorded={recorded}
            actions={
              <>
                {mode === 'pack' && <LinkButton href="/supply/ship">{text.ship}</LinkButton>}
                <Button icon={PackagePlus} onClick={next}>
                  {text.another}
                </Button>
              </>
            }
          >
            <p>{mode === 'pack' ? text.doneBody(sscc) : text.unpackDone}</p>
          </OutcomePanel>
        </div>
        {mode === 'pack' && isAllAccepted(recorded) && <CaseLabel sscc={sscc} contents={things} />}
      </div>
    );
  }
  return (
    <Workbench scanner={<ScanPanel onNamed={list.add} hint={mode === 'pack' ? text.scanInto : text.scanOut} />}>
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
            label={text.mode}
            value={mode}
            options={modes}
            onChange={(chosen) => {
              forget();
              setMode(chosen);
            }}
          />
          <PlaceField own={basics.own} value={site} onChange={setSite} />
          {mode === 'pack' && (
            <CaseField
              gln={site}
              known={prefixLengths.find((length) => length === own?.prefixLength)}
              value={sscc}
              onChange={(chosen) => {
                forget();
                setSscc(chosen);
              }}
            />
          )}
          {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
          <Button
            type="submit"
            look="primary"
            size="lg"
            wide
            icon={mode === 'pack' ? PackagePlus : PackageOpen}
            busy={busy}
            disabled={!ready}
          >
            {taken.length === 0
              ? text.actionNone[mode]
              : mode === 'pack'
                ? text.action(things)
                : text.unpackAction(things)}
          </Button>
          {mode === 'pack' && sscc === '' && <p className="text-sm text-ink-3">{text.choose}</p>}
        </form>
      </Panel>
      <ThingList list={list} judge={judge} empty={mode === 'pack' ? text.scanInto : text.scanOut} />
    </Workbench>
  );
}

/** One event for each case that something is taken out of, on each of its channels; a case that was scanned itself is emptied. */
function unpackPlan(taken: readonly Scan[], occasion: ReturnType<typeof occasionAt>): Plan[] {
  const inside = new Map<string, { item: Item; channels: readonly string[] }[]>();
  const plans: Plan[] = [];
  for (const { item, looked } of taken) {
    const channels = looked?.channels ?? [];
    const [around] = looked?.containers ?? [];
    if (around !== undefined) inside.set(around, [...(inside.get(around) ?? []), { item, channels }]);
    else if (item.kind === 'container') {
      const empty = unpacked(occasion, item.sscc);
      plans.push(...channels.map((channel) => ({ channel, events: [empty] })));
    }
  }
  for (const [sscc, things] of inside) plans.push(...planOf(things, (items) => unpacked(occasion, sscc, items)));
  return merged(plans);
}
