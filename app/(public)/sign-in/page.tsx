import type { Metadata } from 'next';
import { SignInForm } from '#components/session/SignInForm.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';

export const metadata: Metadata = { title: t.public.signIn.title };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ ended?: string }> }) {
  const { ended } = await searchParams;
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-16"
    >
      <div className="w-full max-w-[26rem] rounded-xl border border-line bg-surface p-6 sm:p-8">
        <h1 className="mb-5 text-xl font-bold tracking-tight">{t.public.signIn.title}</h1>
        {ended !== undefined && (
          <div className="mb-4">
            <Notice tone="info" title={t.public.signIn.ended}>
              <p>{t.public.signIn.endedBody}</p>
            </Notice>
          </div>
        )}
        <SignInForm />
      </div>
    </main>
  );
}
