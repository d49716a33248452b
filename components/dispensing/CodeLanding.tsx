'use client';

import { LogIn, Pill, ShieldCheck, Store } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { LinkButton } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { parseQrFragment } from '#crypto/accessCode.ts';
import { t } from '#messages/en.ts';

const text = t.public.rx;

/** Where a scanned code leads. The fragment stays in this page: it is read here and sent nowhere. */
export function CodeLanding({ pharmacist }: { pharmacist: boolean }) {
  const router = useRouter();
  const [state, setState] = useState<'reading' | 'good' | 'malformed'>('reading');

  useEffect(() => {
    const { hash } = window.location;
    try {
      parseQrFragment(hash);
    } catch {
      return setState('malformed');
    }
    setState('good');
    // A move within the page: the fragment goes with it and is sent to no server.
    if (pharmacist) router.replace(`/pharmacy${hash}`);
  }, [pharmacist, router]);

  if (state === 'malformed') {
    return (
      <>
        <h1 className="mb-4 text-xl font-bold tracking-tight">{text.title}</h1>
        <Notice tone="danger" title={text.malformed.title} live="alert">
          <p>{text.malformed.body}</p>
          <p>{text.malformed.next}</p>
        </Notice>
      </>
    );
  }
  if (pharmacist) return <p role="status">{text.opening}</p>;
  return (
    <div className="space-y-4">
      <h1 className="text-xl font-bold tracking-tight">{text.title}</h1>
      <p>{text.body}</p>
      <ul className="space-y-3 border-y border-line py-4 text-sm">
        {[
          { icon: Pill, words: text.patient },
          { icon: Store, words: text.pharmacist },
          { icon: ShieldCheck, words: text.private },
        ].map(({ icon: Icon, words }) => (
          <li key={words} className="flex gap-3">
            <Icon size={19} aria-hidden className="mt-0.5 shrink-0 text-brand" />
            {words}
          </li>
        ))}
      </ul>
      <LinkButton href="/sign-in" icon={LogIn}>
        {t.public.signIn.title}
      </LinkButton>
    </div>
  );
}
