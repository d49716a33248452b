'use client';

import { Send } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { toast } from 'sonner';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { problemOf } from '#components/ui/errors.ts';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { composeDispenseClaim } from '#components/vault/billing.ts';
import type { ShownNote } from '#components/vault/billingOperations.ts';
import { expectData } from '#components/vault/errors.ts';
import { codeableConcept, codeOf, systems } from '#fhir/coding.ts';
import { t } from '#messages/en.ts';
import { dropBillingNote } from '#server/claims/actions.ts';
import type { BillingNoteView, ClaimView } from '#server/claims/schema.ts';
import { AgreementField } from './AgreementField.tsx';
import { isAgreed } from './agreedBefore.ts';
import { Estimate } from './Estimate.tsx';
import { listedPrice, parseAmount, typedAmount } from './price.ts';
import { useAsked } from './useAsked.ts';
import type { OpenedCard } from './useCards.ts';
import { useEstimate } from './useEstimate.ts';

const text = t.billing.bill;
const list = new Intl.ListFormat('en');

/** Bills one hand-over: which insurance, at which price, what the insurer would pay, signed with one click. */
export function BillDialog({
  view,
  note,
  cards,
  claims,
  institution,
  onSent,
  onClose,
}: {
  view: BillingNoteView;
  note: ShownNote;
  /** Of this patient; at least one. */
  cards: readonly OpenedCard[];
  /** That the pharmacy sent. */
  claims: readonly ClaimView[];
  institution: string;
  onSent: () => void;
  onClose: () => void;
}) {
  const medicine = codeableConcept.parse(note.medicine);
  const code = codeOf(medicine, systems.product) ?? '';
  const name = medicine.text ?? code;
  const [chosen, setChosen] = useState(cards[0]?.view.id ?? '');
  const opened = cards.find((each) => each.view.id === chosen) ?? cards[0];
  const terms = opened?.view.plan.terms;
  const currency = terms?.currency ?? '';
  const listed = terms && listedPrice(terms, code, view.quantity);
  const [typed, setTyped] = useState(listed === undefined ? '' : typedAmount(listed));
  /** Empty for none. */
  const [agreement, setAgreement] = useState<string | null>(null);
  const [isTried, setIsTried] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const signed = useSigned();
  const id = useId();
  const net = parseAmount(typed);
  const item =
    net === undefined ? undefined : { of: { concept: medicine }, quantity: view.quantity, unit: note.unit, net };
  const estimate = useEstimate(opened, 'medicine', item);
  const asked = useAsked(claims, opened?.card.policy, code, institution);
  const agreements = asked?.filter(isAgreed) ?? [];
  // The newest is named where nobody says otherwise: without one the claim may be denied.
  const preauthorisation =
    agreement === '' ? undefined : (agreements.find((each) => each.id === agreement) ?? agreements[0])?.id;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (net === undefined || opened === undefined) return;
    const isSent = await attempt(async () => {
      const intent = await composeDispenseClaim(opened.card, view, {
        ...{ net, currency },
        ...(preauthorisation !== undefined && { preauthorisation }),
      });
      try {
        await signed(intent, {
          names: { [intent.submission.id]: name, [intent.submission.policy]: insurerOf(opened) },
          sheet: 'factorOnly',
        });
      } catch (thrown) {
        // A service is claimed once: it was billed before, and the answer was lost.
        if (problemOf(thrown).code !== 'ALREADY_CLAIMED') throw thrown;
      }
      // What was billed is kept no longer; where that fails, it stays to be billed, and a second try comes here again.
      expectData(await dropBillingNote({ dispense: note.dispense }));
    });
    if (!isSent) return;
    toast.success(t.billing.bill.sent, { description: t.billing.bill.sentBody });
    onSent();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title(name)}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={Send} busy={busy || asked === undefined}>
            {text.send}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-5 pt-1">
        {cards.length > 1 ? (
          <SelectField
            label={text.card}
            value={chosen}
            options={cards.map((each) => ({ value: each.view.id, label: planOf(each) }))}
            onChange={(value) => {
              setChosen(value);
              const plan = cards.find((each) => each.view.id === value)?.view.plan.terms;
              const price = plan && listedPrice(plan, code, view.quantity);
              setTyped(price === undefined ? '' : typedAmount(price));
            }}
          />
        ) : (
          opened && <p className="font-bold">{planOf(opened)}</p>
        )}
        <TextField
          label={text.price(currency)}
          inputMode="decimal"
          value={typed}
          hint={listed === undefined ? undefined : text.priceHint(formatMoney(listed, currency))}
          error={isTried && net === undefined ? text.priceFault : null}
          onChange={({ target }) => setTyped(target.value)}
        />
        {estimate && <Estimate estimate={estimate} currency={currency} agreed={preauthorisation !== undefined} />}
        {agreements.length > 0 && (
          <AgreementField agreements={agreements} value={preauthorisation ?? ''} onChange={setAgreement} />
        )}
        {opened && <p className="text-sm text-ink-2">{`${text.shows} ${shownFields(opened)}`}</p>}
        {opened && net !== undefined && (
          <p className="rounded-md border border-line bg-sunken p-3">
            {t.claims.words.submit(name, formatMoney(net, currency), insurerOf(opened))}
          </p>
        )}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}

const insurerOf = ({ view: { names, insurer } }: OpenedCard) => names[insurer] ?? insurer;
const planOf = (opened: OpenedCard) => text.plan(opened.view.plan.terms.name, insurerOf(opened));
const shownFields = ({ card: { evidence } }: OpenedCard) =>
  list.format([t.insurance.authorise.required, ...evidence.map((field) => t.insurance.authorise.fields[field])]);
