'use client';

import { CircleCheck, CircleDashed, PackageCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import { type DeliveryView, itemKey, type Looked, type SupplyBasics } from '#server/supply/schema.ts';
import { occasionAt, planOf, receiving, type ShortfallReason, shortfallReasons } from './compose.ts';
import { faultOf } from './judge.ts';
import { namesOf, placeName } from './names.ts';
import { OutcomePanel } from './OutcomePanel.tsx';
import { PlaceField } from './PlaceField.tsx';
import { ScanPanel } from './ScanPanel.tsx';
import { ThingFacts } from './ThingList.tsx';
import { useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';
import { useScans } from './useScans.ts';
import { Workbench } from './Workbench.tsx';
import { countWords, thingName } from './words.ts';

const text = t.supply.receive;
const reasons = shortfallReasons.map((value) => ({ value, label: text.reasons[value] }));

/** Takes over one delivery: what should be in it against what was scanned, in part with reasons. */
export function ReceiveScreen({
  basics,
  delivery,
  back,
}: {
  basics: SupplyBasics;
  delivery: DeliveryView;
  /** Address of the list of deliveries. */
  back: string;
}) {
  const list = useScans();
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();
  const [site, setSite] = useOwnPlace(basics.own);
  const [why, setWhy] = useState<Record<string, ShortfallReason>>({});
  const names = useMemo(() => namesOf(basics), [basics]);

  const open = delivery.expected.filter((looked) => faultOf('receive', looked, basics.institutionId, 0) === null);
  const scanned = new Set(list.scans.map(({ key }) => key));
  const isHere = ({ item }: Looked) => scanned.has(itemKey(item));
  const arrived = open.filter(isHere);
  const missing = open.filter((looked) => !isHere(looked));
  const extra = list.scans.filter(({ key }) => !delivery.expected.some(({ item }) => itemKey(item) === key));
  const things = countWords(arrived.map(({ item }) => item));
  const ready = site !== '' && arrived.length > 0;

  const submit = () =>
    capture(() => {
      const shortfall = missing.map(({ item }) => ({ item, reason: why[itemKey(item)] ?? 'missing' }));
      return planOf(
        arrived.map(({ item, channels }) => ({ item, channels })),
        receiving(occasionAt(site), shortfall),
      );
    }, names);

  const [whole, setWhole] = useState(true);
  if (recorded !== null) {
    return (
      <OutcomePanel
        recorded={recorded}
        actions={
          <LinkButton href={back} onClick={forget}>
            {text.back}
          </LinkButton>
        }
      >
        <p>{whole ? text.doneAll : text.donePart}</p>
      </OutcomePanel>
    );
  }
  return (
    <Workbench scanner={<ScanPanel onNamed={list.add} hint={text.scan} />}>
      <UnlockNotice />
      <Panel>
        <PanelHead
          title={text.from(placeName(delivery.from, delivery.fromSite))}
          remark={<Time value={delivery.sentAt} />}
          aside={
            <LinkButton size="sm" look="quiet" href={back}>
              {text.back}
            </LinkButton>
          }
        />
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (!ready) return;
            setWhole(missing.length === 0);
            void submit();
          }}
        >
          <PlaceField own={basics.own} value={site} onChange={setSite} />
          <p className="text-sm text-ink-2" role="status">
            {missing.length === 0 ? text.all : text.partial(formatNumber(missing.length))}
          </p>
          {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
          <Button type="submit" look="primary" size="lg" wide icon={PackageCheck} busy={busy} disabled={!ready}>
            {text.action(things)}
          </Button>
        </form>
      </Panel>
      {delivery.partial && (
        <Notice tone="warn" title={text.partlyTitle} live="status">
          <p>{text.partlyBody}</p>
        </Notice>
      )}
      {extra.length > 0 && (
        <Notice tone="warn" title={text.extra} live="status">
          <p>{text.extraBody}</p>
          <ul className="list-disc pl-5">
            {extra.map(({ key, item, looked }) => (
              <li key={key}>
                {thingName(item, looked)} <span className="font-mono text-xs break-all">{key}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Panel labelledBy="expected">
        <PanelHead
          id="expected"
          title={text.expected}
          remark={text.expectedRemark(formatNumber(arrived.length), formatNumber(open.length))}
        />
        <ul className="divide-y divide-line">
          {delivery.expected.map((looked) => {
            const key = itemKey(looked.item);
            const isOpen = open.includes(looked);
            const here = isHere(looked);
            const Icon = here || !isOpen ? CircleCheck : CircleDashed;
            return (
              <li key={key} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
                <Icon size={19} aria-hidden className={`mt-0.5 shrink-0 ${here ? 'text-ok' : 'text-ink-3'}`} />
                <div className="min-w-0 flex-1 basis-52">
                  <p className="font-semibold">{thingName(looked.item, looked)}</p>
                  <ThingFacts item={looked.item} looked={looked} />
                  {looked.partial && <p className="text-sm font-semibold text-warn">{text.overChains}</p>}
                  <p className={`text-sm font-semibold ${here ? 'text-ok' : 'text-ink-2'}`}>
                    {!isOpen ? text.received : here ? text.scanned : text.waiting}
                  </p>
                </div>
                {isOpen && !here && arrived.length > 0 && (
                  <div className="w-full sm:w-48">
                    <SelectField
                      label={text.reason}
                      value={why[key] ?? 'missing'}
                      options={reasons}
                      onChange={(reason) => setWhy((was) => ({ ...was, [key]: reason }))}
                    />
                  </div>
                )}
              </li>
            );
          })}
        </ul>
      </Panel>
    </Workbench>
  );
}
