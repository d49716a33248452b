'use client';

import { ArrowRightLeft, Check } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { StatePill } from '#components/prescriptions/StatePill.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { heldAddress } from './heldAddress.ts';

const text = t.dispensing.offered;

/** Prescriptions that other pharmacies offer to this one. Whoever takes one over opens it without its code. */
export function OfferedList({ prescriptions }: { prescriptions: PrescriptionSummary[] }) {
  const router = useRouter();
  const vault = useVault();
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  if (prescriptions.length === 0) return null;

  const answer = (kind: 'acceptTransfer' | 'withdrawTransfer', id: string) =>
    void attempt(async () => {
      await signed({ kind, id }, { sheet: 'factorOnly' });
      if (kind === 'acceptTransfer') router.push(heldAddress(id));
      else router.refresh();
    });
  return (
    <Panel labelledBy="offered">
      <PanelHead id="offered" title={text.title} icon={ArrowRightLeft} remark={text.body} />
      {problem && <ProblemNotice problem={problem} />}
      <ul className="divide-y divide-line">
        {prescriptions.map(({ id, author, holder, transfer, left, quantity, fills, state }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-bold">{text.from(holder?.institution ?? '')}</p>
              <p className="text-sm text-ink-2">
                {author.name}, {author.institution} ·{' '}
                {t.prescriptions.list.leftOf(formatNumber(left), formatNumber(quantity * fills))}
                {transfer && (
                  <>
                    {' · '}
                    <Time value={transfer.at} />
                  </>
                )}
              </p>
              <p className="font-mono text-xs break-all text-ink-3">{id}</p>
            </div>
            <StatePill state={state} />
            <Button size="sm" disabled={busy || vault.state !== 'open'} onClick={() => answer('withdrawTransfer', id)}>
              {text.decline}
            </Button>
            <Button
              size="sm"
              look="primary"
              icon={Check}
              busy={busy}
              disabled={vault.state !== 'open'}
              onClick={() => answer('acceptTransfer', id)}
            >
              {text.accept}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
