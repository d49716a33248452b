'use client';

import { LogOut, MonitorSmartphone } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { endOtherSession } from '#server/session/actions.ts';
import type { SessionView } from '#server/session/schema.ts';

const text = t.keys.sessions;

/** Browsers in which the person is signed in, each with the way to sign out there. */
export function SessionPanel({ sessions }: { sessions: SessionView[] }) {
  const router = useRouter();
  const [ending, setEnding] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const end = async (id: string) => {
    setProblem(null);
    setEnding(id);
    try {
      expectData(await endOtherSession({ id }));
      toast.success(text.done);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setEnding(null);
      router.refresh();
    }
  };

  return (
    <Panel labelledBy="sessions">
      <PanelHead id="sessions" title={text.title} icon={MonitorSmartphone} />
      <ul className="divide-y divide-line border-y border-line">
        {sessions.map(({ id, method, since, until, own }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
            <div className="min-w-0 flex-1 basis-44">
              <p className="text-sm font-semibold">{text.by[method]}</p>
              <p className="text-sm text-ink-3">
                <Time value={since} /> · {text.until} <Time value={until} />
              </p>
            </div>
            {own ? (
              <Pill tone="brand">{text.own}</Pill>
            ) : (
              <Button
                size="sm"
                look="quiet"
                icon={LogOut}
                busy={ending === id}
                disabled={ending !== null}
                onClick={() => void end(id)}
              >
                {text.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {problem && (
        <div className="mt-3">
          <ProblemNotice problem={problem} />
        </div>
      )}
    </Panel>
  );
}
