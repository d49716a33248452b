'use client';

import { FilePlus2, Trash2, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { formatDateTime, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { openNotes } from '#components/vault/billing.ts';
import type { ShownNote } from '#components/vault/billingOperations.ts';
import { expectData } from '#components/vault/errors.ts';
import { codeableConcept } from '#fhir/coding.ts';
import { t } from '#messages/en.ts';
import { dropBillingNote } from '#server/claims/actions.ts';
import type { BillingNoteView, ClaimView } from '#server/claims/schema.ts';
import { BillDialog } from './BillDialog.tsx';
import type { OpenedCard } from './useCards.ts';

const text = t.billing.toBill;

/** Hand-overs that are not billed yet, each with the patient's insurance where there is a card. */
export function ToBill({
  notes,
  cards,
  claims,
  institution,
  onChanged,
}: {
  notes: readonly BillingNoteView[];
  cards: readonly OpenedCard[];
  /** That the pharmacy sent: what insurers have agreed to is among them. */
  claims: readonly ClaimView[];
  institution: string;
  onChanged: () => void;
}) {
  const [opened, setOpened] = useState<readonly (ShownNote | { problem: unknown })[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [billing, setBilling] = useState<BillingNoteView | null>(null);
  const [dropping, setDropping] = useState<BillingNoteView | null>(null);
  const dropped = useAttempt();

  useEffect(() => {
    let isCurrent = true;
    const opening = notes.map(({ note }) =>
      openNotes([note], institution).then(
        ([shown]) => shown ?? { problem: undefined },
        // One that does not open keeps no other back.
        (problem: unknown) => ({ problem }),
      ),
    );
    Promise.all(opening).then(
      (all) => isCurrent && setOpened(all),
      (thrown: unknown) => isCurrent && setProblem(problemOf(thrown)),
    );
    return () => {
      isCurrent = false;
    };
  }, [notes, institution]);

  const noteOf = (view: BillingNoteView) => opened[notes.indexOf(view)];
  const cardsOf = (note: ShownNote) => cards.filter(({ card }) => card.patient === note.patient);
  const drop = async () => {
    if (dropping === null) return;
    const { dispense } = dropping.note;
    if (!(await dropped.attempt(async () => void expectData(await dropBillingNote({ dispense }))))) return;
    setDropping(null);
    onChanged();
  };
  const billed = billing && noteOf(billing);

  return (
    <Panel labelledBy="to-bill">
      <PanelHead
        id="to-bill"
        icon={FilePlus2}
        title={text.title}
        remark={notes.length > 0 ? text.remark(notes.length) : undefined}
      />
      {problem && <ProblemNotice problem={problem} />}
      {notes.length === 0 ? (
        <Empty icon={FilePlus2} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {notes.map((view) => (
            <NoteRow
              key={view.note.dispense}
              view={view}
              note={noteOf(view)}
              cardsOf={cardsOf}
              onBill={() => setBilling(view)}
              onDrop={() => setDropping(view)}
            />
          ))}
        </ul>
      )}
      {billing && billed !== null && billed !== undefined && !('problem' in billed) && (
        <BillDialog
          view={billing}
          note={billed}
          cards={cardsOf(billed)}
          claims={claims}
          institution={institution}
          onSent={() => {
            setBilling(null);
            onChanged();
          }}
          onClose={() => setBilling(null)}
        />
      )}
      <Dialog
        open={dropping !== null}
        onOpenChange={(open) => !open && setDropping(null)}
        title={text.dropTitle}
        description={text.dropBody}
        closeLabel={t.shell.close}
        actions={
          <>
            <Button onClick={() => setDropping(null)}>{t.shell.cancel}</Button>
            <Button look="danger" icon={Trash2} busy={dropped.busy} onClick={drop}>
              {text.drop}
            </Button>
          </>
        }
      >
        {dropped.problem && <ProblemNotice problem={dropped.problem} />}
      </Dialog>
    </Panel>
  );
}

function NoteRow({
  view,
  note,
  cardsOf,
  onBill,
  onDrop,
}: {
  view: BillingNoteView;
  note: ShownNote | { problem: unknown } | undefined;
  cardsOf: (note: ShownNote) => readonly OpenedCard[];
  onBill: () => void;
  onDrop: () => void;
}) {
  const shown = note === undefined || 'problem' in note ? undefined : note;
  const [card] = shown === undefined ? [] : cardsOf(shown);
  const name = shown && codeableConcept.parse(shown.medicine).text;
  const quantity = shown && `${formatNumber(view.quantity)} × ${shown.unit}`;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-bold break-words">{name ?? '…'}</p>
        <p className="text-sm text-ink-2">{text.handed(quantity ?? '…', formatDateTime(view.servedAt))}</p>
        {note !== undefined && 'problem' in note && (
          <p className="flex items-center gap-1.5 text-sm text-danger">
            <TriangleAlert size={16} aria-hidden /> {text.unreadable}
          </p>
        )}
        {shown !== undefined && (
          <p className="text-sm">
            {card === undefined ? text.noCard : `${card.card.insured.name} · ${card.view.plan.terms.name}`}
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {card !== undefined && (
          <Button look="primary" size="sm" icon={FilePlus2} onClick={onBill}>
            {text.bill}
          </Button>
        )}
        <Button size="sm" onClick={onDrop}>
          {text.drop}
        </Button>
      </div>
    </li>
  );
}
