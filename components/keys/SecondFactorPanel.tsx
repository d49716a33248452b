'use client';

import { Fingerprint, KeyRound, LoaderCircle, Plus, RectangleEllipsis, ShieldCheck, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Credential } from '#chaincode/model/secondFactor.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { factorsHere } from '#components/signing/factor.ts';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { hasPasskeys } from '#components/vault/passkey.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { AddOpener } from './AddOpener.tsx';
import { SetPin } from './SetPin.tsx';
import { useSecondFactors } from './useSecondFactors.ts';

const text = t.keys.factors;

/** Passkeys and signing PIN: what the ledger asks for besides the signature where much depends on it. */
export function SecondFactorPanel({ credentials }: { credentials: Credential[] | undefined }) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { addPasskey, setPin, removeFactor, openWith, stage, problem } = useSecondFactors(credentials ?? []);
  const [choosingPin, setChoosingPin] = useState(false);
  const [opening, setOpening] = useState<string | null>(null);
  /** Known once the page has woken: neither host nor abilities of the browser are the server's. */
  const [here, setHere] = useState<{ passkeys: boolean; ids: string[] } | null>(null);
  useEffect(() => {
    const of = (kind: Credential['kind']) => factorsHere(credentials ?? [], kind).map(({ id }) => id);
    setHere({ passkeys: hasPasskeys(), ids: [...of('passkey'), ...of('pin')] });
  }, [credentials]);
  const busy = stage !== null || credentials === undefined;
  const hasPin = credentials?.some(({ kind }) => kind === 'pin') === true;
  /** Every change is signed. */
  const signed = (act: () => void) => () => (vault.state === 'open' ? act() : openDialog());

  return (
    <Panel labelledBy="second-factors">
      <PanelHead
        id="second-factors"
        title={text.title}
        remark={text.remark}
        icon={ShieldCheck}
        aside={
          <div className="flex flex-wrap gap-2">
            <Button icon={Plus} disabled={busy || here?.passkeys === false} onClick={signed(() => void addPasskey())}>
              {text.addPasskey}
            </Button>
            <Button icon={RectangleEllipsis} disabled={busy} onClick={signed(() => setChoosingPin(true))}>
              {hasPin ? text.changePin : text.setPin}
            </Button>
          </div>
        }
      />
      {credentials === undefined && <p className="text-sm text-ink-2">{text.unknown}</p>}
      {credentials?.length === 0 && (
        <Empty icon={Fingerprint} title={text.empty}>
          {text.emptyBody}
        </Empty>
      )}
      {credentials && credentials.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {credentials.map((credential) => (
            <li key={credential.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <div className="min-w-0 flex-1 basis-52">
                <p className="font-bold">{text.kinds[credential.kind]}</p>
                <p className="text-sm text-ink-2">
                  {text.since} <Time value={credential.addedAt} />
                </p>
                {here && !here.ids.includes(credential.id) && <p className="text-sm text-warn">{text.elsewhere}</p>}
              </div>
              {vault.passkeys.includes(credential.id) ? (
                <Pill tone="ok" icon={KeyRound}>
                  {text.opensKeys}
                </Pill>
              ) : (
                credential.kind === 'passkey' &&
                here?.ids.includes(credential.id) && (
                  <Button size="sm" icon={KeyRound} disabled={busy} onClick={signed(() => setOpening(credential.id))}>
                    {text.openKeys}
                  </Button>
                )
              )}
              <Button
                size="sm"
                look="quiet"
                icon={Trash2}
                disabled={busy}
                onClick={signed(() => void removeFactor(credential))}
              >
                {text.remove}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-3 space-y-3">
        {here?.passkeys === false && <p className="text-sm text-ink-2">{text.unsupported}</p>}
        {stage && <Notice tone="info" icon={LoaderCircle} title={text.stages[stage]} live="status" />}
        {problem && <ProblemNotice problem={problem} kept={text.kept} />}
      </div>
      <SetPin
        open={choosingPin}
        changes={hasPin}
        onPin={(pin) => void setPin(pin)}
        onClose={() => setChoosingPin(false)}
      />
      <AddOpener
        open={opening !== null}
        words={text.opener}
        onClose={() => setOpening(null)}
        onProved={(proof) => {
          const id = opening;
          setOpening(null);
          if (id !== null) void openWith(id, proof);
        }}
      />
    </Panel>
  );
}
