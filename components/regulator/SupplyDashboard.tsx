'use client';

import { BellRing, Map as MapIcon, Siren, Waypoints } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { saveFile } from '#components/records/saveFile.ts';
import { Page } from '#components/shell/Page.tsx';
import { FlowSankey } from '#components/trace/FlowSankey.tsx';
import { flowGraph } from '#components/trace/flowGraph.ts';
import type { MapView } from '#components/trace/mapOf.ts';
import { MapLegend, type MapPlace, SiteMap } from '#components/trace/SiteMap.tsx';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { ShortProduct } from '#server/formulary/schema.ts';
import type {
  AlertView,
  FlowView,
  RecallCoverage,
  SavedView,
  ShortageRow,
  StockView,
  SupplyOverview,
} from '#server/trace/schema.ts';
import { AlertLines } from './AlertLines.tsx';
import { ConnectionPill } from './ConnectionPill.tsx';
import { dashboardCsv } from './dashboardCsv.ts';
import { FilterBar } from './FilterBar.tsx';
import { RecallLines } from './RecallLines.tsx';
import { SavedViews } from './SavedViews.tsx';
import { ShortagePanel } from './ShortagePanel.tsx';
import { StockPanel } from './StockPanel.tsx';
import { SupplyTiles } from './SupplyTiles.tsx';
import { shortLines } from './shortLines.ts';
import { byPlace } from './supplyFigures.ts';
import { queryOf, type TraceFilter } from './traceAddress.ts';
import { useRefresh } from './useRefresh.ts';

const text = t.trace;
const shortDays = 14;

export interface DashboardView {
  /** ISO 8601 */
  readAt: string;
  filter: TraceFilter;
  overview: SupplyOverview;
  flows: FlowView;
  stock: StockView;
  shortages: ShortageRow[];
  /** Medicines that are short by declaration or by two weeks' use. */
  short: ShortProduct[];
  alerts: AlertView[];
  /** Recalls in force. */
  recalls: RecallCoverage[];
  views: SavedView[];
  /** All products and places there are, to choose from. */
  products: { gtin: string; name: string }[];
  places: { gln: string; name: string }[];
  /** Undefined where no place is registered. */
  map: MapView | undefined;
}

/**
 * The authority's first screen: where medicines are and go, what runs short, what is amiss, kept current as events come.
 * `medicines`: what is known of medicines beside their packs.
 */
export function SupplyDashboard({ view, medicines }: { view: DashboardView; medicines: ReactNode }) {
  const { filter, overview, flows, stock, alerts, recalls, map } = view;
  const connection = useRefresh();
  const now = useNow(10_000);
  const graph = useMemo(() => flowGraph(flows, stock.rows), [flows, stock]);
  const onMap = useMemo(() => placesOnMap(stock, alerts), [stock, alerts]);
  const short = useMemo(
    () => shortLines(view.shortages, view.short, filter.gtin),
    [view.shortages, view.short, filter.gtin],
  );
  const product = view.products.find(({ gtin }) => gtin === filter.gtin)?.name;
  const place = view.places.find(({ gln }) => gln === filter.site)?.name;
  const what = [product ?? text.flow.allProducts, place].filter((part) => part !== undefined).join(', ');
  const csv = () =>
    saveFile(`medicine-supply-${view.readAt.slice(0, 10)}.csv`, 'text/csv', [dashboardCsv(flows, stock)]);
  return (
    <Page title={text.title} remarks={<ConnectionPill connection={connection} />}>
      <div className="space-y-5">
        {connection === 'lost' && (
          <Notice tone="warn" title={text.lost} live="status">
            <p>{text.lostBody}</p>
          </Notice>
        )}
        <FilterBar filter={filter} products={view.products} places={view.places} onCsv={csv}>
          <SavedViews page="regulator" query={queryOf(filter)} views={view.views} />
        </FilterBar>
        <h1 className="hidden text-xl font-bold print:block">
          {text.title}: {what}, {text.filter.spans[filter.days]} · {text.readAt} <Time value={view.readAt} />
        </h1>
        <SupplyTiles overview={overview} recalls={recalls} days={filter.days} now={now} />
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.8fr)_minmax(0,1fr)]">
          <div className="min-w-0 space-y-5 xl:order-2">
            <Panel labelledBy="open-alerts">
              <PanelHead
                id="open-alerts"
                title={text.alerts.title}
                icon={BellRing}
                aside={
                  <LinkButton size="sm" href="/regulator/alerts">
                    {text.alerts.triage}
                  </LinkButton>
                }
              />
              <AlertLines alerts={alerts} now={now} addressOf={(id) => `/regulator/alerts?alert=${id}`} />
            </Panel>
            <Panel labelledBy="map">
              <PanelHead id="map" title={text.map.title} icon={MapIcon} remark={text.map.remark} />
              {map === undefined ? (
                <Empty icon={MapIcon} title={text.map.none}>
                  {text.map.noneBody}
                </Empty>
              ) : (
                <>
                  <SiteMap map={map} places={onMap} label={text.map.label(formatNumber(onMap.length))} />
                  <MapLegend tones={['alert', 'short', 'fine']} />
                </>
              )}
            </Panel>
            <Panel labelledBy="recalls-in-force">
              <PanelHead
                id="recalls-in-force"
                title={text.recalls.title}
                icon={Siren}
                aside={
                  <LinkButton size="sm" href="/regulator/recalls">
                    {text.recalls.open}
                  </LinkButton>
                }
              />
              <RecallLines recalls={recalls} />
            </Panel>
          </div>
          <div className="min-w-0 space-y-5">
            <Panel labelledBy="flow">
              <PanelHead id="flow" title={text.flow.title} icon={Waypoints} remark={text.flow.remark(what)} />
              {graph.links.length === 0 ? (
                <Empty icon={Waypoints} title={text.flow.empty}>
                  {text.flow.emptyBody}
                </Empty>
              ) : (
                <FlowSankey graph={graph} />
              )}
            </Panel>
            <ShortagePanel lines={short} />
            {medicines}
            <StockPanel stock={stock} filter={filter} />
          </div>
        </div>
      </div>
    </Page>
  );
}

/** Every place with stock, as large as it is, marked where an alert is open or something runs short. */
function placesOnMap(stock: StockView, alerts: readonly AlertView[]): MapPlace[] {
  const names = new Map(stock.places.map(({ gln, name }) => [gln, name]));
  const alarmed = new Set(alerts.flatMap(({ site }) => site?.gln ?? []));
  return byPlace(stock.rows).map(({ site, usable, shortest }) => ({
    ...{ gln: site, name: names.get(site) ?? site, weight: usable },
    tone: alarmed.has(site) ? 'alert' : shortest !== null && shortest.days < shortDays ? 'short' : 'fine',
  }));
}
