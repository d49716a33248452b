import {
  Anchor,
  Banknote,
  CircleCheck,
  CircleX,
  ContrastIcon,
  type LucideIcon,
  Scale,
  Send,
  Undo2,
  UserRoundSearch,
} from 'lucide-react';
import type { ClaimState } from '#chaincode/model/claim.ts';
import { Pill } from '#components/ui/Pill.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';

const looks: Record<ClaimState, { tone: Tone; icon: LucideIcon }> = {
  submitted: { tone: 'info', icon: Send },
  inReview: { tone: 'warn', icon: UserRoundSearch },
  approved: { tone: 'ok', icon: CircleCheck },
  partlyApproved: { tone: 'ok', icon: ContrastIcon },
  denied: { tone: 'danger', icon: CircleX },
  appealed: { tone: 'warn', icon: Scale },
  settled: { tone: 'brand', icon: Banknote },
  anchored: { tone: 'ok', icon: Anchor },
  reversed: { tone: 'neutral', icon: Undo2 },
};

/** Where a claim stands. */
export function ClaimStatePill({ state }: { state: ClaimState }) {
  const { tone, icon } = looks[state];
  return (
    <Pill tone={tone} icon={icon}>
      {t.claims.states[state]}
    </Pill>
  );
}
