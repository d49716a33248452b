import { CircleCheck, CircleDashed, Send } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { ShipmentView } from '#server/supply/schema.ts';
import { packWords } from './words.ts';

const text = t.supply.ship;

/** What the institution has sent, and whether it has arrived. */
export function SentList({ sent }: { sent: ShipmentView[] }) {
  return (
    <Panel labelledBy="sent">
      <PanelHead id="sent" title={text.sent} icon={Send} remark={text.sentRemark} />
      {sent.length === 0 ? (
        <Empty icon={Send} title={text.sentEmpty}>
          {text.sentEmptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {sent.map(({ shipment, to, packs, sentAt, received, items }) => (
            <li key={shipment} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
              <div className="min-w-0 flex-1 basis-48">
                <p className="font-bold">{to}</p>
                <p className="text-sm text-ink-2">
                  {packWords(packs)} · <Time value={sentAt} />
                </p>
              </div>
              <Pill
                tone={received >= items ? 'ok' : received > 0 ? 'warn' : 'neutral'}
                icon={received >= items ? CircleCheck : CircleDashed}
              >
                {received >= items ? text.arrived : received > 0 ? text.partly : text.underway}
              </Pill>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
