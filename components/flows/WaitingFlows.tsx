import { ListChecks } from 'lucide-react';
import type { ReactNode } from 'react';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { WaitingSaga } from '#server/transactions/schema.ts';
import { WaitingFlow } from './WaitingFlow.tsx';

/** What a person has begun and only this person can finish; nothing where nothing waits and nothing is said of it. */
export function WaitingFlows({
  sagas,
  nameOf,
  empty,
}: {
  sagas: WaitingSaga[];
  /** What the flow is about, in the person's own words. */
  nameOf?: (subject: string) => ReactNode;
  empty?: ReactNode;
}) {
  if (sagas.length === 0 && !empty) return null;
  return (
    <Panel labelledBy="waiting">
      <PanelHead id="waiting" title={t.flows.title} remark={t.flows.remark} icon={ListChecks} />
      {sagas.length === 0 ? (
        empty
      ) : (
        <ul className="divide-y divide-line">
          {sagas.map((saga) => (
            <WaitingFlow key={saga.id} saga={saga} name={nameOf?.(saga.subject)} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
