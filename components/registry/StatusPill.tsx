import { Ban, CircleCheck, CircleDashed, CirclePause } from 'lucide-react';
import type { InstitutionStatus } from '#chaincode/model/registry.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';

const looks = {
  proposed: { tone: 'info', icon: CircleDashed },
  active: { tone: 'ok', icon: CircleCheck },
  suspended: { tone: 'warn', icon: CirclePause },
  revoked: { tone: 'danger', icon: Ban },
  refused: { tone: 'danger', icon: Ban },
} as const;

/** Status on the registry chain. */
export function StatusPill({ status }: { status: InstitutionStatus }) {
  const { tone, icon } = looks[status];
  return (
    <Pill tone={tone} icon={icon}>
      {t.workplaces.institution.statuses[status]}
    </Pill>
  );
}
