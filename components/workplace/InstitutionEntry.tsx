import { Building2 } from 'lucide-react';
import { StatusPill } from '#components/registry/StatusPill.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { InstitutionView } from '#server/registry/schema.ts';

const text = t.workplaces.institution;

/** The institution as the registry chain has it. */
export function InstitutionEntry({ institution }: { institution: InstitutionView | null }) {
  return (
    <Panel>
      <PanelHead title={text.title} icon={Building2} />
      {institution ? (
        <Facts
          rows={[
            { name: text.name, value: <strong>{institution.name}</strong> },
            { name: text.kind, value: text.kinds[institution.kind] },
            ...(institution.place ? [{ name: text.place, value: institution.place }] : []),
            { name: text.status, value: <StatusPill status={institution.status} /> },
            { name: text.id, value: <Hash>{institution.id}</Hash>, copy: institution.id },
            { name: text.msp, value: institution.mspId },
            { name: text.version, value: String(institution.version) },
          ]}
        />
      ) : (
        <Notice tone="warn" title={text.missing} />
      )}
    </Panel>
  );
}
