'use client';

import { LockKeyhole } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Page } from '#components/shell/Page.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { issueWords } from '#components/signing/wordsOf.ts';
import { Button } from '#components/ui/Button.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import type { Language } from '#fhir/sentence/language.ts';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';
import type { MedicineStatuses } from '#server/formulary/schema.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { careChannelOf } from '#server/prescriptions/schema.ts';
import { ChosenMedicine } from './ChosenMedicine.tsx';
import { takenAlong } from './chosenPatient.ts';
import { DosePanel } from './DosePanel.tsx';
import { type DoseDraft, emptyDose, orderOf, usualDraft, windowsOf } from './dose.ts';
import { MedicineSearch } from './MedicineSearch.tsx';
import { PatientHeader } from './PatientHeader.tsx';
import { PatientSearch } from './PatientSearch.tsx';
import { productLabel } from './products.ts';
import { SafetyPanel } from './SafetyPanel.tsx';
import { SignOutcome } from './SignOutcome.tsx';
import { SignPanel } from './SignPanel.tsx';
import { answersOf, type Before, type Start, StartNotice } from './StartNotice.tsx';
import { useIssue } from './useIssue.ts';
import { useSafety } from './useSafety.ts';

const text = t.prescribing;
/** Without a change for so long, the form counts as filled in. */
const settledMs = 200;

/** Patient, medicine, dose, signature: without a mouse in under half a minute. */
export function PrescribeScreen({
  start,
  statuses,
}: {
  start?: Start | undefined;
  /** What the formulary says of each medicine, by product code. */
  statuses: MedicineStatuses;
}) {
  const vault = useVault();
  const [patient, setPatient] = useState<PatientSummary | null>(() => start?.patient ?? takenAlong());
  const [product, setProduct] = useState<Product | null>(null);
  const [draft, setDraft] = useState<DoseDraft>(emptyDose);
  const { progress, issue, composeAhead, mintAgain, reset } = useIssue();
  const router = useRouter();
  const before = useRef<Before | null>(null);
  const doseStart = useRef<HTMLDivElement>(null);
  const safetyStart = useRef<HTMLDivElement>(null);
  const signStart = useRef<HTMLDivElement>(null);

  const order = product ? orderOf(draft, product) : undefined;
  const answers = start && product && order ? answersOf(start, before.current, product, order) : undefined;
  const begun = progress.stage !== 'idle';
  const safety = useSafety(patient, product, order);
  const [chosen, setChosen] = useState<{ patient: string; language: Language } | null>(null);
  const language = (chosen?.patient === patient?.pseudonym && chosen?.language) || safety.language || 'en';
  const obstacle = !patient
    ? text.sign.needPatient
    : !product
      ? text.sign.needMedicine
      : !order
        ? text.sign.needDose
        : vault.state !== 'open'
          ? text.sign.needUnlock
          : safety.obstacle;

  const sign = useCallback(() => {
    const { records } = safety;
    if (!patient || !product || !order || !records || obstacle !== null || progress.stage === 'running') return;
    void issue({ patient, product, order, safety: records, language, ...(answers && { answers }) });
  }, [answers, issue, language, obstacle, order, patient, product, progress.stage, safety]);

  // `order` is made with each look at the draft; what it is made of tells whether it changed.
  const wanted =
    patient && product && order && safety.records && obstacle === null && !begun
      ? { patient, product, order, safety: safety.records, language, ...(answers && { answers }) }
      : null;
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

  // The focus goes where the next thing is to be done; what had it goes away.
  const toDose = () => requestAnimationFrame(() => doseStart.current?.querySelector('input')?.select());
  const toSign = () => {
    const unanswered = safety.records === null ? safetyStart.current?.querySelector<HTMLElement>('li input') : null;
    (unanswered ?? signStart.current?.querySelector<HTMLElement>('button'))?.focus();
  };
  const choose = (found: PatientSummary) => {
    if (found.readingKey === '') return;
    setPatient(found);
    if (product) toDose();
  };
  const take = (taken: Product) => {
    setProduct(taken);
    setDraft(usualDraft(taken));
    toDose();
  };
  const takeOver = useCallback((taken: Before) => {
    before.current = taken;
    setProduct(taken.product);
    setDraft(taken.draft);
    requestAnimationFrame(() => doseStart.current?.querySelector('input')?.select());
  }, []);
  const another = () => {
    // What was answered is answered: the next one is none of it.
    if (start) return router.push('/doctor/prescribe');
    if (product) safety.onGiven(product);
    reset();
    setProduct(null);
    setDraft(emptyDose);
  };

  return (
    <Page title={text.title} remarks={<Pill icon={LockKeyhole}>{text.encrypted}</Pill>}>
      <div className="space-y-5">
        <UnlockNotice />
        {start && <StartNotice start={start} onOpened={takeOver} />}
        {patient ? (
          <PatientHeader patient={patient} onChange={begun || start ? undefined : () => setPatient(null)} />
        ) : (
          <Panel label={text.patient.label}>
            <PatientSearch
              compact
              onChoose={choose}
              action={(found) => (
                <Button size="sm" disabled={found.readingKey === ''} onClick={() => choose(found)}>
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
                <ChosenMedicine
                  product={product}
                  status={statuses[product.code]}
                  onChange={begun ? undefined : () => setProduct(null)}
                />
              ) : (
                <MedicineSearch
                  key={patient?.personId}
                  autoFocus={patient !== null}
                  statuses={statuses}
                  onTake={take}
                />
              )}
            </Panel>
            <div ref={doseStart}>
              <DosePanel
                product={product}
                draft={draft}
                onChange={setDraft}
                language={language}
                onLanguage={(next) => patient && setChosen({ patient: patient.pseudonym, language: next })}
                onLast={toSign}
                disabled={begun}
              />
            </div>
          </div>
          <div className="min-w-0 space-y-5">
            <div ref={safetyStart}>
              <SafetyPanel safety={safety} disabled={begun} />
            </div>
            <div ref={signStart}>
              <SignPanel
                patient={patient?.name ?? null}
                channel={patient ? careChannelOf(patient.pseudonym) : null}
                sentence={
                  patient && product && order
                    ? issueWords({
                        what: productLabel(product),
                        patient: patient.name,
                        quantity: order.quantity,
                        fills: (order.repeats + 1) * order.parts,
                        expires: windowsOf(order, Date.now()).at(-1)?.expires ?? '',
                        controlled: product.controlled,
                      })
                    : null
                }
                progress={progress}
                obstacle={obstacle}
                onSign={sign}
              >
                <SignOutcome
                  progress={progress}
                  onCarryOn={sign}
                  onMint={mintAgain}
                  onChange={reset}
                  onAnother={another}
                  onNextPatient={() => {
                    another();
                    setPatient(null);
                  }}
                />
              </SignPanel>
            </div>
          </div>
        </div>
      </div>
    </Page>
  );
}
