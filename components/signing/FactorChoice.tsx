'use client';

import { Fingerprint, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { Credential } from '#chaincode/model/secondFactor.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import { factorsHere } from './factor.ts';

const text = t.signing.factor;

/** The ways in which this person can confirm a signature here: a passkey, the signing PIN, or neither. */
export function FactorChoice({
  credentials,
  asking,
  onLeave,
  onPasskey,
  onPin,
}: {
  /** As the ledger has them. */
  credentials: Credential[];
  asking: 'passkey' | 'pin' | null;
  onLeave: () => void;
  onPasskey: (passkeys: Credential[]) => void;
  onPin: (pin: string) => void;
}) {
  const [pin, setPin] = useState('');
  const passkeys = factorsHere(credentials, 'passkey');
  const hasPin = factorsHere(credentials, 'pin').length > 0;
  if (passkeys.length === 0 && !hasPin) {
    return (
      <Notice
        tone="warn"
        title={credentials.length === 0 ? text.none : text.elsewhere}
        actions={
          <LinkButton size="sm" href="/keys" onClick={onLeave}>
            {text.noneAction}
          </LinkButton>
        }
      >
        <p>{credentials.length === 0 ? text.noneBody : text.elsewhereBody}</p>
      </Notice>
    );
  }
  return (
    <section aria-labelledby="second-factor" className="space-y-3 border-t border-line pt-4">
      <div>
        <h3 id="second-factor" className="font-bold">
          {text.title}
        </h3>
        <p className="text-sm text-ink-2">{text.body}</p>
      </div>
      {passkeys.length > 0 && (
        <Button
          wide
          look="primary"
          icon={Fingerprint}
          busy={asking === 'passkey'}
          disabled={asking !== null}
          autoFocus
          onClick={() => onPasskey(passkeys)}
        >
          {asking === 'passkey' ? text.passkeyWaiting : text.passkey}
        </Button>
      )}
      {hasPin && (
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (pin) onPin(pin);
          }}
        >
          <TextField
            label={text.pin}
            type="password"
            autoComplete="off"
            autoFocus={passkeys.length === 0}
            maxLength={64}
            value={pin}
            onChange={(event) => setPin(event.target.value)}
          />
          <Button
            type="submit"
            wide
            look={passkeys.length === 0 ? 'primary' : 'secondary'}
            icon={ShieldCheck}
            busy={asking === 'pin'}
            disabled={asking !== null || !pin}
          >
            {asking === 'pin' ? text.pinChecking : text.pinAction}
          </Button>
        </form>
      )}
    </section>
  );
}
