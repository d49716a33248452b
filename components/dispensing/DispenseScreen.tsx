'use client';

import { Check, PackageCheck, RotateCw, ScanLine, Undo2 } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { WaitingFlows } from '#components/flows/WaitingFlows.tsx';
import { isUndeclared, medicineOf, quantityText } from '#components/prescriptions/content.ts';
import { ProofButton } from '#components/prescriptions/ProofDrawer.tsx';
import { ScannerWell } from '#components/scanning/ScannerWell.tsx';
import { Page } from '#components/shell/Page.tsx';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Kbd } from '#components/ui/Kbd.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { parseAccessCode } from '#crypto/accessCode.ts';
import { t } from '#messages/en.ts';
import type { WaitingSaga } from '#server/transactions/schema.ts';
import { Checks } from './Checks.tsx';
import { CloseShort } from './CloseShort.tsx';
import { HandOutPanel, type Identity, IdentityPanel } from './ContentPanel.tsx';
import { Done } from './Done.tsx';
import { type LastEntry, LastToday } from './LastToday.tsx';
import { parseQuantity, suggestedQuantity } from './quantity.ts';
import { TypedCode } from './TypedCode.tsx';
import { useDispensing } from './useDispensing.ts';
import { RefusalBanner, VerdictBanner } from './VerdictBanner.tsx';

const text = t.dispensing;
const nobody: Identity = { name: false, birthDate: false };

