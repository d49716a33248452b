import { LoaderCircle, Radio, WifiOff } from 'lucide-react';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { LiveConnection } from './useTelemetryStream.ts';

const text = t.monitoringPages.live;
const looks = {
  connecting: { tone: 'neutral', icon: LoaderCircle },
  live: { tone: 'ok', icon: Radio },
  lost: { tone: 'warn', icon: WifiOff },
} as const;

/** Whether what is shown goes on by itself. */
export function LiveMark({ connection }: { connection: LiveConnection }) {
  return (
    <span role="status">
      <Pill {...looks[connection]}>{text[connection]}</Pill>
    </span>
  );
}
