import type { Metadata } from 'next';
import { CodeLanding } from '#components/dispensing/CodeLanding.tsx';
import { t } from '#messages/en.ts';
import { readActor } from '#server/people/queries.ts';

export const metadata: Metadata = { title: t.public.rx.title, robots: { index: false } };

export default async function RxPage() {
  const actor = await readActor();
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-16"
    >
      <div className="w-full max-w-[34rem] rounded-xl border border-line bg-surface p-6 sm:p-8">
        <CodeLanding pharmacist={actor?.role === 'pharmacist'} />
      </div>
    </main>
  );
}
