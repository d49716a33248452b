'use client';

import { Check, Copy, Link2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { Invitation } from '#server/registry/schema.ts';

const text = t.registry.invitation;

/** A link with which somebody makes keys. Its token stands in the fragment, which browsers send to nobody. */
export function InvitationLink({
  invitation: { token, expiresAt },
  hint,
  page = '/enrol',
}: {
  invitation: Invitation;
  hint: string;
  /** Where the keys are made. */
  page?: '/enrol' | '/new-keys';
}) {
  const [copied, setCopied] = useState(false);
  const link = `${window.location.origin}${page}#${token}`;
  return (
    <div className="space-y-3">
      <TextField label={text.label} mono readOnly value={link} hint={hint} onFocus={(event) => event.target.select()} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="flex items-center gap-2 text-sm text-ink-2">
          <Link2 size={16} aria-hidden />
          {text.until(formatDateTime(expiresAt))}
        </p>
        <Button
          size="sm"
          icon={copied ? Check : Copy}
          onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
        >
          {copied ? text.copied : text.copy}
        </Button>
      </div>
    </div>
  );
}
