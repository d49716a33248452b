import { CircleCheck, type LucideIcon, PackagePlus, ScanLine, Siren, ThermometerSnowflake, Truck } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { ExcursionView, RecallView, SupplyToday } from '#server/supply/schema.ts';
import { DeliveryList } from './DeliveryList.tsx';
import { SentList } from './SentList.tsx';
import { StockBars } from './StockBars.tsx';
import { byProduct, expiring, sellable } from './stockView.ts';
import { packWords } from './words.ts';

const text = t.supply.today;

/** The first screen of a manufacturer or distributor: what waits, what is on its way, what is there. */
export function TodayScreen({ today, now }: { today: SupplyToday; now: number }) {
  const { stock, arriving, sent, recalls, excursions, basics } = today;
  const products = byProduct(stock);
  const quiet = arriving.length + recalls.length + excursions.length === 0;
  return (
    <div className="space-y-5">
      <ul className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        <Tile name={text.arriving} value={arriving.length} href="/supply/receive" />
        <Tile name={text.answer} value={recalls.length} href="/supply/recalls" alarming />
        <Tile name={text.excursions} value={excursions.length} href="/supply/stock" alarming />
        <Tile name={text.expiring} value={expiring(stock, now).length} href="/supply/stock" />
        <Tile name={text.sent} value={sent.length} href="/supply/ship" />
        <Tile name={text.stock} value={stock.reduce((sum, row) => sum + sellable(row), 0)} href="/supply/stock" />
      </ul>
      <Panel labelledBy="quick">
        <PanelHead id="quick" title={text.quick} />
        <div className="flex flex-wrap gap-2">
          {basics.kind === 'manufacturer' && (
            <LinkButton href="/supply/batches" icon={PackagePlus}>
              {t.supply.commission.title}
            </LinkButton>
          )}
          <LinkButton href="/supply/pack" icon={PackagePlus}>
            {t.supply.pack.title}
          </LinkButton>
          <LinkButton href="/supply/ship" icon={Truck}>
            {t.supply.ship.title}
          </LinkButton>
          <LinkButton href="/supply/verify" icon={ScanLine}>
            {t.supply.verify.title}
          </LinkButton>
        </div>
      </Panel>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-5">
          {recalls.length > 0 && <RecallsToAnswer recalls={recalls} />}
          {excursions.length > 0 && <Excursions excursions={excursions} />}
          {quiet ? (
            <Panel>
              <Empty icon={CircleCheck} title={text.nothing}>
                {text.nothingBody}
              </Empty>
            </Panel>
          ) : (
            <DeliveryList deliveries={arriving} base="/supply/receive" />
          )}
          <SentList sent={sent} />
        </div>
        {products.length > 0 && (
          <Panel labelledBy="in-stock">
            <PanelHead id="in-stock" title={text.stock} />
            <StockBars products={products} />
          </Panel>
        )}
      </div>
    </div>
  );
}

function Tile({
  name,
  value,
  href,
  alarming = false,
}: {
  name: string;
  value: number;
  href: string;
  alarming?: boolean;
}) {
  return (
    <li>
      <Link
        href={href}
        className="flex h-full flex-col justify-between gap-2 rounded-lg border border-line bg-surface p-3.5 hover:bg-sunken"
      >
        <span className="text-sm text-ink-2">{name}</span>
        <span className={`text-2xl font-bold ${alarming && value > 0 ? 'text-danger' : ''}`}>
          {formatNumber(value)}
        </span>
      </Link>
    </li>
  );
}

function Waiting({ id, title, icon, children }: { id: string; title: string; icon: LucideIcon; children: ReactNode }) {
  return (
    <Panel labelledBy={id}>
      <PanelHead id={id} title={title} icon={icon} />
      <ul className="divide-y divide-line">{children}</ul>
    </Panel>
  );
}

function RecallsToAnswer({ recalls }: { recalls: RecallView[] }) {
  return (
    <Waiting id="recalls" title={text.answer} icon={Siren}>
      {recalls.map(({ id, product, reason, here }) => (
        <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
          <div className="min-w-0">
            <p className="font-bold">{product}</p>
            <p className="text-sm text-ink-2">
              “{reason}” · {packWords(here.reduce((sum, { packs }) => sum + packs, 0))}
            </p>
          </div>
          <LinkButton size="sm" href="/supply/recalls">
            {text.open}
          </LinkButton>
        </li>
      ))}
    </Waiting>
  );
}

function Excursions({ excursions }: { excursions: ExcursionView[] }) {
  return (
    <Waiting id="excursions" title={text.excursions} icon={ThermometerSnowflake}>
      {excursions.map(({ id, product, sscc, serial, packs, siteName, at }) => (
        <li key={id} className="py-2.5">
          <p className="font-bold">{text.excursion(product ?? t.supply.thing.case, packWords(packs))}</p>
          <p className="text-sm text-ink-2">
            <Time value={at} />
            {siteName && ` · ${siteName}`}
          </p>
          <p className="font-mono text-xs break-all text-ink-3">{sscc ?? serial}</p>
        </li>
      ))}
    </Waiting>
  );
}
