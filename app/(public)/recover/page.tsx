import type { Metadata } from 'next';
import { Losses } from '#components/session/Losses.tsx';
import { RecoverForm } from '#components/session/RecoverForm.tsx';
import { t } from '#messages/en.ts';

export const metadata: Metadata = { title: t.public.recover.title, robots: { index: false } };

export default function RecoverPage() {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-16"
    >
      <div className="w-full max-w-[30rem] rounded-xl border border-line bg-surface p-6 sm:p-8">
        <h1 className="mb-3 text-xl font-bold tracking-tight">{t.public.recover.title}</h1>
        <Losses />
        <RecoverForm />
      </div>
    </main>
  );
}
