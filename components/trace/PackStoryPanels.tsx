'use client';

import { History, Map as MapIcon, PackageSearch, ShieldCheck, Siren } from 'lucide-react';
import { AlertLines } from '#components/regulator/AlertLines.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatBirthDate, formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { PackStory } from '#server/trace/schema.ts';
import type { MapView } from './mapOf.ts';
import { SiteMap } from './SiteMap.tsx';
import { StoryStep } from './StoryStep.tsx';
import { keyOf, useVerification } from './useVerification.ts';

const text = t.trace.story;

/**
 * What a pack is now, what stands against it, its way on a map, and each event, for the authority with its place in the chain to be
 * checked and the alerts to be decided.
 */
export function PackStoryPanels({
  story,
  map,
  mayVerify = false,
}: {
  story: PackStory;
  map?: MapView | undefined;
  /** Whether the reader may read the chain's blocks and decide about alerts. */
  mayVerify?: boolean;
}) {
  const { events, alerts, pack, recalls } = story;
  const inForce = recalls.filter(({ endedAt }) => endedAt === null);
  const now = useNow(10_000);
  const { busy, problem, verify, verdicts } = useVerification();
  const way = events.flatMap(({ place, outcome }) => (outcome === 'accepted' && place?.gln ? place.gln : []));
  const onMap = [...new Map(events.flatMap(({ place }) => (place ? [[place.gln, place] as const] : []))).values()];
  return (
    <div className="space-y-5">
      <Panel labelledBy="pack-now">
        <PanelHead id="pack-now" title={story.product?.name ?? story.gtin} icon={PackageSearch} />
        {pack === null && (
          <div className="mb-4">
            <Notice tone="danger" title={text.unknown}>
              <p>{text.unknownBody}</p>
            </Notice>
          </div>
        )}
        {inForce.map((recall) => (
          <div key={recall.id} className="mb-4">
            <Notice tone="danger" icon={Siren} title={text.recalled(recall.by.name)}>
              <p>“{recall.reason}”</p>
              <p>
                <Time value={recall.startedAt} />
              </p>
            </Notice>
          </div>
        ))}
        <Facts
          rows={[
            { name: text.gtin, value: <Hash>{story.gtin}</Hash>, copy: story.gtin },
            { name: text.serial, value: <Hash>{story.serial}</Hash>, copy: story.serial },
            ...(story.product ? [{ name: text.maker, value: story.product.maker.name }] : []),
            ...(pack
              ? [
                  { name: text.batch, value: pack.batch },
                  { name: text.expiry, value: formatBirthDate(pack.expiry) },
                  { name: text.state, value: t.trace.states[pack.state] ?? pack.state },
                  { name: text.holder, value: pack.holder.name },
                  ...(pack.place ? [{ name: text.place, value: pack.place.name }] : []),
                  ...(pack.shippedTo ? [{ name: text.shippedTo, value: pack.shippedTo.name }] : []),
                  ...(pack.containers.length > 0
                    ? [{ name: text.cases, value: <Hash>{pack.containers.join(', ')}</Hash> }]
                    : []),
                  { name: text.excursions, value: formatNumber(pack.excursions) },
                ]
              : []),
          ]}
        />
      </Panel>
      {mayVerify && alerts.length > 0 && (
        <Panel labelledBy="pack-alerts">
          <PanelHead id="pack-alerts" title={text.alerts} />
          <AlertLines alerts={alerts} now={now} addressOf={(id) => `/regulator/alerts?alert=${id}`} />
        </Panel>
      )}
      {map && (
        <Panel labelledBy="pack-way">
          <PanelHead id="pack-way" title={text.map} icon={MapIcon} />
          <div className="mx-auto max-w-md">
            <SiteMap
              map={map}
              route={way}
              label={text.mapLabel(formatNumber(onMap.length))}
              places={onMap.map(({ gln, name }) => ({
                ...{ gln, name, weight: 0 },
                tone: alerts.some(({ site }) => site?.gln === gln) ? ('alert' as const) : ('fine' as const),
              }))}
            />
          </div>
        </Panel>
      )}
      <Panel labelledBy="pack-story">
        <PanelHead
          id="pack-story"
          title={text.timeline}
          icon={History}
          remark={text.timelineRemark}
          aside={
            mayVerify && (
              <Button size="sm" icon={ShieldCheck} busy={busy} onClick={() => void verify(events)}>
                {busy ? text.checking : text.verifyAll}
              </Button>
            )
          }
        />
        {problem && <ProblemNotice problem={problem} />}
        <ol className="ml-2 border-l-2 border-line">
          {events.map((event) => (
            <StoryStep
              key={keyOf(event)}
              event={event}
              verdict={verdicts[keyOf(event)]}
              busy={busy}
              onVerify={mayVerify ? () => void verify([event]) : undefined}
            />
          ))}
        </ol>
      </Panel>
    </div>
  );
}
