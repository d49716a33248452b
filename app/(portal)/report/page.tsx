import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { ReportScreen } from '#components/adverseEvents/ReportScreen.tsx';
import { homeOf } from '#components/shell/navigation.ts';
import { Page } from '#components/shell/Page.tsx';
import { t } from '#messages/en.ts';
import { ownReports } from '#server/adverseEvents/queries.ts';
import { readActor } from '#server/people/queries.ts';
import { findRecord } from '#server/records/queries.ts';

const { title } = t.adverseEvents.form;
export const metadata: Metadata = { title };

/** For patients, doctors and pharmacists; `?medicine=&batch=&serial=` fill the form, `?patient=` names whom it happened to. */
export default async function ReportPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = await readActor();
  if (actor === null) redirect('/sign-in');
  const reports = await (actor.role === 'patient' || actor.role === 'doctor' || actor.role === 'pharmacist'
    ? ownReports(actor)
    : redirect(homeOf(actor.role)));
  const asked = await searchParams;
  const given = (name: 'medicine' | 'batch' | 'serial') => {
    const value = asked[name];
    return typeof value === 'string' ? { [name]: value.slice(0, 200) } : {};
  };
  const named = patientPseudonym.safeParse(asked.patient);
  const patient =
    actor.role === 'patient'
      ? { pseudonym: actor.subjectId, name: actor.name }
      : named.success
        ? { pseudonym: named.data, name: (await findRecord(actor, { pseudonym: named.data }))?.name ?? named.data }
        : undefined;
  return (
    <Page title={title} width="reading">
      <ReportScreen
        {...(patient !== undefined && { patient })}
        recorder={actor.name}
        start={{ ...given('medicine'), ...given('batch'), ...given('serial') }}
        reports={reports}
      />
    </Page>
  );
}
