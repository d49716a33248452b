import {
  buildAllergy,
  buildDocument,
  buildImmunization,
  buildMedicine,
  buildProblem,
  buildProcedure,
  buildVisit,
} from '#fhir/build.ts';
import { pendingElement } from '#fhir/import/files.ts';
import type { DemonstrationPatient } from '../people.ts';
import { atc, Chart, loinc, type RecordDraft, type Setting, snomed } from './document.ts';
import { letter } from './drawing.ts';

/** Tomasz Nowak, 1951: a heart attack some years ago, and kidneys that are watched. */
export function nowakRecord(setting: Setting, details: DemonstrationPatient): RecordDraft[] {
  const chart = new Chart(setting, 'tomasz.nowak@mail.example', 'amara.weiss@lakeside.example');
  chart.document('clinical', 'clinical', [
    chart.person(details, 1100),
    buildProblem(chart.said('infarction', 1100), {
      ...{ code: snomed('22298006', 'Myocardial infarction'), status: 'inactive', onset: chart.day(2300) },
      note: 'Front wall; stent on the same day.',
    }),
    buildProblem(chart.said('coronary', 1100), {
      ...{ code: snomed('53741008', 'Coronary arteriosclerosis'), status: 'active', onset: chart.day(2300) },
    }),
    buildProblem(chart.said('kidney', 640), {
      ...{ code: snomed('433144002', 'Chronic kidney disease stage 3'), status: 'active', onset: chart.day(640) },
    }),
    buildProcedure(chart.said('stent', 1100), {
      ...{
        code: snomed('36969009', 'Placement of stent in coronary artery'),
        at: chart.day(2300),
        outcome: 'Successful',
      },
    }),
    buildProcedure(chart.said('cataract', 410), {
      ...{ code: snomed('110473004', 'Cataract surgery'), at: chart.day(420), note: 'Right eye.' },
    }),
    buildAllergy(chart.said('contrast', 1100), {
      ...{ code: { text: 'Iodinated contrast medium' }, category: 'medication', severe: true },
      reaction: 'Drop of blood pressure within minutes',
    }),
    buildImmunization(chart.said('pneumococcus', 380), {
      ...{
        code: atc('J07AL02', 'Pneumococcal conjugate vaccine'),
        at: chart.day(380),
        dose: 1,
        disease: 'Pneumococcal disease',
      },
    }),
    ...[26, 208, 390, 572].map((daysAgo, index) =>
      buildVisit(chart.said(`visit-${index}`, daysAgo), {
        ...{
          type: snomed('185349003', 'Encounter for check up'),
          kind: 'AMB',
          from: chart.at(daysAgo),
          reason: 'Heart and kidneys',
        },
        place: 'Lakeside Hospital',
      }),
    ),
  ]);
  chart.document('medication', 'medication', [
    buildMedicine(chart.said('aspirin', 1100), {
      ...{ code: atc('B01AC06', 'Acetylsalicylic acid 100 mg tablet'), status: 'active', from: chart.day(2300) },
      dose: 'Take 1 tablet by mouth once a day.',
    }),
    buildMedicine(chart.said('atorvastatin', 1100), {
      ...{ code: atc('C10AA05', 'Atorvastatin 40 mg tablet'), status: 'active', from: chart.day(2290) },
      dose: 'Take 1 tablet by mouth in the evening.',
    }),
    buildMedicine(chart.said('bisoprolol', 1100), {
      ...{ code: atc('C07AB07', 'Bisoprolol 2.5 mg tablet'), status: 'active', from: chart.day(2290) },
      dose: 'Take 1 tablet by mouth once a day.',
    }),
  ]);
  const often = { every: 91, lastDaysAgo: 26 };
  chart.document('results', 'results', [
    ...chart.series('creatinine', [98, 101, 104, 103, 108, 112, 110, 117, 121, 119, 124, 126, 129], often),
    ...chart.series('egfr', [66, 64, 62, 62, 59, 57, 58, 54, 52, 53, 50, 49, 48], often),
    ...chart.series('potassium', [4.4, 4.5, 4.6, 4.5, 4.7, 4.9, 4.8, 5.0, 5.3, 4.9, 5.0, 5.1, 5.2], often),
    ...chart.series('ldl', [2.1, null, 1.9, null, 1.8, null, 1.7, null, 1.6, null, 1.7, null, 1.6], often),
    ...chart.series(
      'haemoglobin',
      [13.8, null, 13.5, null, 13.4, null, 13.1, null, 12.8, null, 12.4, null, 12.1],
      often,
    ),
    ...chart.pressures(
      [
        [138, 82],
        [136, 80],
        [134, 78],
        [139, 80],
        [131, 76],
        [128, 74],
        [133, 77],
        [130, 75],
      ],
      often,
    ),
  ]);
  const plan = {
    title: 'Kidney clinic.pdf',
    contentType: 'application/pdf',
    content: letter('Lakeside Hospital: kidney clinic', [
      'Tomasz Nowak, born 23 November 1951.',
      'The kidneys filter less each year. No contrast medium with iodine: see allergies.',
      'No ibuprofen or similar medicines against pain; paracetamol is fine.',
      'Next control in three months with potassium.',
    ]),
  };
  chart.document(
    'kidney-letter',
    'documents',
    [
      buildDocument(chart.said('kidney-letter', 26), {
        ...{ type: loinc('11488-4', 'Consultation note'), title: 'Plan of the kidney clinic' },
        files: [pendingElement(0, plan)],
      }),
    ],
    [plan],
  );
  return chart.drafts;
}
