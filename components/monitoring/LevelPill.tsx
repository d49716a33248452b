import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import { levelLook, type WallLevel } from './levels.ts';

/** How bad it is: icon, word and colour. */
export function LevelPill({ level }: { level: WallLevel }) {
  const { icon, tone } = levelLook[level];
  return (
    <Pill tone={tone} icon={icon}>
      {t.monitoring.levels[level]}
    </Pill>
  );
}
