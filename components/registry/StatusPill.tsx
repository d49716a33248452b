import { Ban, CircleCheck, CirclePause } from 'lucide-react';
import type { RegistryStatus } from '#chaincode/model/registry.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';

const looks = {
  active: { tone: 'ok', icon: CircleCheck },
  suspended: { tone: 'warn', icon: CirclePause },
  revoked: { tone: 'danger', icon: Ban },
} as const;

/** Status on the registry chain. */
export function StatusPill({ status }: { status: RegistryStatus }) {
  const { tone, icon } = looks[status];
  return (
    <Pill tone={tone} icon={icon}>
      {t.workplaces.institution.statuses[status]}
    </Pill>
  );
}
