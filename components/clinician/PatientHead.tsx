import type { ReactNode } from 'react';
import { Avatar } from '#components/ui/Avatar.tsx';
import { ageAt, formatBirthDate } from '#components/ui/format.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { RecordFacts } from '#server/records/schema.ts';

const text = t.prescribing.patient;

/** Whose record it is: nobody writes into the wrong one. `children`: what can be done. */
export function PatientHead({ facts, children }: { facts: RecordFacts; children?: ReactNode }) {
  const { name, birthDate, sex, identifier } = facts;
  const about = [
    ...(birthDate === '' ? [] : [text.years(ageAt(birthDate, new Date()))]),
    text.sexes[sex],
    ...(birthDate === '' ? [] : [text.born(formatBirthDate(birthDate))]),
    identifier,
  ].filter((part) => part !== '');
  return (
    <Panel as="div">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Avatar name={name} size="lg" />
        <div className="min-w-0 flex-1 basis-56">
          <p className="text-lg leading-snug font-bold">{name}</p>
          <p className="text-sm text-ink-2">{about.join(' · ')}</p>
        </div>
        {children && <div className="flex flex-wrap gap-2">{children}</div>}
      </div>
    </Panel>
  );
}
