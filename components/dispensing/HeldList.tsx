'use client';

import { FolderOpen, Inbox, ScanLine, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { recordAddress } from '#components/clinician/recordAddress.ts';
import { ProofButton, proofOf } from '#components/prescriptions/ProofDrawer.tsx';
import { StatePill } from '#components/prescriptions/StatePill.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useRecording } from '#components/signing/useRecording.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { formatNumber } from '#components/ui/format.ts';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { CloseShort } from './CloseShort.tsx';
import { heldAddress } from './heldAddress.ts';
import { RenewalButton } from './RenewalButton.tsx';
import { ReservationLine } from './ReservationLine.tsx';
import { StandingNotices } from './StandingNotices.tsx';

const text = t.dispensing.held;
type Intent = Extract<TransactionIntent, { kind: 'return' | 'close' | 'releaseReservation' }>;

/** Prescriptions that this pharmacy holds; returning and closing need no code. */
export function HeldList({ prescriptions }: { prescriptions: PrescriptionSummary[] }) {
  const router = useRouter();
  const vault = useVault();
  const [busy, setBusy] = useState<string | null>(null);
  const [closing, setClosing] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const recording = useRecording<{ intent: Intent }>();

  const record = async (intent: Intent) => {
    setBusy(intent.id);
    setProblem(null);
    try {
      const { composed } = await recording.record(intent.id, JSON.stringify(intent), async () => ({ intent }));
      toast.success(
        {
          return: t.dispensing.done.returned,
          close: t.dispensing.done.closed,
          releaseReservation: t.dispensing.reservation.released,
        }[composed.intent.kind],
      );
      router.refresh();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(null);
    }
  };

  if (prescriptions.length === 0) {
    return (
      <Panel>
        <Empty
          icon={Inbox}
          title={text.empty}
          action={
            <LinkButton href="/pharmacy" look="primary" icon={ScanLine}>
              {text.emptyAction}
            </LinkButton>
          }
        >
          {text.emptyBody}
        </Empty>
      </Panel>
    );
  }
  return (
    <div className="space-y-5">
      <UnlockNotice />
      {problem && <ProblemNotice problem={problem} kept={t.flows.again} />}
      <Panel>
        <p className="mb-2 text-sm text-ink-2">{text.note}</p>
        <ul className="divide-y divide-line">
          {prescriptions.map((prescription) => (
            <li key={prescription.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-64">
                <p className="font-bold">
                  {prescription.author.name}, {prescription.author.institution}
                </p>
                <p className="text-sm text-ink-2">
                  {t.prescriptions.list.leftOf(
                    formatNumber(prescription.left),
                    formatNumber(prescription.quantity * prescription.fills),
                  )}
                  {prescription.holder && (
                    <>
                      {' · '}
                      {text.since} <Time value={prescription.holder.since} />
                    </>
                  )}
                </p>
                <p className="font-mono text-xs break-all text-ink-3">{prescription.id}</p>
              </div>
              <StatePill state={prescription.state} />
              <div className="flex flex-wrap gap-2">
                <ProofButton proof={proofOf(prescription)} />
                {prescription.patient && (
                  <LinkButton
                    size="sm"
                    icon={FolderOpen}
                    href={recordAddress('pharmacist', prescription.patient.personId)}
                  >
                    {text.record}
                  </LinkButton>
                )}
                <Button
                  size="sm"
                  icon={Undo2}
                  busy={busy === prescription.id}
                  disabled={busy !== null || vault.state !== 'open' || prescription.reservation !== undefined}
                  onClick={() => record({ kind: 'return', id: prescription.id })}
                >
                  {t.dispensing.actions.return}
                </Button>
                <Button
                  size="sm"
                  disabled={busy !== null || vault.state !== 'open' || prescription.reservation !== undefined}
                  onClick={() => setClosing(prescription.id)}
                >
                  {t.dispensing.actions.closeShort}
                </Button>
                <RenewalButton id={prescription.id} disabled={busy !== null || vault.state !== 'open'} />
                {prescription.holder?.from ? (
                  <LinkButton size="sm" href={heldAddress(prescription.id)} icon={FolderOpen}>
                    {text.open}
                  </LinkButton>
                ) : (
                  <LinkButton size="sm" href="/pharmacy" icon={ScanLine}>
                    {text.scan}
                  </LinkButton>
                )}
              </div>
              {prescription.holder?.from && (
                <p className="w-full text-sm text-ink-2">{text.transferred(prescription.holder.from)}</p>
              )}
              <StandingNotices
                prescription={prescription}
                disabled={busy !== null || vault.state !== 'open'}
                onChanged={() => router.refresh()}
              />
              {prescription.reservation && (
                <ReservationLine
                  reservation={prescription.reservation}
                  disabled={busy !== null || vault.state !== 'open'}
                  onRelease={() => {
                    const { id, reservation } = prescription;
                    if (reservation) {
                      void record({ kind: 'releaseReservation', id, dispenseId: reservation.dispenseId });
                    }
                  }}
                />
              )}
            </li>
          ))}
        </ul>
      </Panel>
      <CloseShort
        open={closing !== null}
        onOpenChange={(open) => !open && setClosing(null)}
        onClose={(reason) => {
          const id = closing;
          setClosing(null);
          if (id) void record({ kind: 'close', id, reason });
        }}
      />
    </div>
  );
}
