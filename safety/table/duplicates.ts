import type { RuleSource, Severity } from '#fhir/safety.ts';
import { bnf, smpc, whoAtc } from './sources.ts';

/** Medicines of one kind, of which a person takes one. */
export interface DuplicateGroup {
  id: string;
  name: string;
  atc: readonly string[];
  severity: Severity;
  explanation: string;
  source: RuleSource;
}

export const duplicateGroups: readonly DuplicateGroup[] = [
  {
    id: 'anticoagulants',
    name: 'anticoagulants',
    atc: ['B01AA', 'B01AB', 'B01AE', 'B01AF'],
    severity: 'contraindicated',
    explanation: 'Two anticoagulants at once, except while changing from one to the other.',
    source: smpc('apixaban', '4.3'),
  },
  {
    id: 'nsaids',
    name: 'anti-inflammatory pain killers',
    atc: ['M01A'],
    severity: 'serious',
    explanation: 'Two anti-inflammatory pain killers: more harm to stomach and kidneys, no more effect.',
    source: smpc('ibuprofen', '4.4'),
  },
  {
    id: 'opioids',
    name: 'opioids',
    atc: ['N02A', 'N07BC02', 'R05DA04'],
    severity: 'moderate',
    explanation: 'Two opioids: meant where a fast one is for breakthrough pain, else a mistake.',
    source: bnf('Opioid analgesics'),
  },
  {
    id: 'benzodiazepines',
    name: 'benzodiazepines and Z-drugs',
    atc: ['N05BA', 'N05CD', 'N05CF', 'N03AE01'],
    severity: 'serious',
    explanation: 'Two sedatives of the same kind add up.',
    source: bnf('Hypnotics and anxiolytics'),
  },
  {
    id: 'antidepressants',
    name: 'serotonergic antidepressants',
    atc: ['N06AB', 'N06AX16', 'N06AX21'],
    severity: 'serious',
    explanation: 'Two serotonergic antidepressants: serotonin syndrome. Only while changing from one to the other.',
    source: smpc('sertraline', '4.5'),
  },
  {
    id: 'statins',
    name: 'statins',
    atc: ['C10AA'],
    severity: 'serious',
    explanation: 'Two statins: muscle damage, no more effect.',
    source: whoAtc,
  },
  {
    id: 'beta-blockers',
    name: 'beta blockers',
    atc: ['C07'],
    severity: 'serious',
    explanation: 'Two beta blockers: slow heartbeat, no more effect.',
    source: whoAtc,
  },
  {
    id: 'sartans',
    name: 'angiotensin receptor blockers',
    atc: ['C09C', 'C09D'],
    severity: 'serious',
    explanation: 'Two of the same kind: low blood pressure, high potassium.',
    source: whoAtc,
  },
  {
    id: 'ace-inhibitors',
    name: 'ACE inhibitors',
    atc: ['C09A', 'C09B'],
    severity: 'serious',
    explanation: 'Two of the same kind: low blood pressure, high potassium.',
    source: whoAtc,
  },
  {
    id: 'acid-suppressants',
    name: 'proton pump inhibitors',
    atc: ['A02BC'],
    severity: 'moderate',
    explanation: 'Two of the same kind: no more effect.',
    source: whoAtc,
  },
  {
    id: 'triptans',
    name: 'triptans',
    atc: ['N02CC'],
    severity: 'contraindicated',
    explanation: 'Two triptans within 24 hours narrow the vessels of the heart.',
    source: smpc('sumatriptan', '4.3'),
  },
  {
    id: 'gabapentinoids',
    name: 'gabapentinoids',
    atc: ['N02BF'],
    severity: 'serious',
    explanation: 'Two of the same kind: sedation, breathing.',
    source: bnf('Pregabalin'),
  },
  {
    id: 'pde5',
    name: 'PDE5 inhibitors',
    atc: ['G04BE'],
    severity: 'serious',
    explanation: 'Two of the same kind: blood pressure falls.',
    source: smpc('tadalafil', '4.4'),
  },
  {
    id: 'paracetamol',
    name: 'medicines with paracetamol',
    atc: ['N02BE01', 'N02BE51', 'N02AJ'],
    severity: 'serious',
    explanation: 'Paracetamol twice: the liver. Count all that holds it.',
    source: smpc('paracetamol', '4.4'),
  },
  {
    id: 'calcium-channel-blockers',
    name: 'calcium channel blockers',
    atc: ['C08CA'],
    severity: 'serious',
    explanation: 'Two of the same kind: blood pressure falls.',
    source: whoAtc,
  },
  {
    id: 'systemic-steroids',
    name: 'corticosteroids by mouth',
    atc: ['H02AB'],
    severity: 'moderate',
    explanation: 'Two corticosteroids: the doses add up.',
    source: whoAtc,
  },
  {
    id: 'antihistamines',
    name: 'antihistamines',
    atc: ['R06A'],
    severity: 'minor',
    explanation: 'Two antihistamines: sedation, no more effect.',
    source: whoAtc,
  },
  {
    id: 'bisphosphonates',
    name: 'medicines against loss of bone',
    atc: ['M05BA', 'M05BX04'],
    severity: 'serious',
    explanation: 'Two of them: the jaw and the thigh bone suffer, no more effect.',
    source: bnf('Osteoporosis'),
  },
];

/** Groups of the fourth level whose members are meant to be taken together, or one and the same in two forms. */
export const meantTogether: readonly string[] = [
  ...[
    'A10A',
    'A11',
    'A12',
    'B03',
    'D',
    'N03AX',
    'N02AA',
    'N02AB',
    'R03AC',
    'S01',
    'S02',
    'J04A',
    'V03',
    'R05',
    'A06A',
    'N04B',
  ],
];

/** The rows for what needs no list: the same substance, and the same chemical subgroup. */
export const sameSubstance: { id: string; severity: Severity; explanation: string; source: RuleSource } = {
  id: 'same-substance',
  severity: 'serious',
  explanation: 'The patient takes this very substance already. Meant where this continues it or changes its dose.',
  source: whoAtc,
};
export const sameSubgroup: { id: string; severity: Severity; explanation: string; source: RuleSource } = {
  id: 'same-subgroup',
  severity: 'moderate',
  explanation: 'The patient takes a medicine of the same chemical subgroup already.',
  source: whoAtc,
};
