import { Building2 } from 'lucide-react';
import Link from 'next/link';
import { Empty } from '#components/ui/Empty.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { InstitutionView } from '#server/registry/schema.ts';
import { StatusPill } from './StatusPill.tsx';

const text = t.regulator.institutions;

/** Institutions of the registry chain; choosing one shows its people. */
export function InstitutionList({ institutions, chosen }: { institutions: InstitutionView[]; chosen: string | null }) {
  return (
    <Panel>
      <PanelHead title={text.title} remark={text.remark} />
      {institutions.length === 0 ? (
        <Empty icon={Building2} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {institutions.map((institution) => (
            <li key={institution.id}>
              <Link
                href={`/regulator/institutions?institution=${encodeURIComponent(institution.id)}`}
                aria-current={institution.id === chosen ? 'true' : undefined}
                scroll={false}
                className="-mx-2 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md px-2 py-2.5 hover:bg-sunken aria-[current]:bg-brand-soft"
              >
                <span className="min-w-0 flex-1">
                  <span className="block font-bold">{institution.name}</span>
                  <span className="block text-sm text-ink-2">
                    {[t.workplaces.institution.kinds[institution.kind], institution.place, institution.mspId]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
                <StatusPill status={institution.status} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
