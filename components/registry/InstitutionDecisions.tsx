'use client';

import { Ban, CirclePause, CirclePlay } from 'lucide-react';
import type { RegistryStatus } from '#chaincode/model/registry.ts';
import { Button } from '#components/ui/Button.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { InstitutionView } from '#server/registry/schema.ts';
import { useChange } from './useChange.ts';

const text = t.registry.decisions;

/** What the authority can decide about an institution now. */
export function InstitutionDecisions({ institution: { id, name, status } }: { institution: InstitutionView }) {
  const { change, busy, problem } = useChange();
  if (status !== 'active' && status !== 'suspended') return null;
  const set = (next: RegistryStatus) => () =>
    void change({ kind: 'setInstitutionStatus', institution: id, status: next }, { [id]: name });
  return (
    <div className="mb-3 space-y-3">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">{text.institutionActions}</legend>
        {status === 'active' ? (
          <Button size="sm" icon={CirclePause} disabled={busy} onClick={set('suspended')}>
            {text.suspend}
          </Button>
        ) : (
          <Button size="sm" icon={CirclePlay} disabled={busy} onClick={set('active')}>
            {text.restore}
          </Button>
        )}
        <Button size="sm" look="danger" icon={Ban} disabled={busy} onClick={set('revoked')}>
          {text.revoke}
        </Button>
      </fieldset>
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}
