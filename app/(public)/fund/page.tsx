import type { Metadata } from 'next';
import { FundReportScreen } from '#components/fund/FundReportScreen.tsx';
import { t } from '#messages/en.ts';
import { fundReport } from '#server/fund/queries.ts';

const { title, report: text } = t.fund;
export const metadata: Metadata = { title };
/** As the chain has it now. */
export const dynamic = 'force-dynamic';

export default async function FundPage() {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="flex flex-1 items-start justify-center px-4 pt-6 pb-12 outline-none sm:pt-12"
    >
      <div className="w-full max-w-[46rem]">
        <h1 className="mb-2 text-2xl font-bold tracking-tight">{title}</h1>
        <p className="mb-6 max-w-[38rem] text-ink-2">{text.lead}</p>
        <FundReportScreen report={await fundReport()} />
      </div>
    </main>
  );
}
