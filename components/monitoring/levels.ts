import { BellRing, CircleCheck, CircleHelp, Info, LockKeyhole, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { AlertLevel } from '#chaincode/model/alert.ts';
import type { Tone } from '#components/ui/tone.ts';

/** How a patient stands: the worst open alert, in range, not known, or not for this reader. */
export type WallLevel = AlertLevel | 'calm' | 'unknown' | 'sealed';

export const levelLook: Record<WallLevel, { icon: LucideIcon; tone: Tone }> = {
  critical: { icon: BellRing, tone: 'danger' },
  urgent: { icon: TriangleAlert, tone: 'warn' },
  notice: { icon: Info, tone: 'info' },
  unknown: { icon: CircleHelp, tone: 'neutral' },
  sealed: { icon: LockKeyhole, tone: 'neutral' },
  calm: { icon: CircleCheck, tone: 'ok' },
};
