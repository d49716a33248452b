import type { Metadata } from 'next';
import { NewKeysForm } from '#components/reenrolment/NewKeysForm.tsx';
import { t } from '#messages/en.ts';

const text = t.reenrolment;
export const metadata: Metadata = { title: text.title, robots: { index: false } };

export default function NewKeysPage() {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-12"
    >
      <div className="w-full max-w-[36rem] rounded-xl border border-line bg-surface p-6 sm:p-8">
        <h1 className="mb-3 text-xl font-bold tracking-tight">{text.title}</h1>
        <NewKeysForm />
      </div>
    </main>
  );
}