/** The counter: a code in, a verdict, the identity, what is handed out. */
export function DispenseScreen({ sagas, today }: { sagas: WaitingSaga[]; today: LastEntry[] }) {
  const person = usePerson();
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { state, start, accept, dispense, giveBack, close, clear, more } = useDispensing();
  const [identity, setIdentity] = useState(nobody);
  const [quantity, setQuantity] = useState('');
  const [closing, setClosing] = useState(false);
  const [entries, setEntries] = useState(today);

  // A code may come before the keys are open: it waits, and is looked up once they are.
  const [waiting, setWaiting] = useState<string | null>(null);
  const isOpen = vault.state === 'open';
  const isLocked = vault.state === 'locked';
  const begin = useCallback(
    (read: string) => {
      setIdentity(nobody);
      if (isOpen) return void start(read);
      setWaiting(read);
      if (isLocked) openDialog();
    },
    [isLocked, isOpen, openDialog, start],
  );

  useEffect(() => {
    if (waiting === null || !isOpen) return;
    setWaiting(null);
    void start(waiting);
  }, [isOpen, start, waiting]);

  // A code that was scanned with the telephone's own camera arrives in the fragment, which is removed at once.
  // So does one that comes while this page stands.
  useEffect(() => {
    const take = () => {
      const { hash, pathname } = window.location;
      if (!hash) return;
      window.history.replaceState(null, '', pathname);
      begin(`${window.location.origin}/rx${hash}`);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, [begin]);

  const { verdict, request, phase } = state;
  const prescription = verdict?.prescription;
  useEffect(() => {
    if (request && prescription) setQuantity(String(suggestedQuantity(prescription)));
  }, [prescription, request]);

  // On a phone the verdict stands below the scanner: it comes into view by itself.
  const results = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (phase !== 'idle') results.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [phase]);

  const parsed = parseQuantity(quantity, prescription?.left ?? 0);
  const fault =
    'fault' in parsed && request
      ? parsed.fault === 'whole'
        ? text.content.whole
        : text.content.tooMuch(quantityText(request, prescription?.left ?? 0))
      : null;
  const confirmed = identity.name && identity.birthDate;
  const undeclared = request !== null && isUndeclared(request, prescription?.controlled === true);
  const ready =
    phase === 'open' && !undeclared && confirmed && 'quantity' in parsed && state.checks.signature === 'pass';

  const handOut = useCallback(() => {
    if (ready && 'quantity' in parsed) void dispense(parsed.quantity);
  }, [dispense, parsed, ready]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (phase === 'open') handOut();
      else if (phase === 'verdict' && verdict?.outcome === 'acceptable' && vault.state === 'open') void accept();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [accept, handOut, phase, vault.state, verdict?.outcome]);

  const next = () => {
    if (prescription && (phase === 'done' || verdict?.outcome === 'refused')) {
      const refused = verdict?.outcome === 'refused';
      const outcome = refused ? 'refused' : state.outcome;
      setEntries((was) =>
        [
          {
            key: `${prescription.id}-${Date.now()}`,
            at: new Date().toISOString(),
            what: request ? medicineOf(request) : text.last.code,
            tone: refused ? ('danger' as const) : outcome === 'complete' ? ('ok' as const) : ('warn' as const),
            outcome:
              outcome === 'part'
                ? text.last.part(formatNumber(prescription.left))
                : text.last[outcome === 'refused' ? 'refused' : (outcome ?? 'complete')],
          },
          ...was,
        ].slice(0, 20),
      );
    }
    clear();
    setIdentity(nobody);
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
  return (
    <Page
      title={text.title}
      remarks={
        <Pill tone="brand" icon={ScanLine}>
          {text.ready}
        </Pill>
      }
    >
      <div className="mb-5 space-y-5 empty:hidden">
        <UnlockNotice />
        <WaitingFlows sagas={sagas} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[20.75rem_minmax(0,1fr)]">
        <div className="space-y-5">
          <ScannerWell onText={begin} />
          <Panel as="div">
            <TypedCode
              busy={phase === 'looking' || waiting !== null}
              check={(typed) => {
                try {
                  parseAccessCode(typed);
                  return null;
                } catch (thrown) {
                  return thrown instanceof Error ? thrown.message : text.verdict.forged;
                }
              }}
              onCode={begin}
            />
          </Panel>
          <div className="hidden lg:block">
            <LastToday entries={entries} />
          </div>
        </div>
        <div ref={results} className="min-w-0 scroll-mt-20 space-y-5" aria-live="polite">
          {phase === 'unreadable' && (
            <RefusalBanner title={text.verdict.unreadable}>
              {state.problem?.message} {text.verdict.refusedKept}
            </RefusalBanner>
          )}
          {phase !== 'open' && trouble}
          {phase === 'idle' && waiting === null && !state.problem && (
            <Panel>
              <Empty icon={ScanLine} title={text.idle.title}>
                {text.idle.body}
              </Empty>
            </Panel>
          )}
          {(phase === 'looking' || waiting !== null) && (
            <Panel>
              <p role="status" className="py-6 text-center text-ink-2">
                {waiting !== null && isLocked ? t.shell.vault.needed.body : text.scan.checking}
              </p>
            </Panel>
          )}
          {phase === 'forged' && <RefusalBanner title={text.verdict.forged}>{text.verdict.forgedBody}</RefusalBanner>}
          {phase === 'mismatch' && (
            <RefusalBanner title={text.verdict.mismatch}>{text.verdict.mismatchBody}</RefusalBanner>
          )}
          {verdict && phase === 'done' && state.outcome && (
            <Done outcome={state.outcome} verdict={verdict} request={request} onNext={next} onMore={more} />
          )}
          {verdict && phase !== 'done' && (
            <>
              <VerdictBanner
                verdict={verdict}
                institution={institution}
                aside={<ProofButton size="md" proof={{ prescriptionId: verdict.prescription.id, ...verdict.proof }} />}
              />
              <Checks verdict={verdict} page={state.checks} />
              {verdict.outcome === 'acceptable' && (
                <div className="flex flex-wrap justify-end gap-2">
                  <Button onClick={next}>{text.scan.next}</Button>
                  <Button
                    look="primary"
                    icon={Check}
                    busy={phase === 'accepting'}
                    disabled={vault.state !== 'open'}
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
                  <IdentityPanel request={request} identity={identity} onChange={setIdentity} />
                  <HandOutPanel
                    prescription={verdict.prescription}
                    request={request}
                    quantity={quantity}
                    onChange={setQuantity}
                    error={fault}
                  />
                </>
              )}
              {phase === 'open' && trouble}
              {verdict.outcome === 'yours' && phase !== 'opening' && (
                <div className="flex flex-wrap gap-2">
                  <Button icon={Undo2} disabled={phase === 'recording'} onClick={giveBack}>
                    {text.actions.return}
                  </Button>
                  <span className="flex-1" />
                  <Button disabled={phase === 'recording'} onClick={() => setClosing(true)}>
                    {text.actions.closeShort}
                  </Button>
                  {request && !undeclared && (
                    <Button
                      look="primary"
                      icon={PackageCheck}
                      busy={phase === 'recording'}
                      disabled={!ready}
                      onClick={handOut}
                      after={<Kbd onBrand>Ctrl ⏎</Kbd>}
                    >
                      {phase === 'recording'
                        ? text.actions.dispensing
                        : text.actions.dispense(quantity || '0', formatNumber(verdict.prescription.left))}
                    </Button>
                  )}
                </div>
              )}
              {phase === 'open' && !undeclared && !confirmed && (
                <p className="text-right text-sm text-ink-2">{text.actions.confirmFirst}</p>
              )}
            </>
          )}
        </div>
        <div className="lg:hidden">
          <LastToday entries={entries} />
        </div>
      </div>
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
