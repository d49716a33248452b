import {
  ArrowUpDown,
  BellRing,
  CircleCheck,
  CircleHelp,
  Info,
  LockKeyhole,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react';
import type { AlertLevel } from '#chaincode/model/alert.ts';
import type { Tone } from '#components/ui/tone.ts';

/** How a patient stands: the worst open alert; out of range or in range; without a plan, not known, or not for this reader. */
export type WallLevel = AlertLevel | 'outside' | 'calm' | 'unjudged' | 'unknown' | 'sealed';

export const levelLook: Record<WallLevel, { icon: LucideIcon; tone: Tone }> = {
  critical: { icon: BellRing, tone: 'danger' },
  urgent: { icon: TriangleAlert, tone: 'warn' },
  notice: { icon: Info, tone: 'info' },
  unknown: { icon: CircleHelp, tone: 'neutral' },
  outside: { icon: ArrowUpDown, tone: 'warn' },
  unjudged: { icon: CircleHelp, tone: 'neutral' },
  sealed: { icon: LockKeyhole, tone: 'neutral' },
  calm: { icon: CircleCheck, tone: 'ok' },
};
