'use client';

import { LockKeyhole, Pill as PillIcon, RotateCw, UserRoundSearch } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ProofButton } from '#components/prescriptions/ProofDrawer.tsx';
import { proofOfIssue } from '#components/prescriptions/proofOfIssue.ts';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { issueWords } from '#components/signing/wordsOf.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { careChannelOf } from '#server/prescriptions/schema.ts';
import { takenAlong } from './chosenPatient.ts';
import { DosePanel } from './DosePanel.tsx';
import { type DoseDraft, emptyDose, orderOf } from './dose.ts';
import { MedicineSearch } from './MedicineSearch.tsx';
import { PatientHeader } from './PatientHeader.tsx';
import { PatientSearch } from './PatientSearch.tsx';
import { packLabel, productLabel } from './products.ts';
import { SafetyPanel } from './SafetyPanel.tsx';
import { SignPanel } from './SignPanel.tsx';
import { useIssue } from './useIssue.ts';

const text = t.prescribing;
const dayMs = 86_400_000;
/** Without a change for so long, the form counts as filled in. */
const settledMs = 200;

/** Patient, medicine, dose, signature: without a mouse in under half a minute. */
export function PrescribeScreen() {
  const vault = useVault();
  const [patient, setPatient] = useState<PatientSummary | null>(takenAlong);
  const [product, setProduct] = useState<Product | null>(null);
  const [draft, setDraft] = useState<DoseDraft>(emptyDose);
  const { progress, issue, composeAhead, mintAgain, reset } = useIssue();
  const doseStart = useRef<HTMLDivElement>(null);

  const order = product ? orderOf(draft, product) : undefined;
  const begun = progress.stage !== 'idle';
  const obstacle = !patient
    ? text.sign.needPatient
    : !product
      ? text.sign.needMedicine
      : !order
        ? text.sign.needDose
        : vault.state !== 'open'
          ? text.sign.needUnlock
          : null;

  const sign = useCallback(() => {
    if (!patient || !product || !order || obstacle !== null || progress.stage === 'running') return;
    void issue({ patient, product, order });
  }, [issue, obstacle, order, patient, product, progress.stage]);

  // `order` is made with each look at the draft; what it is made of tells whether it changed.
  const wanted = patient && product && order && obstacle === null && !begun ? { patient, product, order } : null;
  const latest = useRef(wanted);
  latest.current = wanted;
  const written = wanted && JSON.stringify(wanted);
  useEffect(() => {
    if (written === null) return;
    const timer = setTimeout(() => latest.current && composeAhead(latest.current), settledMs);
    return () => clearTimeout(timer);
  }, [composeAhead, written]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !begun) {
        event.preventDefault();
        sign();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [begun, sign]);

  const another = () => {
    reset();
    setProduct(null);
    setDraft(emptyDose);
  };

  return (
    <Page title={text.title} remarks={<Pill icon={LockKeyhole}>{text.encrypted}</Pill>}>
      <div className="space-y-5">
        <UnlockNotice />
        {patient ? (
          <PatientHeader
            patient={patient}
            onChange={
              begun
                ? undefined
                : () => {
                    setPatient(null);
                  }
            }
          />
        ) : (
          <Panel label={text.patient.label}>
            <PatientSearch
              compact
              onChoose={(found) => found.readingKey !== '' && setPatient(found)}
              action={(found) => (
                <Button size="sm" disabled={found.readingKey === ''} onClick={() => setPatient(found)}>
                  {text.patient.choose}
                </Button>
              )}
            />
          </Panel>
        )}
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,2.1fr)_minmax(20rem,1fr)]">
          <div className="min-w-0 space-y-5">
            <Panel as="div">
              {product ? (
                <ChosenMedicine product={product} onChange={begun ? undefined : () => setProduct(null)} />
              ) : (
                <MedicineSearch
                  key={patient?.personId}
                  autoFocus={patient !== null}
                  onTake={(taken) => {
                    setProduct(taken);
                    requestAnimationFrame(() => doseStart.current?.querySelector('input')?.select());
                  }}
                />
              )}
            </Panel>
            <div ref={doseStart}>
              <DosePanel product={product} draft={draft} onChange={setDraft} disabled={begun} />
            </div>
          </div>
          <div className="min-w-0 space-y-5">
            <SafetyPanel />
            <SignPanel
              patient={patient?.name ?? null}
              channel={patient ? careChannelOf(patient.pseudonym) : null}
              sentence={
                patient && product && order
                  ? issueWords({
                      what: productLabel(product),
                      patient: patient.name,
                      quantity: order.quantity,
                      fills: order.repeats + 1,
                      expires: new Date(Date.now() + order.validDays * dayMs).toISOString(),
                      controlled: product.controlled,
                    })
                  : null
              }
              progress={progress}
              obstacle={obstacle}
              onSign={sign}
            >
              <div aria-live="polite" className="space-y-3">
                {progress.problem && (
                  <ProblemNotice
                    problem={progress.problem}
                    kept={
                      progress.steps.sign === 'done'
                        ? text.sign.keptSigned
                        : progress.sagaId
                          ? text.sign.keptUnknown
                          : text.sign.keptNothing
                    }
                    actions={
                      progress.steps.sign === 'done' ? (
                        <Button size="sm" icon={RotateCw} onClick={mintAgain}>
                          {text.sign.mintAgain}
                        </Button>
                      ) : (
                        <>
                          <Button size="sm" icon={RotateCw} onClick={sign}>
                            {text.sign.carryOn}
                          </Button>
                          {!progress.sagaId && (
                            <Button size="sm" look="quiet" onClick={reset}>
                              {text.sign.change}
                            </Button>
                          )}
                        </>
                      )
                    }
                  />
                )}
                {(progress.stage === 'done' || progress.stage === 'signed') && (
                  <>
                    <Notice
                      tone="ok"
                      title={text.sign.done}
                      live="status"
                      actions={<ProofButton proof={proofOfIssue(progress)} />}
                    >
                      <p>{progress.steps.mint === 'done' ? text.sign.doneBody : text.sign.pendingBody}</p>
                    </Notice>
                    <div className="flex flex-wrap gap-2">
                      <Button look="primary" icon={PillIcon} onClick={another}>
                        {text.sign.another}
                      </Button>
                      <Button
                        icon={UserRoundSearch}
                        onClick={() => {
                          another();
                          setPatient(null);
                        }}
                      >
                        {text.sign.otherPatient}
                      </Button>
                    </div>
                    {progress.prescriptionId && (
                      <LinkButton look="quiet" size="sm" href={`/doctor/prescriptions/${progress.prescriptionId}`}>
                        {text.sign.open}
                      </LinkButton>
                    )}
                  </>
                )}
              </div>
            </SignPanel>
          </div>
        </div>
      </div>
    </Page>
  );
}

function ChosenMedicine({ product, onChange }: { product: Product; onChange?: () => void }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-52">
        <p className="text-sm text-ink-3">{text.medicine.title}</p>
        <p className="text-lg leading-snug font-bold">{productLabel(product)}</p>
        <p className="text-sm text-ink-2">
          {[packLabel(product), product.atc, product.controlled && text.medicine.controlled]
            .filter(Boolean)
            .join(' · ')}{' '}
          · <span className="font-mono">{product.code}</span>
        </p>
      </div>
      {onChange && (
        <Button size="sm" onClick={onChange} aria-label={text.medicine.restChoose}>
          {text.medicine.change}
        </Button>
      )}
    </div>
  );
}
