import { LoaderCircle, ScanLine } from 'lucide-react';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';

const text = t.supply.scan;

/** Whether a hand scanner is heard right now, as `useWedge` answers it. */
export function ScannerStatus({ hears }: { hears: boolean }) {
  return (
    <span role="status">
      <Pill tone={hears ? 'brand' : 'neutral'} icon={hears ? ScanLine : LoaderCircle}>
        {hears ? text.ready : text.starting}
      </Pill>
    </span>
  );
}
