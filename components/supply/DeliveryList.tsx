import { Inbox, PackageOpen, Truck } from 'lucide-react';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { ShipmentView } from '#server/supply/schema.ts';
import { placeName } from './names.ts';
import { packWords } from './words.ts';

const text = t.supply.receive;

/** Where a delivery is received. */
export const deliveryAddress = (base: string, shipment: string): string => `${base}/${encodeURIComponent(shipment)}`;

/** Deliveries that are on their way to the institution. */
export function DeliveryList({ deliveries, base }: { deliveries: ShipmentView[]; base: string }) {
  return (
    <Panel labelledBy="deliveries">
      <PanelHead id="deliveries" title={text.arriving} icon={Truck} remark={text.arrivingRemark} />
      {deliveries.length === 0 ? (
        <Empty icon={Inbox} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {deliveries.map((delivery) => (
            <li key={delivery.shipment} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-bold">{text.from(placeName(delivery.from, delivery.fromSite))}</p>
                <p className="text-sm text-ink-2">
                  {packWords(delivery.packs)} · <Time value={delivery.sentAt} />
                </p>
                {delivery.partial && (
                  <p className="mt-1">
                    <Pill tone="warn" icon={PackageOpen}>
                      {text.partly(formatNumber(delivery.received), formatNumber(delivery.items))}
                    </Pill>
                  </p>
                )}
              </div>
              <LinkButton href={deliveryAddress(base, delivery.shipment)} size="sm">
                {text.open}
              </LinkButton>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
