'use client';

import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { changeRules } from '#components/settlement/fundCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { RuleSetting } from '#server/fund/schema.ts';
import { draftOf, isSame, type RulesDraft, readRules } from './rulesDraft.ts';

const text = t.fund.desk.change;

/** Sets the fund's rules by a wallet that may. `setting`: of when it was opened, which what is typed began with. */
export function ChangeRulesDialog({
  coin,
  setting,
  onClose,
}: {
  /** Symbol of the fund's. */
  coin: string;
  setting: RuleSetting;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState<RulesDraft>(() => draftOf(setting));
  const { rules, faults } = readRules(draft, setting);
  const { rules: held } = setting;
  const own = setting.setters.filter(({ isOwn }) => isOwn);
  const field = (name: keyof RulesDraft, label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      value={draft[name]}
      onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
      inputMode={name === 'period' || name === 'grantLife' ? 'numeric' : 'decimal'}
      error={faults[name] ?? null}
    />
  );
  return (
    <WalletDialog
      of={`fund-rules/${setting.fund}`}
      title={text.title}
      action={text.action}
      icon={ScrollText}
      disabled={rules === undefined || isSame(rules, held)}
      paidIn={setting}
      currency={undefined}
      only={own.length === 1 ? own[0]?.address : undefined}
      compose={(_account, config) => changeRules(config, setting, rules ?? held)}
      onClose={onClose}
    >
      <p className="text-sm text-ink-2">{text.body}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        {field('perGrant', text.perGrant(coin))}
        {field('perBeneficiary', text.perBeneficiary(coin))}
        {field('perPeriod', text.perPeriod(coin))}
        {field('period', text.periodDays)}
        {field('grantLife', text.grantLifeDays, text.grantLifeHint)}
      </div>
      {rules !== undefined && rules.period !== held.period && (
        <Notice tone="warn" title={text.anew}>
          <p>{text.anewBody}</p>
        </Notice>
      )}
      {rules !== undefined && isSame(rules, held) && <p className="text-sm text-ink-2">{text.same}</p>}
    </WalletDialog>
  );
}
