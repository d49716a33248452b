import { Radio, RadioTower } from 'lucide-react';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { LiveConnection } from './useLive.ts';

const text = t.regulator;

/** Whether what is shown is live. */
export function ConnectionPill({ connection }: { connection: LiveConnection }) {
  if (connection === 'live') {
    return (
      <Pill tone="ok" icon={RadioTower}>
        {text.live}
      </Pill>
    );
  }
  return (
    <Pill tone={connection === 'lost' ? 'warn' : 'neutral'} icon={Radio}>
      {connection === 'lost' ? text.lost : text.connecting}
    </Pill>
  );
}
