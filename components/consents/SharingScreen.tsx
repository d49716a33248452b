'use client';

import { LoaderCircle, NotebookText } from 'lucide-react';
import { useState } from 'react';
import { type FullConsentRequest, hasEnded } from '#chaincode/model/consent.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { LinkButton } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import { ConsentExchange } from './ConsentExchange.tsx';
import { ConsentList } from './ConsentList.tsx';
import { GrantDialog, type GrantStart } from './GrantDialog.tsx';
import { Representatives } from './Representatives.tsx';
import { RequestList } from './RequestList.tsx';
import type { ReadSharing } from './readSharing.ts';
import { emptyTerms } from './terms.ts';
import { useSharing } from './useSharing.ts';

const text = t.consents;

/** Who may read a record: what is allowed and forbidden, who asks, and who acts for the patient. */
export function SharingScreen({ facts, recordAddress }: { facts: RecordFacts; recordAddress: string }) {
  const person = usePerson();
  const { state, names, grant, revoke, decline, appoint, endRepresentation } = useSharing(facts, person.subjectId);
  const [adding, setAdding] = useState<(GrantStart & { answers?: string }) | null>(null);
  const [now] = useState(() => new Date());

  if (state.state === 'locked') return <UnlockNotice />;
  if (state.state === 'failed') return <ProblemNotice problem={state.problem} />;
  if (state.state === 'reading') return <Notice icon={LoaderCircle} live="status" title={text.reading} />;
  if (state.state === 'unopened') {
    return (
      <Notice
        tone="info"
        title={text.unopened}
        actions={
          <LinkButton size="sm" icon={NotebookText} href={recordAddress}>
            {text.openRecord}
          </LinkButton>
        }
      >
        <p>{text.unopenedBody}</p>
      </Notice>
    );
  }
  const { consents, requests, representations } = state.sharing;
  const present = consents.filter((consent) => consent.state === 'active' && !hasEnded(consent.terms, now));
  return (
    <div className="space-y-5">
      <p className="max-w-prose text-ink-2">{text.intro}</p>
      <RequestList
        requests={requests.filter((request) => request.state === 'open')}
        names={names}
        onAllow={(request) => setAdding(answering(request, state.sharing))}
        decline={decline}
      />
      <ConsentList
        consents={present}
        names={names}
        now={now}
        onAdd={(decision) => setAdding({ draft: { ...emptyTerms, decision } })}
        revoke={revoke}
      />
      <Representatives
        representations={representations}
        own={facts.reach === 'own'}
        self={person.subjectId}
        now={now}
        appoint={appoint}
        end={endRepresentation}
      />
      <ConsentExchange patient={facts.pseudonym} consents={present} names={names} grant={grant} />
      {adding !== null && (
        <GrantDialog
          start={adding}
          onClose={() => setAdding(null)}
          grant={(terms, { name }) => grant(terms, { name, ...(adding.answers && { answers: adding.answers }) })}
        />
      )}
    </div>
  );
}

/** The form for a request: who asks, for what; the patient may narrow it. */
function answering(
  { id, requester, terms: { categories, purposes, until } }: FullConsentRequest,
  { grantees }: ReadSharing,
): GrantStart & { answers: string } {
  const known = grantees.find((grantee) => grantee.id === requester);
  const institution = known?.kind === 'person' ? known.institution.name : '';
  return {
    answers: id,
    draft: {
      ...emptyTerms,
      grantee: { kind: 'person', id: requester },
      ...{ categories, purposes },
      ...(until !== undefined && { period: 'day', lastDay: new Date(until).toLocaleDateString('sv-SE') }),
    },
    reader: { kind: 'person', id: requester, name: known?.name ?? requester, remark: institution },
  };
}
