'use client';

import { PackageOpen, UserRoundCheck, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type PickupKind, pickupKinds } from '#chaincode/model/prescriptionTerms.ts';
import { useRecording } from '#components/signing/useRecording.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { composePickup } from '#components/vault/prescription.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { useChange } from './useChange.ts';

const text = t.patient.medicines.pickup;
const dayMs = 86_400_000;
const kinds = pickupKinds.map((value) => ({ value, label: text.kinds[value] }));
const spans = ['1', '3', '7', '14'] as const;
const days = spans.map((value) => ({ value, label: text.days(Number(value)) }));

/** A code that stays with this page: the ledger has only a hash, slow to guess, of it. */
interface Made {
  intent: Extract<TransactionIntent, { kind: 'authorisePickup' }>;
  code: string;
}

/** Lets somebody else fetch the medicine: a one-time code to hand on, until when it counts, and taking it back. */
export function Pickup({ prescription, name }: { prescription: PrescriptionSummary; name: string }) {
  const { id, pickup } = prescription;
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const [kind, setKind] = useState<PickupKind>('representative');
  const [span, setSpan] = useState<(typeof spans)[number]>('3');
  const [made, setMade] = useState<{ code: string; until: string } | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const { busy: revoking, problem: unrevoked, change } = useChange(id, name);
  const recording = useRecording<Made>(() => ({ [id]: name }));

  const authorise = () =>
    attempt(async () => {
      const { composed } = await recording.record(id, `${kind} ${span}`, () =>
        composePickup({ id, kind, until: new Date(Date.now() + Number(span) * dayMs).toISOString() }),
      );
      setMade({ code: composed.code, until: composed.intent.pickup.until });
      router.refresh();
    });
  const close = () => {
    setAsking(false);
    setMade(null);
  };

  return (
    <>
      {pickup && (
        <div className="mt-4 w-full">
          <Notice
            tone={pickup.used ? 'ok' : 'brand'}
            icon={UserRoundCheck}
            title={pickup.used ? text.used[pickup.kind] : text.may[pickup.kind]}
            actions={
              !pickup.used && (
                <Button icon={X} busy={revoking} onClick={() => change({ kind: 'revokePickup', id }, text.revoked)}>
                  {text.revoke}
                </Button>
              )
            }
          >
            <p>
              {pickup.used ? text.usedAt : text.until} <Time value={pickup.used ?? pickup.until} />
            </p>
            {!pickup.used && <p>{text.shownOnce}</p>}
          </Notice>
          {unrevoked && <ProblemNotice problem={unrevoked} />}
        </div>
      )}
      <Button size="lg" icon={PackageOpen} onClick={() => setAsking(true)}>
        {pickup && !pickup.used ? text.another : text.open}
      </Button>
      <Dialog
        open={asking}
        onOpenChange={(open) => !open && close()}
        title={made ? text.madeTitle : text.title}
        description={made ? text.madeBody[kind] : text.body}
        closeLabel={t.shell.close}
        actions={
          made ? (
            <Button look="primary" size="lg" onClick={close}>
              {text.done}
            </Button>
          ) : (
            <>
              <Button size="lg" onClick={close}>
                {t.shell.cancel}
              </Button>
              <Button look="primary" size="lg" icon={UserRoundCheck} busy={busy} onClick={authorise}>
                {text.action}
              </Button>
            </>
          )
        }
      >
        {made ? (
          <div className="rounded-lg bg-sunken p-5 text-center" role="status">
            <p className="font-mono text-4xl font-bold tracking-wider" data-code="pickup">
              {made.code}
            </p>
            <p className="mt-3">
              {text.until} <Time value={made.until} />
            </p>
          </div>
        ) : (
          <div className="space-y-4">
            <SelectField label={text.who} value={kind} options={kinds} onChange={setKind} />
            <SelectField label={text.howLong} value={span} options={days} onChange={setSpan} />
            {problem && <ProblemNotice problem={problem} kept={t.flows.again} />}
          </div>
        )}
      </Dialog>
    </>
  );
}
