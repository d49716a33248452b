'use client';

import { FileCheck2, ShieldCheck } from 'lucide-react';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { ScannerWell } from '#components/scanning/ScannerWell.tsx';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { WalletChain } from '#server/wallet/schema.ts';
import { openVerifyChain } from './chain.ts';
import { type CheckedReceipt, checkReceipt } from './checkReceipt.ts';
import { NodeChoice, nodeOf } from './NodeChoice.tsx';
import { ReceiptPanel } from './ReceiptPanel.tsx';
import { readFile, readShown, type Shown } from './readShown.ts';
import { VerdictPanel } from './VerdictPanel.tsx';
import { type Verified, verifyDisclosure } from './verifyDisclosure.ts';

const text = t.verify;

type Fault = 'accessCode' | 'unreadable' | 'chainAway';
type Outcome =
  | { state: 'idle' | 'working' }
  | { state: 'done'; verified: Verified }
  | { state: 'receipt'; checked: CheckedReceipt }
  | { state: 'fault'; fault: Fault };

const faults: Record<Fault, { title: string; body: string; tone: 'danger' | 'warn' }> = {
  accessCode: { title: text.accessCode, body: text.accessCodeBody, tone: 'danger' },
  unreadable: { title: text.unreadable, body: text.unreadableBody, tone: 'danger' },
  chainAway: { title: text.chainAway, body: text.chainAwayBody, tone: 'warn' },
};

/** Takes a token's number, a proof's link, code or file, or a receipt's file, and verifies it in this browser against the chain. */
export function VerifyScreen({ tokenAddress }: Pick<WalletChain, 'tokenAddress'>) {
  const [typed, setTyped] = useState('');
  const [ownNode, setOwnNode] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' });
  const file = useRef<HTMLInputElement>(null);

  const take = useCallback(
    async (shown: Shown) => {
      if (shown.kind === 'accessCode' || shown.kind === 'unreadable')
        return setOutcome({ state: 'fault', fault: shown.kind });
      if (ownNode !== null && nodeOf(ownNode) === null) return setOutcome({ state: 'fault', fault: 'chainAway' });
      setOutcome({ state: 'working' });
      try {
        const chain = openVerifyChain({ tokenAddress }, nodeOf(ownNode));
        if (shown.kind === 'receipt')
          return setOutcome({ state: 'receipt', checked: await checkReceipt(shown.json, chain) });
        const what = shown.kind === 'proof' ? shown.disclosure : { tokenId: shown.tokenId };
        setOutcome({ state: 'done', verified: await verifyDisclosure(what, chain) });
      } catch (error) {
        const malformed = error instanceof Error && Reflect.get(error, 'code') === 'DISCLOSURE_MALFORMED';
        setOutcome({ state: 'fault', fault: malformed ? 'unreadable' : 'chainAway' });
      }
    },
    [ownNode, tokenAddress],
  );

  // A proof that was scanned with the telephone's own camera arrives in the fragment, which no server is sent.
  useEffect(() => {
    const read = () => {
      if (window.location.hash.length > 1) void take(readShown(window.location.href));
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, [take]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void take(readShown(typed));
  };
  const takeFile = (file: File | undefined) => {
    if (file) void readFile(file).then(take);
  };
  const onScanned = useCallback((read: string) => void take(readShown(read)), [take]);

  return (
    <div className="space-y-6">
      <form
        onSubmit={submit}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          takeFile(event.dataTransfer.files[0]);
        }}
        className="space-y-4 rounded-xl border border-line bg-surface p-5 sm:p-6"
      >
        <TextField
          label={text.input}
          hint={text.inputHint}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          required
          mono
        />
        <NodeChoice own={ownNode} onChange={setOwnNode} />
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" icon={ShieldCheck} busy={outcome.state === 'working'}>
            {outcome.state === 'working' ? text.working : text.submit}
          </Button>
          <Button icon={FileCheck2} onClick={() => file.current?.click()}>
            {text.file}
          </Button>
          <input
            ref={file}
            type="file"
            accept="application/pdf,application/json,.cbor"
            aria-label={text.file}
            tabIndex={-1}
            className="sr-only"
            onChange={(event) => {
              takeFile(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </div>
        <details>
          <summary className="cursor-pointer text-sm font-semibold text-ink-2">{text.scan}</summary>
          <div className="mt-3">
            <ScannerWell onText={onScanned} />
          </div>
        </details>
      </form>
      {outcome.state === 'fault' && (
        <Notice tone={faults[outcome.fault].tone} title={faults[outcome.fault].title} live="alert">
          <p>{faults[outcome.fault].body}</p>
        </Notice>
      )}
      {outcome.state === 'receipt' && <ReceiptPanel checked={outcome.checked} />}
      {outcome.state === 'done' && <VerdictPanel verified={outcome.verified} now={Date.now()} />}
    </div>
  );
}
