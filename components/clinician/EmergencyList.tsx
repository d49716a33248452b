'use client';

import { CircleCheck, Clock, FolderOpen, ShieldCheck, Siren } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { EmergencyView } from '#server/access/schema.ts';
import { recordAddress } from './recordAddress.ts';
import { useEmergencies } from './useEmergencies.ts';

const text = t.recordPages.emergency;

/** Emergencies that are open at the doctor's institution: own ones to go on with, others' to confirm. Nothing where none is. */
export function EmergencyList({ first }: { first: EmergencyView[] }) {
  const { role, subjectId } = usePerson();
  const vault = useVault();
  const { emergencies, failed, ask } = useEmergencies(first, true);
  const [confirming, setConfirming] = useState<EmergencyView | null>(null);
  if (emergencies.length === 0 && !failed) return null;
  return (
    <Panel labelledBy="open-emergencies">
      <PanelHead id="open-emergencies" icon={Siren} title={text.list} remark={text.listRemark} />
      {failed && (
        <p role="status" className="mb-2 text-sm text-warn">
          {text.unlisted}
        </p>
      )}
      <ul className="divide-y divide-line">
        {emergencies.map((emergency) => {
          const { id, actor, patient, reason, until, level, confirmedBy } = emergency;
          const isOwn = actor.id === subjectId;
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-64">
                <p className="font-bold">{isOwn ? text.own : text.stated(actor.name)}</p>
                <p className="text-sm">
                  {patient.name ?? text.unknownPatient} · {t.consents.reason(reason)}
                </p>
                <p className="text-sm text-ink-2">
                  <Time value={emergency.at} /> · {text.closes} <Time value={until} as="time" />
                </p>
              </div>
              {level === 'full' ? (
                <Pill tone="ok" icon={CircleCheck}>
                  {text.isConfirmed(confirmedBy?.name ?? text.someone)}
                </Pill>
              ) : (
                isOwn && (
                  <Pill tone="warn" icon={Clock}>
                    {text.waiting}
                  </Pill>
                )
              )}
              {isOwn && (
                <LinkButton size="sm" icon={FolderOpen} href={recordAddress(role, patient.pseudonym)}>
                  {text.goTo}
                </LinkButton>
              )}
              {!isOwn && level === 'summary' && (
                <Button
                  size="sm"
                  look="danger"
                  icon={ShieldCheck}
                  disabled={vault.state !== 'open'}
                  onClick={() => setConfirming(emergency)}
                >
                  {text.confirm}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {confirming && (
        <ConfirmDialog
          emergency={confirming}
          onClose={() => setConfirming(null)}
          onConfirmed={() => {
            toast.success(text.confirmed(confirming.actor.name));
            void ask();
          }}
        />
      )}
    </Panel>
  );
}

/** What a second doctor opens to the first, before it is signed with the second factor. */
function ConfirmDialog({
  emergency: { id, actor, patient, reason },
  onClose,
  onConfirmed,
}: {
  emergency: EmergencyView;
  onClose: () => void;
  onConfirmed: () => void;
}) {
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  const confirm = () =>
    attempt(async () => {
      await signed({ kind: 'access:confirmEmergency', id }, { sheet: 'factorOnly' });
      onConfirmed();
      onClose();
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.confirmTitle}
      description={text.confirmBody(actor.name)}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button look="danger" icon={ShieldCheck} busy={busy} onClick={confirm}>
            {text.confirm}
          </Button>
        </>
      }
    >
      <p className="font-bold">{patient.name ?? text.unknownPatient}</p>
      <p>{t.consents.reason(reason)}</p>
      {problem && (
        <div className="mt-4">
          <ProblemNotice problem={problem} />
        </div>
      )}
    </Dialog>
  );
}
