'use client';

import { Check, CircleX, Clock, type LucideIcon, MailQuestion, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { type FullConsentRequest, requestStates } from '#chaincode/model/consent.ts';
import { partsWords } from '#components/chart/NotShared.tsx';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import type { Tone } from '#components/ui/tone.ts';
import { readOwnRequest } from '#components/vault/records.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { RequestView } from '#server/consents/schema.ts';
import { recordAddress } from './recordAddress.ts';

const text = t.recordPages.request;
const looks: Record<(typeof requestStates)[number], { tone: Tone; icon: LucideIcon }> = {
  open: { tone: 'info', icon: Clock },
  granted: { tone: 'ok', icon: Check },
  declined: { tone: 'danger', icon: CircleX },
  withdrawn: { tone: 'neutral', icon: Undo2 },
};

/** What a clinician has asked patients for, with their answers. `detailed`: with what was asked, once the keys are open. */
export function OwnRequests({ requests, detailed = false }: { requests: RequestView[]; detailed?: boolean }) {
  const signed = useSigned();
  const router = useRouter();
  const vault = useVault();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (requests.length === 0) return null;

  const withdraw = async (id: string) => {
    setBusy(id);
    setProblem(null);
    try {
      await signed({ kind: 'consents:withdraw', id }, { sheet: 'factorOnly' });
      router.refresh();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(null);
    }
  };

  return (
    <Panel labelledBy="own-requests">
      <PanelHead id="own-requests" icon={MailQuestion} title={text.own} remark={text.ownRemark} />
      <ul className="divide-y divide-line">
        {requests.map((request) => (
          <li key={request.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-64">
              {!detailed && <Patient request={request} />}
              {detailed && <Terms id={request.id} />}
              <p className="text-sm text-ink-2">
                <Time value={request.at} />
              </p>
            </div>
            <State state={request.state} />
            {request.state === 'open' && (
              <Button
                size="sm"
                icon={Undo2}
                busy={busy === request.id}
                disabled={vault.state !== 'open' || busy !== null}
                onClick={() => withdraw(request.id)}
              >
                {text.withdraw}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {problem && <ProblemNotice problem={problem} />}
    </Panel>
  );
}

function State({ state }: { state: string }) {
  const known = requestStates.find((one) => one === state);
  return <Pill {...(known === undefined ? {} : looks[known])}>{known === undefined ? state : text.states[known]}</Pill>;
}

function Patient({ request: { patient } }: { request: RequestView }) {
  const { role } = usePerson();
  const { pseudonym, name } = patient;
  if (name === undefined) return <p className="font-bold break-all">{text.patient(pseudonym)}</p>;
  return (
    <Link
      href={recordAddress(role, pseudonym)}
      className="font-bold text-brand underline decoration-1 underline-offset-3 hover:decoration-2"
    >
      {name}
    </Link>
  );
}

/** What was asked for, as the ledger keeps it for whoever asked and the patient. */
function Terms({ id }: { id: string }) {
  const vault = useVault();
  const isOpen = vault.state === 'open';
  const [terms, setTerms] = useState<FullConsentRequest['terms'] | 'unread' | null>(null);
  useEffect(() => {
    if (!isOpen) return setTerms(null);
    let mine = true;
    readOwnRequest(id)
      .then((request) => mine && setTerms(request.terms))
      .catch(() => mine && setTerms('unread'));
    return () => {
      mine = false;
    };
  }, [id, isOpen]);
  if (terms === null) return null;
  if (terms === 'unread') return <p className="text-sm text-warn">{text.unread}</p>;
  return (
    <>
      <p className="text-sm first-letter:uppercase">
        {partsWords(terms.categories)} · {terms.purposes.map((purpose) => t.consents.purposes[purpose]).join(', ')}
      </p>
      <p className="text-sm text-ink-2">{t.consents.reason(terms.reason)}</p>
    </>
  );
}
