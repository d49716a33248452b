import { buildAllergy, buildFinding, buildImmunization, buildMedicine, buildProblem, buildVisit } from '#fhir/build.ts';
import type { DemonstrationPatient } from '../people.ts';
import { atc, Chart, icd10, loinc, type RecordDraft, type Setting, snomed } from './document.ts';

/** Sam Rivera, 2001: short and young, and most of what matters is shared with few. */
export function riveraRecord(setting: Setting, details: DemonstrationPatient): RecordDraft[] {
  const chart = new Chart(setting, 'sam.rivera@mail.example', 'samuel.adeyemi@hillcrest.example');
  chart.document('clinical', 'clinical', [
    chart.person(details, 300),
    buildAllergy(chart.said('peanut', 300), {
      ...{ code: snomed('91935009', 'Allergy to peanut'), category: 'food', severe: true, onset: '2006' },
      reaction: 'Anaphylaxis; carries an adrenaline pen',
    }),
    buildImmunization(chart.said('covid', 300), {
      ...{ code: atc('J07BN01', 'COVID-19 mRNA vaccine'), at: chart.day(640), dose: 3, disease: 'COVID-19' },
    }),
    buildVisit(chart.said('visit', 60), {
      ...{
        type: snomed('185349003', 'Encounter for check up'),
        kind: 'AMB',
        from: chart.at(60),
        place: 'Hillcrest Clinic',
      },
    }),
  ]);
  chart.document('results', 'results', [
    ...chart.series('tsh', [1.9, 2.1], { every: 240, lastDaysAgo: 60 }),
    ...chart.series('ferritin', [22, 41], { every: 240, lastDaysAgo: 60 }),
    ...chart.series('haemoglobin', [13.1, 13.6], { every: 240, lastDaysAgo: 60 }),
  ]);
  chart.document('mental', 'mental', [
    buildProblem(chart.said('anxiety', 300, 'mental'), {
      ...{ code: icd10('F41.1', 'Generalised anxiety disorder'), status: 'active', onset: chart.day(420) },
    }),
    buildMedicine(chart.said('sertraline', 290, 'mental'), {
      ...{ code: atc('N06AB06', 'Sertraline 50 mg tablet'), status: 'active', from: chart.day(290) },
      dose: 'Take 1 tablet by mouth once a day, in the morning.',
    }),
    ...[300, 200, 60].map((daysAgo, index) =>
      buildFinding(chart.said(`gad7-${index}`, daysAgo, 'mental'), {
        ...{
          code: loinc('70274-6', 'GAD-7 total score'),
          value: `${[15, 10, 6][index]} of 21`,
          at: chart.day(daysAgo),
        },
        kind: 'survey',
      }),
    ),
  ]);
  return chart.drafts;
}
