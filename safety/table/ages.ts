import type { RuleSource, Severity } from '#fhir/safety.ts';
import { ema, fda, smpc } from './sources.ts';

/** A medicine that is not for children below an age. */
export interface AgeLimit {
  id: string;
  atc: readonly string[];
  /** In years: below it the row speaks. */
  below: number;
  severity: Severity;
  explanation: string;
  source: RuleSource;
}

const row = (
  id: string,
  atc: readonly string[],
  below: number,
  severity: Severity,
  explanation: string,
  source: RuleSource,
): AgeLimit => ({ id: `age-${id}`, atc, below, severity, explanation, source });

export const ageLimits: readonly AgeLimit[] = [
  row(
    'aspirin',
    ['B01AC06', 'N02BA'],
    16,
    'contraindicated',
    'Reye’s syndrome: liver and brain fail.',
    smpc('aspirin', '4.3'),
  ),
  row(
    'codeine',
    ['R05DA04'],
    12,
    'contraindicated',
    'Some children turn codeine into much morphine: breathing stops.',
    ema('Codeine for pain and cough in children'),
  ),
  row(
    'tramadol',
    ['N02AX02'],
    12,
    'contraindicated',
    'Some children turn it into its active form too fast: breathing stops.',
    fda('tramadol', 'Boxed warning'),
  ),
  row(
    'tetracycline',
    ['J01AA'],
    8,
    'contraindicated',
    'Teeth stay stained, and bones grow less.',
    smpc('doxycycline', '4.3'),
  ),
  row(
    'quinolone',
    ['J01MA'],
    18,
    'serious',
    'Joints may be harmed; only for severe infections, by a specialist.',
    smpc('ciprofloxacin', '4.4'),
  ),
  row(
    'metoclopramide',
    ['A03FA01'],
    1,
    'contraindicated',
    'Cramps of the muscles, and the blood carries no oxygen.',
    smpc('metoclopramide', '4.3'),
  ),
  row(
    'metoclopramide-young',
    ['A03FA01'],
    18,
    'moderate',
    'Below 18 only as second choice, at most 0.5 mg/kg a day and five days: cramps of the muscles.',
    ema('Metoclopramide'),
  ),
  row(
    'domperidone',
    ['A03FA03'],
    12,
    'serious',
    'Not authorised below 12 years or 35 kg: no effect shown, and the heart.',
    ema('Domperidone'),
  ),
  row('promethazine', ['R06AD02'], 2, 'contraindicated', 'Breathing may stop.', fda('promethazine', 'Boxed warning')),
  row(
    'loperamide',
    ['A07DA03'],
    4,
    'contraindicated',
    'The gut may stop, and the brain is not protected yet.',
    smpc('loperamide', '4.3'),
  ),
  row(
    'isotretinoin',
    ['D10BA01'],
    12,
    'contraindicated',
    'Not for children before puberty.',
    smpc('isotretinoin', '4.2'),
  ),
  row(
    'etoricoxib',
    ['M01AH'],
    16,
    'contraindicated',
    'Not for children and adolescents below 16.',
    smpc('etoricoxib', '4.3'),
  ),
  row(
    'diclofenac',
    ['M01AB05', 'M01AC06'],
    12,
    'serious',
    'These strengths are not for children.',
    smpc('diclofenac', '4.2'),
  ),
  row(
    'ibuprofen',
    ['M01AE01'],
    0.25,
    'contraindicated',
    'Not below three months or 5 kg.',
    smpc('ibuprofen suspension', '4.2'),
  ),
  row(
    'venlafaxine',
    ['N06AX16', 'N06AX21', 'N06AX11', 'N06AB05'],
    18,
    'serious',
    'Suicidal thoughts and hostility are more frequent.',
    smpc('venlafaxine', '4.4'),
  ),
  row(
    'ssri',
    ['N06AB04', 'N06AB10', 'N06AB06'],
    18,
    'serious',
    'Suicidal thoughts are more frequent; sertraline is for obsessive-compulsive disorder only.',
    smpc('sertraline', '4.4'),
  ),
  row('fluoxetine', ['N06AB03'], 8, 'serious', 'Not below eight years.', smpc('fluoxetine', '4.2')),
  row('zdrugs', ['N05CF'], 18, 'serious', 'Not for children and adolescents.', smpc('zopiclone', '4.3')),
  row('methylphenidate', ['N06BA'], 6, 'serious', 'Not below six years.', smpc('methylphenidate', '4.2')),
  row('pde5', ['G04BE'], 18, 'contraindicated', 'Not for children in this use.', smpc('sildenafil', '4.2')),
  row('varenicline', ['N07BA03'], 18, 'serious', 'Not for adolescents.', smpc('varenicline', '4.2')),
  row('statin', ['C10AA'], 10, 'serious', 'Not below ten years (rosuvastatin six).', smpc('atorvastatin', '4.2')),
  row(
    'valproate-young',
    ['N03AG01'],
    2,
    'serious',
    'The liver may fail in children below three, most with other antiepileptics.',
    smpc('valproate', '4.4'),
  ),
  row('ivermectin', ['P02CF01'], 5, 'serious', 'Safety below 15 kg is not established.', smpc('ivermectin', '4.2')),
  row(
    'chloramphenicol',
    ['S01AA01'],
    0.08,
    'serious',
    'Grey baby syndrome is described with chloramphenicol in the newborn.',
    smpc('chloramphenicol eye drops', '4.4'),
  ),
];
