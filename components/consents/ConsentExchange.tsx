'use client';

import { Download, FileInput, PenLine } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ConsentTerms, FullConsent } from '#chaincode/model/consent.ts';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { type ConsentFile, consentBundle, readConsents } from './consentFile.ts';
import { Preview } from './Preview.tsx';

const text = t.consents;

/** Takes consents out as FHIR, and in from FHIR: each is looked at and signed on its own. */
export function ConsentExchange({
  patient,
  consents,
  names,
  grant,
}: {
  /** Pseudonym. */
  patient: string;
  /** In force. */
  consents: readonly FullConsent[];
  names: Readonly<Record<string, string>>;
  /** Signs and records; throws what prevented it. */
  grant: (terms: ConsentTerms, granted: { name: string }) => Promise<void>;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [found, setFound] = useState<ConsentFile | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const save = () => {
    const day = new Date().toLocaleDateString('sv-SE');
    saveFile(`consents-${day}.json`, 'application/fhir+json', [JSON.stringify(consentBundle(consents, names))]);
  };
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    setProblem(null);
    try {
      setFound(await readConsents(await file.text(), patient, new Date()));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };

  return (
    <Panel labelledBy="consents-exchange">
      <PanelHead id="consents-exchange" title={text.exchange} remark={text.exchangeBody} />
      <div className="flex flex-wrap gap-2">
        <Button icon={Download} disabled={consents.length === 0} onClick={save}>
          {text.export}
        </Button>
        <Button icon={FileInput} onClick={() => input.current?.click()}>
          {text.import}
        </Button>
        <input
          ref={input}
          type="file"
          accept=".json,application/json,application/fhir+json"
          className="sr-only"
          aria-label={text.import}
          tabIndex={-1}
          onChange={({ target }) => {
            void read(target.files?.[0]);
            target.value = '';
          }}
        />
      </div>
      {problem && (
        <div className="mt-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
      {found && <FoundConsents file={found} grant={grant} onClose={() => setFound(null)} />}
    </Panel>
  );
}

/** What a file holds: one after the other to be signed, and what cannot be taken over, with why. */
function FoundConsents({
  file: { readable, refused },
  grant,
  onClose,
}: {
  file: ConsentFile;
  grant: (terms: ConsentTerms, granted: { name: string }) => Promise<void>;
  onClose: () => void;
}) {
  const [at, setAt] = useState(0);
  const { busy, problem, setProblem, attempt } = useAttempt();
  const [now] = useState(() => new Date());
  const next = readable[at];
  const step = () => {
    setProblem(null);
    if (at + 1 < readable.length || refused.length > 0) setAt(at + 1);
    else onClose();
  };
  const sign = async () => {
    if (next !== undefined && (await attempt(() => grant(next.terms, { name: next.name })))) step();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={text.imported(readable.length)}
      description={next === undefined ? undefined : text.importedAt(at + 1, readable.length)}
      closeLabel={t.shell.close}
      actions={
        next === undefined ? (
          <Button look="primary" onClick={onClose}>
            {t.shell.close}
          </Button>
        ) : (
          <>
            <Button disabled={busy} onClick={step}>
              {text.leaveOut}
            </Button>
            <Button look="primary" icon={PenLine} busy={busy} onClick={sign}>
              {text.sign[next.terms.decision]}
            </Button>
          </>
        )
      }
    >
      <div className="space-y-4">
        {next !== undefined && <Preview terms={next.terms} names={{ [next.terms.grantee.id]: next.name }} now={now} />}
        {problem && <ProblemNotice problem={problem} />}
        {refused.map(({ title, issues }) => (
          <Notice key={title} tone="warn" title={text.notTaken(title)}>
            {issues.map(({ path, reason }) => (
              <p key={path}>{text.refusedImport(path, reason)}</p>
            ))}
          </Notice>
        ))}
      </div>
    </Dialog>
  );
}
