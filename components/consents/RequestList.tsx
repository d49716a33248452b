'use client';

import { Check, Inbox, X } from 'lucide-react';
import { useState } from 'react';
import type { FullConsentRequest } from '#chaincode/model/consent.ts';
import { partsWords } from '#components/chart/NotShared.tsx';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { formatDate } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';

const text = t.consents;

/** Clinicians who ask to read, each to be allowed or declined. */
export function RequestList({
  requests,
  names,
  onAllow,
  decline,
}: {
  /** Open ones. */
  requests: readonly FullConsentRequest[];
  names: Readonly<Record<string, string>>;
  onAllow: (request: FullConsentRequest) => void;
  /** Signs and records the refusal; throws what prevented it. */
  decline: (request: FullConsentRequest) => Promise<void>;
}) {
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (requests.length === 0) return null;

  const refuse = async (request: FullConsentRequest) => {
    setBusy(request.id);
    setProblem(null);
    try {
      await decline(request);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(null);
    }
  };

  return (
    <Panel labelledBy="consents-requests">
      <PanelHead id="consents-requests" icon={Inbox} title={text.requests} remark={text.requestsRemark} />
      <ul className="divide-y divide-line">
        {requests.map((request) => (
          <li key={request.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-bold">
                {text.asks(
                  names[request.requester] ?? request.requester,
                  names[request.institution] ?? request.institution,
                )}
              </p>
              <p className="text-sm">
                {partsWords(request.terms.categories)} ·{' '}
                {request.terms.purposes.map((purpose) => text.purposes[purpose]).join(', ')}
                {request.terms.until !== undefined && <> · {text.untilDay(formatDate(request.terms.until))}</>}
              </p>
              <p className="text-sm text-ink-2">
                {text.reason(request.terms.reason)} · <Time value={request.at} />
              </p>
            </div>
            <div className="flex gap-2">
              <Button size="sm" look="primary" icon={Check} onClick={() => onAllow(request)}>
                {text.allow}
              </Button>
              <Button size="sm" icon={X} busy={busy === request.id} onClick={() => refuse(request)}>
                {text.decline}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {problem && <ProblemNotice problem={problem} />}
    </Panel>
  );
}
