'use client';

import { ArrowRight, Ban, Building2, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { t } from '#messages/en.ts';
import type { InstitutionView } from '#server/registry/schema.ts';
import { useChange } from './useChange.ts';

const text = t.registry.decisions;

/** Institutions that have proposed themselves, for the authority to admit or refuse. */
export function ProposalPanel({ proposed }: { proposed: InstitutionView[] }) {
  const [refusing, setRefusing] = useState<InstitutionView | null>(null);
  const { change, record, busy, problem } = useChange();
  const names = Object.fromEntries(proposed.map(({ id, name }) => [id, name]));
  return (
    <Panel labelledBy="proposals">
      <PanelHead id="proposals" title={text.proposals} remark={text.proposalsRemark} icon={Building2} />
      {problem && <ProblemNotice problem={problem} />}
      {proposed.length === 0 ? (
        <Empty icon={Building2} title={text.proposalsEmpty}>
          {text.proposalsEmptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {proposed.map((institution) => (
            <li key={institution.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-bold">{institution.name}</p>
                <p className="text-sm text-ink-2">
                  {[t.workplaces.institution.kinds[institution.kind], institution.place, institution.mspId]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
                <p className="font-mono text-xs break-all text-ink-3">{institution.id}</p>
              </div>
              <div className="flex flex-wrap gap-2">
                <Button
                  size="sm"
                  look="primary"
                  icon={CircleCheck}
                  disabled={busy}
                  onClick={() => void change({ kind: 'admitInstitution', institution: institution.id }, names)}
                >
                  {text.admit}
                </Button>
                <Button size="sm" look="danger" icon={Ban} disabled={busy} onClick={() => setRefusing(institution)}>
                  {text.refuse}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {refusing && (
        <ReasonDialog
          title={text.refuseTitle(refusing.name)}
          label={text.reason}
          hint={text.reasonHint}
          action={text.next}
          icon={ArrowRight}
          onReason={(reason) => record({ kind: 'refuseInstitution', institution: refusing.id, reason }, names)}
          onClose={() => setRefusing(null)}
        />
      )}
    </Panel>
  );
}
