'use client';

import { HandHeart } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { type Ground, grounds, type OwnAssistance } from '#server/fund/schema.ts';

const text = t.fund.help;

/** Asks the assistance fund for help with a bill, or says what became of it. `ask` throws what prevented it; without one nothing can be asked for. */
export function HelpPanel({
  asked,
  currency,
  ask,
}: {
  asked: OwnAssistance | undefined;
  currency: string;
  ask?: ((ground: Ground) => Promise<void>) | undefined;
}) {
  if (asked !== undefined) return <Asked asked={asked} currency={currency} />;
  return ask === undefined ? null : <AskForm ask={ask} />;
}

function Asked({ asked: { state, amount, reason }, currency }: { asked: OwnAssistance; currency: string }) {
  const tone = { asked: 'info', granted: 'info', paid: 'ok', refused: 'warn' } as const;
  const sum = amount === null ? '' : formatMoney(amount, currency);
  return (
    <Notice tone={tone[state]} title={text.states[state](sum)}>
      <p>{state === 'refused' && reason !== null ? text.reason(reason) : text.bodies[state]}</p>
    </Notice>
  );
}

function AskForm({ ask }: { ask: (ground: Ground) => Promise<void> }) {
  const [ground, setGround] = useState<Ground>('income');
  const { busy, problem, attempt } = useAttempt();
  return (
    <section aria-label={text.title} className="space-y-3 rounded-md border border-line p-4">
      <h3 className="flex items-center gap-2 font-bold">
        <HandHeart size={18} aria-hidden /> {text.title}
      </h3>
      <p className="text-sm text-ink-2">
        {text.privacy}{' '}
        <Link href="/fund" className="underline">
          {text.rules}
        </Link>
      </p>
      <SelectField
        label={text.ground}
        options={grounds.map((value) => ({ value, label: t.fund.grounds[value] }))}
        value={ground}
        onChange={setGround}
      />
      <Button icon={HandHeart} busy={busy} onClick={() => attempt(() => ask(ground))}>
        {text.ask}
      </Button>
      {problem && <ProblemNotice problem={problem} />}
    </section>
  );
}
