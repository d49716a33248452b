'use client';

import { Check, Copy, KeyRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatDate } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { makeToken } from '#server/epcis/actions.ts';
import {
  longestTokenDays,
  type MadeToken,
  newPartnerToken,
  type PartnerSystemView,
  type Scope,
  scopes,
} from '#server/epcis/schema.ts';

const text = t.partners;

/** Makes a token of a system, and shows it this once. */
export function PartnerTokenDialog({ system, onClose }: { system: PartnerSystemView; onClose: () => void }) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('365');
  const [chosen, setChosen] = useState<readonly Scope[]>(scopes);
  const [made, setMade] = useState<MadeToken | null>(null);
  const [copied, setCopied] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const router = useRouter();
  const wanted = newPartnerToken.safeParse({
    ...{ system: system.id, name: name.trim(), days: Number(days) },
    scopes: [...chosen],
  });
  const wrong = (field: string) => tried && wanted.error?.issues.some(({ path }) => path[0] === field) === true;
  const submit = () =>
    attempt(async () => {
      if (!wanted.success) return;
      setMade(expectData(await makeToken(wanted.data)));
      router.refresh();
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.tokenTitle(system.name)}
      description={made ? text.once : text.tokenBody}
      closeLabel={t.shell.close}
    >
      {made ? (
        <div className="space-y-4">
          <TextField
            label={text.token}
            hint={text.until(formatDate(made.expiresAt))}
            mono
            readOnly
            value={made.token}
            onFocus={(event) => event.target.select()}
          />
          <div className="flex flex-wrap justify-between gap-2">
            <Button
              icon={copied ? Check : Copy}
              onClick={() => void navigator.clipboard.writeText(made.token).then(() => setCopied(true))}
            >
              {copied ? text.copied : text.copy}
            </Button>
            <Button look="primary" onClick={onClose}>
              {text.done}
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            setTried(true);
            void submit();
          }}
        >
          <TextField
            label={text.tokenName}
            hint={text.tokenNameHint}
            maxLength={80}
            value={name}
            error={wrong('name') ? text.nameShort : null}
            onChange={(event) => setName(event.target.value)}
          />
          <fieldset className="space-y-2">
            <legend className="text-sm font-semibold text-ink-2">{text.mayDo}</legend>
            {scopes.map((scope) => (
              <CheckBox
                key={scope}
                checked={chosen.includes(scope)}
                onChange={(checked) =>
                  setChosen((before) => scopes.filter((one) => (one === scope ? checked : before.includes(one))))
                }
              >
                {text.scopesLong[scope]}
              </CheckBox>
            ))}
          </fieldset>
          <TextField
            label={text.days}
            hint={text.daysHint(longestTokenDays)}
            inputMode="numeric"
            value={days}
            error={wrong('days') ? text.daysWrong(longestTokenDays) : null}
            onChange={(event) => setDays(event.target.value)}
          />
          {wrong('scopes') && <p className="text-sm font-semibold text-danger">{text.noScope}</p>}
          {problem && <ProblemNotice problem={problem} />}
          <Button type="submit" look="primary" wide icon={KeyRound} busy={busy}>
            {text.makeToken}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
