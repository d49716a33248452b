import {
  buildAllergy,
  buildDocument,
  buildFinding,
  buildImmunization,
  buildMedicine,
  buildProblem,
  buildProcedure,
  buildReport,
  buildVisit,
} from '#fhir/build.ts';
import { pendingElement } from '#fhir/import/files.ts';
import type { DemonstrationPatient } from '../people.ts';
import { atc, Chart, icd10, loinc, type RecordDraft, type Setting, snomed } from './document.ts';
import { heartStrip, letter } from './drawing.ts';

/** Jonas Lind, 1968: diabetes and blood pressure, three years of controls that get better, and a hard winter. */
export function lindRecord(setting: Setting, details: DemonstrationPatient): RecordDraft[] {
  const chart = new Chart(setting, 'jonas.lind@mail.example', 'amara.weiss@lakeside.example');
  const place = 'Lakeside Hospital';
  const visits = Array.from({ length: 7 }, (_, index) => 12 + index * 182).map((daysAgo, index) =>
    buildVisit(chart.said(`visit-${index}`, daysAgo), {
      ...{
        type: snomed('185349003', 'Encounter for check up'),
        kind: 'AMB',
        from: chart.at(daysAgo),
        to: chart.at(daysAgo, 10),
      },
      ...{ reason: 'Diabetes control', place },
    }),
  );
  chart.document('clinical', 'clinical', [
    chart.person(details, 1110),
    buildProblem(chart.said('diabetes', 1110), {
      ...{ code: snomed('44054006', 'Type 2 diabetes mellitus'), status: 'active', onset: chart.day(1116) },
      note: 'Diet first; metformin since diagnosis.',
    }),
    buildProblem(chart.said('hypertension', 1110), {
      ...{ code: snomed('59621000', 'Essential hypertension'), status: 'active', onset: chart.day(2400) },
    }),
    buildProblem(chart.said('lipids', 900), {
      ...{ code: snomed('55822004', 'Hyperlipidaemia'), status: 'active', onset: chart.day(900) },
    }),
    buildProblem(chart.said('appendicitis', 1110), {
      ...{ code: snomed('74400008', 'Appendicitis'), status: 'resolved', onset: '1983-10', ended: '1983-11' },
    }),
    buildProcedure(chart.said('appendectomy', 1110), { code: snomed('80146002', 'Appendectomy'), at: '1983-10' }),
    buildAllergy(chart.said('penicillin', 1110), {
      ...{ code: snomed('91936005', 'Allergy to penicillin'), category: 'medication', severe: true },
      ...{ reaction: 'Hives and swelling of the face', onset: '1991' },
    }),
    buildAllergy(chart.said('pollen', 1110), {
      ...{ code: snomed('418689008', 'Allergy to grass pollen'), category: 'environment', severe: false },
      reaction: 'Runny nose in June',
    }),
    buildImmunization(chart.said('tetanus', 700), {
      ...{
        code: atc('J07AM51', 'Tetanus and diphtheria vaccine'),
        at: chart.day(700),
        lot: 'TD-4471',
        disease: 'Tetanus',
      },
      dose: 1,
    }),
    ...[40, 405, 770].map((daysAgo, index) =>
      buildImmunization(chart.said(`influenza-${index}`, daysAgo), {
        ...{ code: atc('J07BB02', 'Influenza vaccine'), at: chart.day(daysAgo), lot: `FLU-${60 - index}`, dose: 1 },
        disease: 'Influenza',
      }),
    ),
    buildFinding(chart.said('smoking', 1110), {
      ...{ code: loinc('72166-2', 'Tobacco smoking status'), value: 'Former smoker, since 2009', at: chart.day(1110) },
      kind: 'social-history',
    }),
    ...visits,
  ]);
  chart.document('medication', 'medication', [
    buildMedicine(chart.said('metformin', 1110), {
      ...{ code: atc('A10BA02', 'Metformin 500 mg tablet'), status: 'active', from: chart.day(1110) },
      ...{ dose: 'Take 1 tablet by mouth every 12 hours, with meals.', reason: 'Type 2 diabetes' },
    }),
    buildMedicine(chart.said('ramipril', 1110), {
      ...{ code: atc('C09AA05', 'Ramipril 5 mg tablet'), status: 'active', from: chart.day(2390) },
      ...{ dose: 'Take 1 tablet by mouth once a day.', reason: 'Hypertension' },
    }),
    buildMedicine(chart.said('atorvastatin', 720), {
      ...{
        code: atc('C10AA05', 'Atorvastatin 20 mg tablet'),
        status: 'stopped',
        from: chart.day(900),
        until: chart.day(720),
      },
      ...{ dose: 'Take 1 tablet by mouth in the evening.', reason: 'Muscle pain; diet instead' },
    }),
  ]);
  const years = [
    ...chart.series('hba1c', [68, 65, 61, 60, 57, 58, 56, 55, 55, 53, 54, 52, 52]),
    ...chart.series('glucose', [9.4, null, 8.1, null, 7.6, null, 7.2, null, 7.4, null, 6.9, null, 6.8]),
    ...chart.series('creatinine', [84, 86, 85, 88, 87, 90, 89, 88, 92, 90, 93, 91, 92]),
    ...chart.series('egfr', [88, 86, 87, 84, 85, 82, 83, 84, 80, 82, 79, 81, 80]),
    ...chart.series('potassium', [4.2, 4.4, 4.3, 4.6, 4.5, 4.8, 4.7, 5.2, 4.9, 4.8, 4.6, 4.7, 4.8]),
    ...chart.series('ldl', [null, 3.9, null, 3.6, null, 2.4, null, 3.3, null, 3.1, null, 2.9, null]),
    ...chart.series('weight', [96, 95, 93, 92.5, 91, 90.5, 90, 89, 89.5, 88, 88, 87.5, 87]),
    ...chart.pressures([
      ...([
        [158, 94],
        [152, 92],
        [149, 90],
        [146, 91],
        [144, 88],
        [141, 87],
        [138, 86],
      ] as const),
      ...([
        [142, 88],
        [136, 84],
        [134, 85],
        [135, 83],
        [131, 82],
        [132, 81],
      ] as const),
    ]),
  ];
  chart.document('results', 'results', years);
  const strip = { title: 'ECG at rest.png', contentType: 'image/png', content: heartStrip() };
  chart.document(
    'ecg',
    'results',
    [
      buildReport(chart.said('ecg', 194), {
        ...{ code: loinc('11524-6', 'Electrocardiogram'), at: chart.at(194, 10) },
        conclusion: 'Sinus rhythm, 71 beats a minute. No signs of ischaemia. Left axis as before.',
        files: [pendingElement(0, strip)],
      }),
    ],
    [strip],
  );
  const discharge = {
    title: 'Discharge letter.pdf',
    contentType: 'application/pdf',
    content: letter('Lakeside Hospital: discharge letter', [
      `Jonas Lind, born 14 March 1968. In hospital from ${chart.day(559)} to ${chart.day(556)}.`,
      'Diagnosis: pneumonia of the right lower lobe, acquired at home.',
      'Treated with doxycycline because of the allergy to penicillin; no fever from the second day on.',
      'Medicines on leaving: metformin 500 mg twice a day, ramipril 5 mg in the morning.',
      'Please repeat the chest X-ray in six weeks and potassium in two.',
      'Dr Amara Weiss, Internal medicine',
    ]),
  };
  chart.document(
    'discharge',
    'documents',
    [
      buildDocument(chart.said('discharge', 556), {
        ...{ type: loinc('18842-5', 'Discharge summary'), title: 'Discharge letter after pneumonia' },
        files: [pendingElement(0, discharge)],
      }),
    ],
    [discharge],
  );
  chart.by('samuel.adeyemi@hillcrest.example').document('mental', 'mental', [
    buildProblem(chart.said('depression', 820, 'mental'), {
      ...{
        code: icd10('F32.1', 'Moderate depressive episode'),
        status: 'remission',
        onset: chart.day(830),
        ended: chart.day(480),
      },
      note: 'After the death of his brother. Talks every second week until spring.',
    }),
    ...[820, 740, 640, 480].map((daysAgo, index) =>
      buildFinding(chart.said(`phq9-${index}`, daysAgo, 'mental'), {
        ...{
          code: loinc('44261-6', 'PHQ-9 total score'),
          value: `${[16, 12, 8, 3][index]} of 27`,
          at: chart.day(daysAgo),
        },
        kind: 'survey',
      }),
    ),
  ]);
  return chart.drafts;
}
