'use client';

import { MessageCircleQuestionMark, Send } from 'lucide-react';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import type { ClaimSubmission } from '#chaincode/model/claim.ts';
import { type BenefitCategory, benefitCategories, type PlanTerms, serviceCode } from '#chaincode/model/plan.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { composeEncounterClaim, composePreauthorisation } from '#components/vault/billing.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { AgreementField } from './AgreementField.tsx';
import { agreedBefore } from './agreedBefore.ts';
import { Estimate } from './Estimate.tsx';
import { listedPrice, parseAmount, typedAmount } from './price.ts';
import type { OpenedCard } from './useCards.ts';
import { useEstimate } from './useEstimate.ts';

const text = t.billing.service;
type Category = Exclude<BenefitCategory, 'medicine'>;
const categories = benefitCategories.filter((category): category is Category => category !== 'medicine');

const nameOf = (code: string): string => {
  const known: Record<string, string> = text.codes;
  return known[code] ?? code;
};

/** Bills a service of an encounter to a patient's insurer, or asks the insurer to agree before it is given. */
export function ServiceDialog({
  cards,
  claims,
  onSent,
  onClose,
}: {
  /** At least one. */
  cards: readonly OpenedCard[];
  /** That the hospital sent: what insurers have agreed to is among them. */
  claims: readonly ClaimView[];
  onSent: () => void;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState(cards[0]?.view.id ?? '');
  const opened = cards.find((each) => each.view.id === chosen) ?? cards[0];
  const terms = opened?.view.plan.terms;
  const codes = codesOf(terms);
  const [category, setCategory] = useState<Category>('consultation');
  const [code, setCode] = useState(codes[0] ?? '');
  const currency = terms?.currency ?? '';
  const listed = terms && listedPrice(terms, code, 1);
  const [typed, setTyped] = useState(listed === undefined ? '' : typedAmount(listed));
  const [day, setDay] = useState(() => new Date().toLocaleDateString('sv-SE'));
  const [agreement, setAgreement] = useState('');
  const [isTried, setIsTried] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const signed = useSigned();
  const id = useId();
  const net = parseAmount(typed);
  const service = net === undefined || code === '' ? undefined : { code, name: nameOf(code), net };
  const item = service && {
    of: { code: service.code, name: service.name },
    quantity: 1,
    unit: 'service',
    net: service.net,
  };
  const estimate = useEstimate(opened, category, item);

  const agreements = agreedBefore(claims, opened?.card.policy, category);
  const preauthorisation = agreements.find((each) => each.id === agreement)?.id;
  const hasToAgree =
    preauthorisation === undefined &&
    estimate?.state === 'answered' &&
    estimate.answer.items.some(({ needsAuthorisation }) => needsAuthorisation);

  const submit = async (use: ClaimSubmission['use']) => {
    setIsTried(true);
    if (service === undefined || item === undefined || opened === undefined) return;
    const foreseen = { category, servedAt: instantOf(day), currency };
    const isSent = await attempt(async () => {
      const intent =
        use === 'preauthorisation'
          ? await composePreauthorisation(opened.card, { ...foreseen, items: [item] })
          : await composeEncounterClaim(opened.card, {
              ...{ ...foreseen, service },
              ...(preauthorisation !== undefined && { preauthorisation }),
            });
      const { names, insurer: insurerId } = opened.view;
      const insurer = names[insurerId] ?? insurerId;
      await signed(intent, {
        names: { [intent.submission.id]: service.name, [intent.submission.policy]: insurer },
        sheet: use === 'claim' ? 'factorOnly' : undefined,
      });
    });
    if (!isSent) return;
    if (use === 'claim') toast.success(t.billing.bill.sent, { description: t.billing.bill.sentBody });
    else toast.success(text.asked, { description: text.askedBody });
    onSent();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          {hasToAgree && (
            <Button icon={MessageCircleQuestionMark} busy={busy} onClick={() => submit('preauthorisation')}>
              {text.ask}
            </Button>
          )}
          <Button type="submit" form={id} look="primary" icon={Send} busy={busy}>
            {t.billing.bill.send}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="space-y-5 pt-1"
        onSubmit={(event) => {
          event.preventDefault();
          void submit('claim');
        }}
      >
        <SelectField
          label={text.patient}
          value={chosen}
          options={cards.map(({ view: { id: value, plan }, card }) => ({
            value,
            label: `${card.insured.name} · ${plan.terms.name}`,
          }))}
          onChange={(value) => {
            setChosen(value);
            // Another patient's plan lists other services at other prices.
            const plan = cards.find(({ view }) => view.id === value)?.view.plan.terms;
            const [first = ''] = codesOf(plan);
            const kept = codesOf(plan).includes(code) ? code : first;
            const price = plan && listedPrice(plan, kept, 1);
            setCode(kept);
            setTyped(price === undefined ? '' : typedAmount(price));
          }}
        />
        <SelectField
          label={text.category}
          value={category}
          options={categories.map((value) => ({ value, label: t.claims.categories[value] }))}
          onChange={setCategory}
        />
        {codes.length === 0 ? (
          <p className="text-sm text-ink-2">{text.none}</p>
        ) : (
          <SelectField
            label={text.code}
            value={code}
            options={codes.map((value) => ({ value, label: nameOf(value) }))}
            onChange={(value) => {
              setCode(value);
              const price = terms && listedPrice(terms, value, 1);
              if (price !== undefined) setTyped(typedAmount(price));
            }}
          />
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={text.day}
            type="date"
            max={hasToAgree ? undefined : new Date().toLocaleDateString('sv-SE')}
            value={day}
            onChange={({ target }) => setDay(target.value)}
          />
          <TextField
            label={t.billing.bill.price(currency)}
            inputMode="decimal"
            value={typed}
            hint={listed === undefined ? undefined : t.billing.bill.priceHint(formatMoney(listed, currency))}
            error={isTried && net === undefined ? t.billing.bill.priceFault : null}
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
        {estimate && <Estimate estimate={estimate} currency={currency} agreed={preauthorisation !== undefined} />}
        {agreements.length > 0 && (
          <AgreementField agreements={agreements} value={preauthorisation ?? ''} onChange={setAgreement} />
        )}
        {opened && service && (
          <p className="rounded-md border border-line bg-sunken p-3">
            {t.claims.words.submit(
              service.name,
              formatMoney(service.net, currency),
              opened.view.names[opened.view.insurer] ?? opened.view.insurer,
            )}
          </p>
        )}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}

/** The services that a plan lists a price for. */
const codesOf = (terms: PlanTerms | undefined): string[] =>
  (terms?.prices ?? [])
    .map(({ code }) => code)
    .filter((code) => serviceCode.safeParse(code).success && !code.startsWith('MP-'));

/** An instant of that day: now where it is today, else its noon. */
function instantOf(day: string): string {
  const now = new Date();
  return day === now.toLocaleDateString('sv-SE') ? now.toISOString() : new Date(`${day}T12:00:00`).toISOString();
}
