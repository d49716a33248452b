import {
  Ban,
  CalendarX2,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleSlash,
  CircleX,
  CloudOff,
  Coins,
  Hourglass,
  Inbox,
  type LucideIcon,
  PackageCheck,
  PieChart,
} from 'lucide-react';
import { Pill } from '#components/ui/Pill.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary, TokenView } from '#server/prescriptions/schema.ts';

const looks: Record<PrescriptionSummary['state'], { tone: Tone; icon: LucideIcon }> = {
  active: { tone: 'brand', icon: CircleDashed },
  accepted: { tone: 'info', icon: Inbox },
  partial: { tone: 'warn', icon: PieChart },
  completed: { tone: 'ok', icon: PackageCheck },
  cancelled: { tone: 'neutral', icon: Ban },
  expired: { tone: 'neutral', icon: CalendarX2 },
};

/** Where a prescription stands. */
export function StatePill({ state }: { state: PrescriptionSummary['state'] }) {
  const { tone, icon } = looks[state];
  return (
    <Pill tone={tone} icon={icon}>
      {t.prescriptions.states[state]}
    </Pill>
  );
}

const tokenLooks: Record<TokenView['state'], { tone: Tone; icon: LucideIcon }> = {
  none: { tone: 'neutral', icon: CircleSlash },
  pending: { tone: 'warn', icon: Hourglass },
  active: { tone: 'neutral', icon: Coins },
  partial: { tone: 'neutral', icon: CirclePause },
  dispensed: { tone: 'neutral', icon: CircleCheck },
  cancelled: { tone: 'neutral', icon: CircleX },
  unreachable: { tone: 'warn', icon: CloudOff },
};

/** State of the token; amber while it is pending, which delays nothing. */
export function TokenPill({ state }: { state: TokenView['state'] }) {
  const { tone, icon } = tokenLooks[state];
  return (
    <Pill tone={tone} icon={icon}>
      {t.prescriptions.tokenStates[state]}
    </Pill>
  );
}
