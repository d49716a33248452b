'use client';

import { Check, NotebookPen, RotateCw, ScanLine } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type CounterInsurance, InsuranceStrip } from '#components/billing/InsuranceStrip.tsx';
import { DowntimeDoor, isAway } from '#components/downtime/DowntimeDoor.tsx';
import { DowntimeScreen } from '#components/downtime/DowntimeScreen.tsx';
import { WaitingFlows } from '#components/flows/WaitingFlows.tsx';
import { isUndeclared, medicineOf } from '#components/prescriptions/content.ts';
import { ProofButton } from '#components/prescriptions/ProofDrawer.tsx';
import { ScannerStatus } from '#components/scanning/ScannerStatus.tsx';
import { ScannerWell } from '#components/scanning/ScannerWell.tsx';
import { useWedge } from '#components/scanning/useWedge.ts';
import { Page } from '#components/shell/Page.tsx';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { useOwnPlace } from '#components/supply/useOwnPlace.ts';
import { Button } from '#components/ui/Button.tsx';
import { Kbd } from '#components/ui/Kbd.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { interchangeBy } from '#formulary/interchange.ts';
import { Gs1Error } from '#gs1/error.ts';
import { t } from '#messages/en.ts';
import type { DispensingPlan, OpenDispensing } from '#server/dispensing/schema.ts';
import type { MedicineStatuses } from '#server/formulary/schema.ts';
import type { SiteView } from '#server/supply/schema.ts';
import type { TransactionKind, WaitingSaga } from '#server/transactions/schema.ts';
import { BeforeVerdict } from './BeforeVerdict.tsx';
import { Checks } from './Checks.tsx';
import { CloseShort } from './CloseShort.tsx';
import { CodePanel } from './CodePanel.tsx';
import type { Identity } from './ContentPanel.tsx';
import { CounterActions } from './CounterActions.tsx';
import { Done } from './Done.tsx';
import { fittingGtins } from './fittingGtins.ts';
import { HandOutSection } from './HandOutSection.tsx';
import { type LastEntry, LastToday } from './LastToday.tsx';
import { entryOf } from './lastEntry.ts';
import { NearbyDialog } from './NearbyDialog.tsx';
import { OpenDispensings } from './OpenDispensings.tsx';
import { byPatient, isPickupOpen, isPickupReady } from './PickupPanel.tsx';
import type { Ending, Wish } from './packSteps.ts';
import { isDisturbed, StandingNotices } from './StandingNotices.tsx';
import { EndingNotice, UnderWayPanel } from './UnderWayPanel.tsx';
import { useClinical } from './useClinical.ts';
import { useDispensing } from './useDispensing.ts';
import { useHandOut } from './useHandOut.ts';
import { useIncomingCode } from './useIncomingCode.ts';
import { useUnderWay } from './useUnderWay.ts';
import { RefusalBanner, VerdictBanner } from './VerdictBanner.tsx';

const text = t.dispensing;
const dispenseIdOf = (plan: DispensingPlan | null) => plan?.reserve.reservation.dispenseId;

/** A flow that is a part of a dispense of packs is carried on with the whole of it. */
const isCarriedOn = (kind: TransactionKind, subject: string, open: OpenDispensing[]) =>
  kind === 'dispense' && open.some(({ prescriptionId }) => prescriptionId === subject);

const nobody: Identity = { name: false, birthDate: false };
/** Older ones of today are on other pages. */
const longestList = 20;

