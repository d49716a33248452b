'use client';

import { ReceiptText } from 'lucide-react';
import { decisionInForce } from '#chaincode/model/usage.ts';
import { ClaimStatePill } from '#components/claims/ClaimStatePill.tsx';
import { dueOfPatient, paidByPatient } from '#components/claims/leftToDo.ts';
import { OlderEntries } from '#components/claims/OlderEntries.tsx';
import type { ListedHere } from '#components/claims/useListed.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatServiceDay } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';

const text = t.insurance.bills;

/** What was billed for the patient, or asked before it is given, newest first. */
export function BillList({
  list,
  nameOf,
  onOpen,
}: {
  list: ListedHere<ClaimView>;
  /** What a bill is for, once it is opened. */
  nameOf: (bill: ClaimView) => string | undefined;
  onOpen: (bill: ClaimView) => void;
}) {
  return (
    <Panel labelledBy="insurance-bills">
      <PanelHead id="insurance-bills" icon={ReceiptText} title={text.title} />
      {list.entries.length === 0 ? (
        <Empty icon={ReceiptText} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {list.entries.map((bill) => (
            <li key={bill.id}>
              <button
                type="button"
                onClick={() => onOpen(bill)}
                className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 py-3 text-left hover:bg-sunken"
              >
                <span className="min-w-0 flex-1 basis-56">
                  <span className="block font-bold break-words">
                    {nameOf(bill) ?? t.claims.categories[bill.category]}
                  </span>
                  <span className="block text-sm text-ink-2">
                    {text.from(bill.names[bill.provider] ?? bill.provider, formatServiceDay(bill.servedAt))}
                    {bill.use === 'preauthorisation' && ` · ${text.beforehand}`}
                  </span>
                </span>
                <span className="sm:text-right">
                  <span className="block font-bold tabular-nums">{formatMoney(bill.billed, bill.currency)}</span>
                  <span className="block text-sm text-ink-2">{leftOf(bill)}</span>
                </span>
                <ClaimStatePill state={bill.state} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <OlderEntries list={list} />
    </Panel>
  );
}

/** What the patient still has to pay, in words, or what the insurer agreed to; nothing is said where nothing is decided. */
export function leftOf(bill: ClaimView): string {
  if (bill.use === 'preauthorisation') return agreedOf(bill);
  const paid = paidByPatient(bill);
  if (bill.state === 'reversed') {
    return paid > 0 ? text.toGetBack(formatMoney(paid, bill.currency)) : text.reversed;
  }
  const decision = decisionInForce(bill);
  if (decision === undefined) return '';
  // Whether the patient then pays all of it is between them and whoever billed it.
  if (decision.outcome === 'denied') return text.denied;
  const left = dueOfPatient(bill);
  return left === 0 ? text.allPaid : text.toPay(formatMoney(left, bill.currency));
}

function agreedOf(asked: ClaimView): string {
  const decision = decisionInForce(asked);
  if (decision === undefined) return '';
  if (decision.outcome === 'denied') return text.notAgreed;
  return text.agreed(formatMoney(decision.insurer, asked.currency));
}
