'use client';

import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { rulesCall } from '#components/settlement/fundCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { FundState, RuleSetting } from '#server/fund/schema.ts';
import { draftOf, isSame, type RulesDraft, readRules } from './rulesDraft.ts';

const text = t.fund.desk.change;

/** Sets the fund's rules by a wallet that may. */
export function ChangeRulesDialog({
  fund,
  setting,
  onClose,
}: {
  fund: FundState;
  setting: RuleSetting;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState<RulesDraft>(() => draftOf(fund));
  const { rules, faults } = readRules(draft);
  const own = setting.setters.filter(({ isOwn }) => isOwn);
  const field = (name: keyof RulesDraft, label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      value={draft[name]}
      onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
      inputMode={name === 'periodDays' || name === 'grantLifeDays' ? 'numeric' : 'decimal'}
      error={faults[name] ?? null}
    />
  );
  return (
    <WalletDialog
      of={`fund-rules/${setting.fund}`}
      title={text.title}
      action={text.action}
      icon={ScrollText}
      disabled={rules === undefined || isSame(rules, fund)}
      paidIn={setting}
      currency={undefined}
      only={own.length === 1 ? own[0]?.address : undefined}
      compose={() => rulesCall(setting, rules ?? fund)}
      onClose={onClose}
    >
      <p className="text-sm text-ink-2">{text.body}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        {field('perGrant', text.perGrant(fund.coin))}
        {field('perBeneficiary', text.perBeneficiary(fund.coin))}
        {field('perPeriod', text.perPeriod(fund.coin))}
        {field('periodDays', text.periodDays)}
        {field('grantLifeDays', text.grantLifeDays, text.grantLifeHint)}
      </div>
      {rules !== undefined && rules.periodDays !== fund.periodDays && (
        <Notice tone="warn" title={text.anew}>
          <p>{text.anewBody}</p>
        </Notice>
      )}
      {rules !== undefined && isSame(rules, fund) && <p className="text-sm text-ink-2">{text.same}</p>}
    </WalletDialog>
  );
}
