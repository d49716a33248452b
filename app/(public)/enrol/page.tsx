import type { Metadata } from 'next';
import { EnrolForm } from '#components/enrolment/EnrolForm.tsx';
import { t } from '#messages/en.ts';

export const metadata: Metadata = { title: t.public.enrol.title, robots: { index: false } };

export default function EnrolPage() {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-12"
    >
      <div className="w-full max-w-[36rem] rounded-xl border border-line bg-surface p-6 sm:p-8">
        <EnrolForm />
      </div>
    </main>
  );
}
