'use client';

import { PackageOpen, PackagePlus } from 'lucide-react';
import { useState } from 'react';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { packed, unpacked } from '#epcis/write.ts';
import { t } from '#messages/en.ts';
import { type Item, itemKey, type Looked, type SupplyBasics } from '#server/supply/schema.ts';
import { CaseField } from './CaseField.tsx';
import { CaseLabel } from './CaseLabel.tsx';
import { merged, occasionAt, type Plan, planOf } from './compose.ts';
import { DeedForm } from './DeedForm.tsx';
import { type Fault, faultOf } from './judge.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { prefixLengths } from './sscc.ts';
import { isAllAccepted } from './useCapture.ts';
import { useDeed } from './useDeed.ts';
import type { Scan } from './useScans.ts';
import { countWords } from './words.ts';

const text = t.supply.pack;
type Mode = 'pack' | 'unpack';
const modes = [
  { value: 'pack' as const, label: text.modes.pack },
  { value: 'unpack' as const, label: text.modes.unpack },
];

/** Puts packs and cases into a case, or takes them out again. */
export function PackScreen({ basics }: { basics: SupplyBasics }) {
  const [mode, setMode] = useState<Mode>('pack');
  const [sscc, setSscc] = useState('');
  const own = basics.products.find(({ maker }) => maker === basics.institutionId);
  const judge = (looked: Looked, now: number): Fault | null => {
    // A case that is scanned to be emptied is in no case itself.
    const emptied = mode === 'unpack' && looked.item.kind === 'container' && looked.containers.length === 0;
    return faultOf(emptied ? 'pack' : mode, looked, basics.institutionId, now);
  };
  const deed = useDeed(basics, judge);
  const { recorded, site, setSite, next, record, forget } = deed;
  // No case goes into itself.
  const taken = deed.taken.filter(({ key }) => mode === 'unpack' || key !== sscc);
  const words = countWords(taken.map(({ item }) => item));

  const submit = () => {
    const occasion = occasionAt(site);
    const inside = deed.things.filter(({ item }) => itemKey(item) !== sscc);
    void record(() =>
      mode === 'pack' ? planOf(inside, (items) => packed(occasion, sscc, items)) : unpackPlan(taken, occasion),
    );
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
                <Button icon={PackagePlus} onClick={() => next() && setSscc('')}>
                  {text.another}
                </Button>
              </>
            }
          >
            <p>{mode === 'pack' ? text.doneBody(sscc) : text.unpackDone}</p>
          </OutcomePanel>
        </div>
        {mode === 'pack' && isAllAccepted(recorded) && <CaseLabel sscc={sscc} contents={words} />}
      </div>
    );
  }
  const action = mode === 'pack' ? text.action : text.unpackAction;
  return (
    <DeedForm
      deed={deed}
      hint={mode === 'pack' ? text.scanInto : text.scanOut}
      action={taken.length === 0 ? text.actionNone[mode] : action(words)}
      icon={mode === 'pack' ? PackagePlus : PackageOpen}
      ready={taken.length > 0 && (mode === 'unpack' || sscc !== '')}
      onSubmit={submit}
      after={mode === 'pack' && sscc === '' && <p className="text-sm text-ink-3">{text.choose}</p>}
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
    </DeedForm>
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
