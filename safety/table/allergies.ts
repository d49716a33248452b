import type { RuleSource, Severity } from '#fhir/safety.ts';
import { bnf, smpc } from './sources.ts';

/** A group of substances to which somebody is allergic as a whole. */
export interface AllergyGroup {
  id: string;
  /** In a sentence: “allergic to penicillins”. */
  name: string;
  /** Beginnings of words by which a record names it or one of its substances, lower case without diacritics. */
  words: readonly string[];
  /** SNOMED CT codes. */
  snomed?: readonly string[];
  /** ATC groups that belong to it; may be empty of what only a cross-reaction leads to. */
  atc: readonly string[];
  source: RuleSource;
  /** What may cross-react, in the order in which it is looked at. */
  cross?: readonly CrossReaction[];
}

export interface CrossReaction {
  id: string;
  atc: readonly string[];
  severity: Severity;
  explanation: string;
  source: RuleSource;
}

export const allergyGroups: readonly AllergyGroup[] = [
  {
    ...{ id: 'penicillins', name: 'penicillins', snomed: ['91936005', '294505008'], atc: ['J01C'] },
    words: [
      'penicillin',
      'amoxicillin',
      'amoxycillin',
      'ampicillin',
      'flucloxacillin',
      'piperacillin',
      'co-amoxiclav',
      'benzylpenicillin',
      'phenoxymethylpenicillin',
      'penizillin',
    ],
    source: smpc('amoxicillin', '4.3'),
    cross: [
      {
        ...{ id: 'penicillins-cefalexin', atc: ['J01DB'], severity: 'serious' },
        explanation:
          'First-generation cephalosporins share side chains with aminopenicillins: cross-reaction is likelier than with later ones. Do not give after an immediate reaction to a penicillin.',
        source: smpc('cefalexin', '4.4'),
      },
      {
        ...{ id: 'penicillins-cephalosporins', atc: ['J01DC', 'J01DD', 'J01DE'], severity: 'moderate' },
        explanation:
          'Between 0.5 and 6.5 % of people who are allergic to penicillins react to cephalosporins as well. Avoid after an immediate reaction.',
        source: bnf('Cephalosporins, allergy and cross-sensitivity'),
      },
    ],
  },
  {
    ...{ id: 'cephalosporins', name: 'cephalosporins', atc: ['J01DB', 'J01DC', 'J01DD', 'J01DE'] },
    words: [
      'cephalosporin',
      'cefalosporin',
      'cefalexin',
      'cephalexin',
      'cefuroxim',
      'ceftriaxon',
      'cefixim',
      'cefazolin',
      'cefaclor',
    ],
    source: smpc('cefuroxime', '4.3'),
    cross: [
      {
        ...{ id: 'cephalosporins-penicillins', atc: ['J01C'], severity: 'serious' },
        explanation:
          'Penicillins and cephalosporins share a beta-lactam ring: cross-reactions happen, and are severe after an immediate reaction.',
        source: smpc('amoxicillin', '4.3'),
      },
    ],
  },
  {
    ...{ id: 'sulfonamides', name: 'sulfonamide antibiotics', atc: ['J01EC', 'J01EE'] },
    words: ['sulfonamid', 'sulphonamid', 'sulfa', 'sulfamethoxazol', 'co-trimoxazol', 'cotrimoxazol', 'sulfadiazin'],
    source: smpc('co-trimoxazole', '4.3'),
    cross: [
      {
        ...{ id: 'sulfonamides-celecoxib', atc: ['M01AH01'], severity: 'contraindicated' },
        explanation: 'Celecoxib is contraindicated in known hypersensitivity to sulfonamides.',
        source: smpc('celecoxib', '4.3'),
      },
      {
        ...{ id: 'sulfonamides-others', atc: ['C03AA', 'C03BA', 'C03CA', 'S01EC', 'A07EC01'], severity: 'moderate' },
        explanation:
          'It is a sulfonamide too. Cross-reaction with sulfonamide antibiotics is rare, but named in its product information.',
        source: smpc('furosemide', '4.3'),
      },
    ],
  },
  {
    ...{
      id: 'nsaids',
      name: 'aspirin or other anti-inflammatory pain killers',
      snomed: ['293586001'],
      atc: ['M01A', 'B01AC06', 'N02BA'],
    },
    words: [
      'nsaid',
      'aspirin',
      'acetylsalicyl',
      'ibuprofen',
      'diclofenac',
      'naproxen',
      'meloxicam',
      'celecoxib',
      'etoricoxib',
      'ketoprofen',
      'indometacin',
      'piroxicam',
      'salicylat',
    ],
    source: smpc('ibuprofen', '4.3'),
    cross: [
      {
        ...{ id: 'nsaids-topical', atc: ['M02AA'], severity: 'serious' },
        explanation:
          'Enough is taken up through the skin to set off asthma or hives in somebody who reacts to anti-inflammatory pain killers.',
        source: smpc('diclofenac gel', '4.3'),
      },
    ],
  },
  {
    id: 'macrolides',
    name: 'macrolides',
    words: ['macrolid', 'erythromycin', 'clarithromycin', 'azithromycin', 'roxithromycin'],
    atc: ['J01FA'],
    source: smpc('clarithromycin', '4.3'),
  },
  {
    id: 'fluoroquinolones',
    name: 'fluoroquinolones',
    words: ['quinolon', 'fluoroquinolon', 'ciprofloxacin', 'levofloxacin', 'moxifloxacin', 'ofloxacin'],
    atc: ['J01MA', 'S01AE', 'S02AA15'],
    source: smpc('ciprofloxacin', '4.3'),
  },
  {
    id: 'tetracyclines',
    name: 'tetracyclines',
    words: ['tetracyclin', 'doxycyclin', 'minocyclin', 'oxytetracyclin'],
    atc: ['J01AA'],
    source: smpc('doxycycline', '4.3'),
  },
  {
    id: 'lincosamides',
    name: 'lincosamides',
    words: ['clindamycin', 'lincomycin', 'lincosamid'],
    atc: ['J01FF'],
    source: smpc('clindamycin', '4.3'),
  },
  {
    id: 'trimethoprim',
    name: 'trimethoprim',
    words: ['trimethoprim', 'co-trimoxazol', 'cotrimoxazol'],
    atc: ['J01EA', 'J01EE'],
    source: smpc('trimethoprim', '4.3'),
  },
  {
    id: 'nitroimidazoles',
    name: 'nitroimidazoles',
    words: ['metronidazol', 'tinidazol', 'nitroimidazol'],
    atc: ['P01AB'],
    source: smpc('metronidazole', '4.3'),
  },
  {
    id: 'azoles',
    name: 'azole antifungals',
    words: ['fluconazol', 'itraconazol', 'clotrimazol', 'miconazol', 'ketoconazol', 'azole antifungal'],
    atc: ['J02AC', 'J02AB', 'D01AC', 'G01AF'],
    source: smpc('fluconazole', '4.3'),
  },
  {
    ...{
      id: 'opiates',
      name: 'morphine and related opioids',
      words: ['morphin', 'codein', 'oxycodon', 'opiat', 'opioid'],
      atc: ['N02AA', 'R05DA'],
    },
    source: smpc('morphine', '4.3'),
    cross: [
      {
        ...{ id: 'opiates-others', atc: ['N02AB', 'N02AE', 'N02AX', 'N07BC02'], severity: 'moderate' },
        explanation: 'Another class of opioid: cross-reaction is rare, but watch for it with the first dose.',
        source: bnf('Opioid analgesics'),
      },
    ],
  },
  {
    id: 'statins',
    name: 'statins',
    words: ['statin', 'simvastatin', 'atorvastatin', 'rosuvastatin', 'pravastatin'],
    atc: ['C10AA'],
    source: smpc('atorvastatin', '4.3'),
  },
  {
    ...{
      id: 'ace-inhibitors',
      name: 'ACE inhibitors',
      words: ['ace inhibitor', 'ace-inhibitor', 'ramipril', 'lisinopril', 'enalapril', 'perindopril', 'captopril'],
      atc: ['C09A', 'C09B'],
    },
    source: smpc('ramipril', '4.3'),
    cross: [
      {
        ...{ id: 'ace-inhibitors-sacubitril', atc: ['C09DX04'], severity: 'contraindicated' },
        explanation: 'Sacubitril with valsartan is contraindicated after angioedema with an ACE inhibitor.',
        source: smpc('sacubitril with valsartan', '4.3'),
      },
      {
        ...{ id: 'ace-inhibitors-sartans', atc: ['C09C', 'C09D'], severity: 'moderate' },
        explanation:
          'After angioedema with an ACE inhibitor, angioedema happens with angiotensin receptor blockers too, though rarely.',
        source: smpc('losartan', '4.4'),
      },
    ],
  },
  {
    id: 'heparins',
    name: 'heparins',
    words: ['heparin', 'enoxaparin', 'dalteparin', 'tinzaparin'],
    atc: ['B01AB'],
    source: smpc('enoxaparin', '4.3'),
  },
  {
    id: 'corticosteroids',
    name: 'corticosteroids',
    words: ['corticosteroid', 'prednisolon', 'hydrocortison', 'dexamethason', 'methylprednisolon', 'budesonid'],
    atc: ['H02AB', 'D07', 'S01BA', 'R03BA', 'R01AD'],
    source: smpc('prednisolone', '4.3'),
  },
  {
    ...{
      id: 'aromatic-anticonvulsants',
      name: 'carbamazepine or phenytoin',
      words: ['carbamazepin', 'oxcarbazepin', 'phenytoin', 'phenobarbital'],
      atc: ['N03AF', 'N03AB', 'N03AA'],
    },
    source: smpc('carbamazepine', '4.3'),
    cross: [
      {
        ...{ id: 'aromatic-anticonvulsants-lamotrigine', atc: ['N03AX09'], severity: 'serious' },
        explanation:
          'The risk of a rash with lamotrigine is about three times higher after an allergy or rash with another antiepileptic.',
        source: smpc('lamotrigine', '4.4'),
      },
    ],
  },
  {
    id: 'benzodiazepines',
    name: 'benzodiazepines',
    words: ['benzodiazepin', 'diazepam', 'lorazepam', 'clonazepam'],
    atc: ['N05BA', 'N05CD', 'N03AE01'],
    source: smpc('diazepam', '4.3'),
  },
  {
    id: 'proton-pump-inhibitors',
    name: 'proton pump inhibitors',
    words: ['proton pump', 'omeprazol', 'pantoprazol', 'lansoprazol', 'esomeprazol'],
    atc: ['A02BC'],
    source: smpc('omeprazole', '4.3'),
  },
  {
    id: 'phenothiazines',
    name: 'phenothiazines',
    words: ['phenothiazin', 'promethazin', 'chlorpromazin'],
    atc: ['R06AD', 'N05AA', 'N05AB'],
    source: smpc('promethazine', '4.3'),
  },
  {
    id: 'piperazine-antihistamines',
    name: 'cetirizine or hydroxyzine',
    words: ['cetirizin', 'levocetirizin', 'hydroxyzin'],
    atc: ['R06AE'],
    source: smpc('cetirizine', '4.3'),
  },
  {
    id: 'triptans',
    name: 'triptans',
    words: ['triptan', 'sumatriptan', 'zolmitriptan'],
    atc: ['N02CC'],
    source: smpc('sumatriptan', '4.3'),
  },
  {
    id: 'bisphosphonates',
    name: 'bisphosphonates',
    words: ['bisphosphonat', 'alendron', 'risedron'],
    atc: ['M05BA'],
    source: smpc('alendronic acid', '4.3'),
  },
  {
    ...{ id: 'iodine', name: 'iodine', words: ['iodine', 'iodid', 'iodinated'], atc: [] },
    source: smpc('amiodarone', '4.3'),
    cross: [
      {
        ...{ id: 'iodine-amiodarone', atc: ['C01BD01'], severity: 'contraindicated' },
        explanation: 'Amiodarone contains iodine and is contraindicated in hypersensitivity to it.',
        source: smpc('amiodarone', '4.3'),
      },
    ],
  },
  {
    ...{
      id: 'peanut-soya',
      name: 'peanut or soya',
      words: ['peanut', 'soya', 'soy ', 'arachis'],
      snomed: ['91935009'],
      atc: [],
    },
    source: smpc('isotretinoin', '4.3'),
    cross: [
      {
        ...{ id: 'peanut-soya-capsules', atc: ['D10BA01', 'G03DA04'], severity: 'contraindicated' },
        explanation:
          'The capsules contain soya lecithin or soya-bean oil and are contraindicated in allergy to peanut or soya. Check the excipients of the product at hand.',
        source: smpc('isotretinoin', '4.3'),
      },
    ],
  },
];

/** Words and codes that say that somebody has no allergy. */
export const noneKnown = {
  words: ['no known', 'none known', 'nkda', 'no drug allerg', 'no allerg', 'keine allergie', 'keine bekannt'],
  snomed: ['716186003', '409137002'],
};

/** What nobody prescribes: allergies that concern no medicine, by beginnings of words. */
export const notMedicines: readonly string[] = [
  ...[
    'pollen',
    'grass',
    'birch',
    'hazel',
    'ragweed',
    'dust',
    'mite',
    'mould',
    'mold',
    'cat ',
    'dog ',
    'horse',
    'animal',
  ],
  ...['wasp', 'bee ', 'bee-', 'hornet', 'insect', 'nut', 'hazelnut', 'walnut', 'cashew', 'almond', 'shellfish', 'fish'],
  ...[
    'milk',
    'lactose',
    'wheat',
    'gluten',
    'strawberr',
    'apple',
    'kiwi',
    'nickel',
    'perfume',
    'latex',
    'sesame',
    'mustard',
  ],
  ...['celery', 'egg', 'hay fever'],
];