/** The counter: a code in, a verdict, the identity, what is handed out. */
export function DispenseScreen({
  sagas,
  today,
  open,
  supply,
  statuses,
  held,
  insurance,
}: {
  sagas: WaitingSaga[];
  today: LastEntry[];
  /** Dispenses of packs that this pharmacist began and did not finish. */
  open: OpenDispensing[];
  /** The pharmacy and its places, where packs are taken out of stock. */
  supply: { institutionId: string; places: SiteView[] };
  /** What the formulary says of each medicine, by product code. */
  statuses: MedicineStatuses;
  insurance: CounterInsurance;
  /** A prescription that is held here and to be opened without its code. */
  held?: string | undefined;
}) {
  const person = usePerson();
  const dispensing = useDispensing();
  const { state, start, startHeld, accept, dispense, composePacks, handedOut, giveBack, close, clear, more } =
    dispensing;
  const router = useRouter();
  const underWay = useUnderWay();
  const [site, setSite] = useOwnPlace(supply.places);
  const [identity, setIdentity] = useState(nobody);
  const [closing, setClosing] = useState(false);
  const [entries, setEntries] = useState(today);
  const [downtime, setDowntime] = useState(false);
  const [nearby, setNearby] = useState(false);
  const [pickup, setPickup] = useState(byPatient);

  const clinical = useClinical(state.verdict?.prescription, state.request);
  const { forget } = underWay;
  const { record: safety, note, reset: resetClinical } = clinical;
  const startOver = useCallback(() => {
    setIdentity(nobody);
    resetClinical();
    setPickup(byPatient);
    forget();
  }, [forget, resetClinical]);
  const { begin, isWaiting, isOpen, isLocked } = useIncomingCode(start, startOver);

  const takenUp = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!held || !isOpen || takenUp.current === held) return;
    takenUp.current = held;
    void startHeld(held);
  }, [held, isOpen, startHeld]);

  const { verdict, request, phase } = state;
  const prescription = verdict?.prescription;
  const lists = useMemo(() => interchangeBy((code) => statuses[code]), [statuses]);
  const handOut = useHandOut({ prescription, request, lists, own: supply.institutionId });
  const { reset, addCode } = handOut;
  const opened = phase === 'open' ? prescription?.id : undefined;
  // What was scanned for one content is nothing to the next that is opened.
  useEffect(() => {
    if (request) reset();
  }, [request, reset]);

  // Whatever a scanner reads: a pack while a prescription is open, else the code of a prescription.
  const take = useCallback(
    (read: string) => {
      if (underWay.busy) return;
      if (opened === undefined) return begin(read);
      try {
        addCode(read);
      } catch (thrown) {
        if (!(thrown instanceof Gs1Error)) throw thrown;
        begin(read);
      }
    },
    [addCode, begin, opened, underWay.busy],
  );
  const hears = useWedge(take, !downtime);

  // On a phone the verdict stands below the scanner: it comes into view by itself.
  const results = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (phase !== 'idle') results.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [phase]);

  const confirmed = identity.name && identity.birthDate;
  const fetched = prescription && isPickupOpen(prescription, Date.now()) ? pickup : null;
  const disturbed = prescription !== undefined && isDisturbed(prescription);
  const undeclared = request !== null && isUndeclared(request, prescription?.controlled === true);
  const ready =
    phase === 'open' &&
    !undeclared &&
    confirmed &&
    safety !== null &&
    !disturbed &&
    (fetched === null || isPickupReady(fetched)) &&
    handOut.order !== null &&
    state.checks.signature === 'pass' &&
    !underWay.busy &&
    underWay.plan === null;

  const settle = useCallback(
    async (ending: Ending | undefined, quantity: number) => {
      router.refresh();
      if (ending?.kind === 'done') await handedOut(quantity);
      else if (ending) handOut.refresh();
    },
    [handOut, handedOut, router],
  );
  const press = useCallback(async () => {
    const { order } = handOut;
    if (!ready || order === null || safety === null) return;
    const without = order.without && text.packs.without.reasons[order.without];
    const kind = prescription?.pickup?.kind;
    const said = {
      safety,
      ...(note.trim() !== '' && { note }),
      ...(without && { withoutSerial: without }),
      ...(fetched?.by === 'other' && kind && { pickup: { kind, code: fetched.code } }),
    };
    if (order.packs.length === 0) return dispense(order.quantity, said);
    await settle(await underWay.begin(() => composePacks(order, site, said)), order.quantity);
  }, [composePacks, dispense, fetched, handOut, note, prescription, ready, safety, settle, site, underWay]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (downtime || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (phase === 'open') void press();
      else if (phase === 'verdict' && verdict?.outcome === 'acceptable' && isOpen) void accept();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [accept, downtime, isOpen, phase, press, verdict?.outcome]);

  const carryOn = (wish: Wish) => {
    const { plan } = underWay;
    if (plan === null) return;
    void underWay.run(plan, wish).then((ending) => settle(ending, plan.reserve.reservation.quantity));
  };

  const next = () => {
    const entry = entryOf(state, new Date());
    if (entry) setEntries((was) => [entry, ...was].slice(0, longestList));
    clear();
    startOver();
  };

  // What went wrong stands where the person looks: beside the action once there is one, else above the verdict.
  const trouble = state.problem && phase !== 'unreadable' && (
    <ProblemNotice
      problem={state.problem}
      kept={state.unsure ? t.flows.again : verdict?.outcome === 'yours' ? text.kept.held : text.kept.beforeAccept}
      actions={
        verdict?.outcome === 'yours' &&
        !request && (
          <Button size="sm" icon={RotateCw} disabled={phase === 'opening'} onClick={more}>
            {text.openAgain}
          </Button>
        )
      }
    />
  );
  const institution = person.institutionName ?? '';
  if (downtime) {
    return (
      <Page title={t.downtime.title}>
        <DowntimeScreen supply={supply} onBack={() => setDowntime(false)} />
      </Page>
    );
  }
  const away = [state.problem, underWay.problem, handOut.problem].some((problem) => isAway(problem?.code));
  const remarks = (
    <>
      <ScannerStatus hears={hears} />
      <Button size="sm" icon={NotebookPen} onClick={() => setDowntime(true)}>
        {t.downtime.open}
      </Button>
    </>
  );
  return (
    <Page title={text.title} remarks={remarks}>
      <div className="mb-5 space-y-5 empty:hidden">
        <UnlockNotice />
        <DowntimeDoor institutionId={supply.institutionId} away={away} onOpen={() => setDowntime(true)} />
        <OpenDispensings open={open.filter(({ dispenseId }) => dispenseId !== dispenseIdOf(underWay.plan))} />
        <WaitingFlows sagas={sagas.filter(({ kind, subject }) => !isCarriedOn(kind, subject, open))} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[20.75rem_minmax(0,1fr)]">
        <div className="space-y-5">
          <ScannerWell onText={take} many={phase === 'open'} />
          <CodePanel busy={phase === 'looking' || isWaiting} onCode={begin} />
          <div className="hidden lg:block">
            <LastToday entries={entries} />
          </div>
        </div>
        <div ref={results} className="min-w-0 scroll-mt-20 space-y-5" aria-live="polite">
          <BeforeVerdict phase={phase} problem={state.problem} isWaiting={isWaiting} isLocked={isLocked} />
          {phase !== 'open' && trouble}
          {verdict && phase === 'done' && state.outcome && (
            <>
              <Done
                outcome={state.outcome}
                verdict={verdict}
                request={request}
                unbilled={state.unbilled}
                onNext={next}
                onMore={more}
              />
              {underWay.ending && <EndingNotice ending={underWay.ending} />}
            </>
          )}
          {verdict && phase !== 'done' && (
            <>
              <VerdictBanner
                verdict={verdict}
                institution={institution}
                aside={<ProofButton size="md" proof={{ prescriptionId: verdict.prescription.id, ...verdict.proof }} />}
              />
              <Checks verdict={verdict} page={state.checks} />
              {verdict.outcome === 'yours' && (
                <StandingNotices
                  prescription={verdict.prescription}
                  disabled={phase === 'recording' || underWay.busy || !isOpen}
                  onChanged={dispensing.look}
                />
              )}
              {verdict.outcome === 'acceptable' && (
                <div className="flex flex-wrap justify-end gap-2">
                  <Button onClick={next}>{text.scan.next}</Button>
                  <Button
                    look="primary"
                    icon={Check}
                    busy={phase === 'accepting'}
                    disabled={!isOpen}
                    onClick={accept}
                    after={<Kbd onBrand>Ctrl ⏎</Kbd>}
                  >
                    {phase === 'accepting' ? text.accepting : text.accept}
                  </Button>
                </div>
              )}
              {verdict.outcome === 'refused' && (
                <Button icon={ScanLine} onClick={next}>
                  {text.scan.next}
                </Button>
              )}
              {phase === 'opening' && (
                <p role="status" className="py-4 text-center text-ink-2">
                  {text.opening}
                </p>
              )}
              {request && undeclared && (
                <RefusalBanner title={text.verdict.undeclared}>{text.verdict.undeclaredBody}</RefusalBanner>
              )}
              {request && !undeclared && (phase === 'open' || phase === 'recording') && (
                <>
                  {underWay.ending && <EndingNotice ending={underWay.ending} />}
                  {verdict.patient !== undefined && (
                    <InsuranceStrip
                      key={verdict.prescription.id}
                      {...{ request, insurance, prescriptionId: verdict.prescription.id, patient: verdict.patient }}
                      quantity={handOut.order?.quantity ?? 0}
                      institution={supply.institutionId}
                    />
                  )}
                  {underWay.plan === null && !underWay.busy ? (
                    <HandOutSection
                      {...{ prescription: verdict.prescription, request, statuses, handOut, identity, clinical }}
                      {...{ places: supply.places, site, pickup: fetched }}
                      onIdentity={setIdentity}
                      onSite={setSite}
                      onPickup={setPickup}
                    />
                  ) : (
                    <UnderWayPanel underWay={underWay} onRun={carryOn} />
                  )}
                  {underWay.plan === null && underWay.problem && (
                    <ProblemNotice problem={underWay.problem} kept={text.kept.held} />
                  )}
                </>
              )}
              {phase === 'open' && trouble}
              {verdict.outcome === 'yours' && phase !== 'opening' && underWay.plan === null && (
                <CounterActions
                  isRecording={phase === 'recording'}
                  isBusy={underWay.busy}
                  isReady={ready}
                  mayDispense={request !== null && !undeclared}
                  quantity={handOut.quantity}
                  left={verdict.prescription.left}
                  onGiveBack={giveBack}
                  onCloseShort={() => setClosing(true)}
                  onNearby={phase === 'open' && !disturbed && !undeclared ? () => setNearby(true) : undefined}
                  onDispense={() => void press()}
                />
              )}
              {phase === 'open' && !undeclared && !confirmed && (
                <p className="text-right text-sm text-ink-2">{text.actions.confirmFirst}</p>
              )}
              {phase === 'open' && !undeclared && confirmed && safety === null && (
                <p className="text-right text-sm text-ink-2">{t.safety.pharmacy.first}</p>
              )}
            </>
          )}
        </div>
        <div className="lg:hidden">
          <LastToday entries={entries} />
        </div>
      </div>
      {nearby && request && (
        <NearbyDialog
          medicine={medicineOf(request)}
          gtins={fittingGtins(request, lists)}
          site={site}
          onTransfer={dispensing.offer}
          onGiveBack={() => {
            setNearby(false);
            void giveBack();
          }}
          onClose={() => setNearby(false)}
        />
      )}
      <CloseShort
        open={closing}
        onOpenChange={setClosing}
        onClose={(reason) => {
          setClosing(false);
          void close(reason);
        }}
      />
    </Page>
  );
}
