'use client';

import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** Names and values, one a row. */
export function Facts({ rows }: { rows: { name: string; value: ReactNode; copy?: string }[] }) {
  return (
    <dl className="divide-y divide-line border-y border-line">
      {rows.map((row) => (
        <div key={row.name} className="grid gap-x-4 gap-y-0.5 py-2.5 sm:grid-cols-[9rem_1fr]">
          <dt className="text-sm text-ink-3">{row.name}</dt>
          <dd className="flex min-w-0 items-start gap-2 text-sm">
            <span className="min-w-0 flex-1 break-words">{row.value}</span>
            {row.copy && <CopyButton text={row.copy} name={row.name} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function CopyButton({ text, name }: { text: string; name: string }) {
  const [copied, setCopied] = useState(false);
  const Icon = copied ? Check : Copy;
  const label = `Copy ${name}`;
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
      className="-my-1 inline-flex size-7 shrink-0 items-center justify-center rounded-sm text-ink-2 hover:bg-sunken"
    >
      <Icon size={15} aria-hidden />
    </button>
  );
}

/** A hash, address or id: monospaced, breaks anywhere. */
export function Hash({ children }: { children: string }) {
  return <span className="font-mono text-xs break-all">{children}</span>;
}
