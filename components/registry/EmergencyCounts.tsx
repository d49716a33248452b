import { ChartNoAxesColumn, TriangleAlert } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import type { EmergencyCount } from '#server/access/schema.ts';

const text = t.registry.emergencies.counts;

/** How often each clinician states emergencies, so that overuse shows. */
export function EmergencyCounts({ counts }: { counts: EmergencyCount[] }) {
  const number = 'py-2.5 pr-4 text-right tabular-nums';
  return (
    <Panel labelledBy="emergency-counts">
      <PanelHead id="emergency-counts" title={text.title} remark={text.remark} />
      {counts.length === 0 ? (
        <Empty icon={ChartNoAxesColumn} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ScrollX label={text.title}>
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line-strong text-ink-2">
                <th scope="col" className="py-2 pr-4 text-left font-semibold">
                  {text.clinician}
                </th>
                {[text.lastThirtyDays, text.total, text.unreviewed, text.unjustified].map((name) => (
                  <th key={name} scope="col" className="py-2 pr-4 text-right font-semibold">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {counts.map(({ actor, institution, total, lastThirtyDays, unreviewed, unjustified, unusual }) => (
                <tr key={actor.id}>
                  <th scope="row" className="py-2.5 pr-4 text-left">
                    <span className="block font-bold">{actor.name}</span>
                    <span className="block font-normal text-ink-2">{institution.name}</span>
                    {unusual && (
                      <Pill tone="danger" icon={TriangleAlert}>
                        {text.unusual}
                      </Pill>
                    )}
                  </th>
                  <td className={number}>{formatNumber(lastThirtyDays)}</td>
                  <td className={number}>{formatNumber(total)}</td>
                  <td className={number}>{formatNumber(unreviewed)}</td>
                  <td className={number}>{formatNumber(unjustified)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Panel>
  );
}
