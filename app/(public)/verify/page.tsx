import type { Metadata } from 'next';
import { VerifyScreen } from '#components/verify/VerifyScreen.tsx';
import { t } from '#messages/en.ts';
import { readTokenAddress } from '#server/wallet/queries.ts';

const text = t.verify;
export const metadata: Metadata = { title: text.title };

export default function VerifyPage() {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-12"
    >
      <div className="w-full max-w-[46rem]">
        <h1 className="mb-2 text-2xl font-bold tracking-tight">{text.title}</h1>
        <p className="mb-6 max-w-[38rem] text-ink-2">{text.lead}</p>
        <VerifyScreen tokenAddress={readTokenAddress()} />
      </div>
    </main>
  );
}
