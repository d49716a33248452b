'use client';

import { Store } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { setStockSharing } from '#server/dispensing/actions.ts';
import type { StockSharing } from '#server/dispensing/schema.ts';

const text = t.dispensing.sharing;

/** Whether other pharmacies see roughly what a pharmacy has in stock. */
export function StockSharingPanel({ sharing }: { sharing: StockSharing }) {
  const router = useRouter();
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  return (
    <Panel labelledBy="stock-sharing">
      <PanelHead id="stock-sharing" title={text.title} icon={Store} remark={text.body} />
      <CheckBox
        checked={sharing.on}
        disabled={busy}
        onChange={(on) =>
          void attempt(async () => {
            expectData(await setStockSharing({ on }));
            router.refresh();
          })
        }
      >
        {text.on}
        {sharing.since && (
          <span className="block text-sm text-ink-2">
            {text.since} <Time value={sharing.since} as="date" />
          </span>
        )}
      </CheckBox>
      {problem && <ProblemNotice problem={problem} />}
    </Panel>
  );
}
