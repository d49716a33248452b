import { CircleX, Info, type LucideIcon, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Pill } from '#components/ui/Pill.tsx';
import type { Tone } from '#components/ui/tone.ts';
import type { Severity } from '#fhir/safety.ts';
import { t } from '#messages/en.ts';
import type { Finding } from '#safety/finding.ts';

const text = t.safety;
const looks: Record<Severity, { tone: Tone; icon: LucideIcon; edge: string }> = {
  contraindicated: { tone: 'danger', icon: OctagonAlert, edge: 'border-danger' },
  serious: { tone: 'danger', icon: CircleX, edge: 'border-danger' },
  moderate: { tone: 'warn', icon: TriangleAlert, edge: 'border-warn' },
  minor: { tone: 'info', icon: Info, edge: 'border-info' },
};

/** One thing that was found: how bad, what, in what, and where the rule comes from. `children`: what is said about it. */
export function FindingCard({ finding, children }: { finding: Finding; children?: ReactNode }) {
  const { severity, kind, title, explanation, evidence, source } = finding;
  const { tone, icon, edge } = looks[severity];
  return (
    <li className={`rounded-md border border-l-[3px] bg-surface p-3 ${edge}`}>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Pill tone={tone} icon={icon}>
          {text.severities[severity]}
        </Pill>
        <span className="text-sm text-ink-2">{text.kinds[kind]}</span>
      </div>
      <p className="mt-1.5 font-bold">{title}</p>
      <p className="text-sm">{explanation}</p>
      <p className="mt-1 text-sm text-ink-2">{text.found(evidence)}</p>
      <p className="text-sm text-ink-3">
        {source.url === undefined ? (
          text.source(source.name, source.section)
        ) : (
          <a href={source.url} target="_blank" rel="noreferrer" className="underline underline-offset-3">
            {text.source(source.name, source.section)}
          </a>
        )}
      </p>
      {children && <div className="mt-2.5">{children}</div>}
    </li>
  );
}
