import type { Metadata } from 'next';
import { JoinForm } from '#components/registry/JoinForm.tsx';
import { t } from '#messages/en.ts';

const text = t.registry.join;
export const metadata: Metadata = { title: text.title };

export default function JoinPage() {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-16"
    >
      <div className="w-full max-w-[34rem] rounded-xl border border-line bg-surface p-6 sm:p-8">
        <h1 className="mb-2 text-xl font-bold tracking-tight">{text.title}</h1>
        <p className="mb-5 text-sm text-ink-2">{text.body}</p>
        <JoinForm />
      </div>
    </main>
  );
}
