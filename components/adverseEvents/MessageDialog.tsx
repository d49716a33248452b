'use client';

import { Send } from 'lucide-react';
import { useSigned } from '#components/signing/useSigned.ts';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import type { MessageIntent } from '#components/vault/reportOperations.ts';
import { composeReportMessage } from '#components/vault/reports.ts';
import { t } from '#messages/en.ts';
import type { ReportView } from '#server/adverseEvents/schema.ts';

const text = t.adverseEvents.report;
const titles: Record<MessageIntent['kind'], string> = {
  'reports:ask': text.askTitle,
  'reports:answer': text.answerTitle,
  'reports:assess': text.assessTitle,
};

/** A message of a report: written, encrypted and signed. `institution`: the authority, for its staff. */
export function MessageDialog({
  kind,
  report,
  institution,
  onSent,
  onClose,
}: {
  kind: MessageIntent['kind'];
  report: ReportView;
  institution: string | undefined;
  onSent: () => void;
  onClose: () => void;
}) {
  const signed = useSigned();
  return (
    <ReasonDialog
      title={titles[kind]}
      label={text.message}
      {...(kind === 'reports:assess' && { hint: text.assessHint })}
      action={text.send}
      look="primary"
      icon={Send}
      onReason={async (words) => {
        await signed(await composeReportMessage(kind, report, words, institution));
        onSent();
      }}
      onClose={onClose}
    />
  );
}
