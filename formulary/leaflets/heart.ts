import type { Leaflet } from './leaflet.ts';

/** Leaflets of medicines for heart, circulation and blood. */
export const heart: readonly Leaflet[] = [
  {
    atc: 'B01AF02',
    does: 'Apixaban makes the blood clot less easily. It protects from strokes and from clots in legs and lungs.',
    taking: [
      'Take it twice a day, about 12 hours apart, with or without food.',
      'Do not run out of it and do not stop by yourself: the protection is gone within a day.',
      'Forgotten? Take it as soon as you notice, then go on as usual. Never take two doses at once.',
    ],
    common: ['Bruises, nosebleeds, bleeding gums, heavier periods.'],
    tell: [
      'Before an operation or a visit to the dentist.',
      'Before you take painkillers such as ibuprofen or aspirin.',
      'If you are pregnant or breast-feeding.',
    ],
    urgent: ['Bleeding that does not stop, black or bloody stools, a blow to the head, sudden severe headache.'],
  },
  {
    atc: 'C07AB07',
    does: 'Bisoprolol slows the heart and lowers the blood pressure, so that the heart has less work.',
    taking: [
      'Take it in the morning, swallowed with water.',
      'Do not stop suddenly: the dose is lowered step by step.',
    ],
    common: ['Tiredness, cold hands and feet, dizziness in the first weeks.'],
    tell: ['If you have asthma, or diabetes: it can hide the signs of low blood sugar.', 'If your pulse is below 50.'],
    urgent: ['Fainting, shortness of breath that gets worse, wheezing.'],
  },
  {
    atc: 'C08CA01',
    does: 'Amlodipine widens the blood vessels. That lowers the blood pressure and helps against tightness in the chest.',
    taking: ['Take it once a day at the same time, with or without food.', 'Much grapefruit can make it stronger.'],
    common: ['Swollen ankles, flushing, headache, mostly in the first weeks.'],
    tell: ['If the swelling of your ankles bothers you.', 'If you also take simvastatin.'],
    urgent: ['Chest pain that is new or gets worse, fainting.'],
  },
  {
    atc: 'C09AA05',
    does: 'Ramipril lowers the blood pressure and takes load off heart and kidneys.',
    taking: ['Take it once a day at the same time.', 'Stand up slowly in the first days.'],
    common: ['A dry cough, dizziness, tiredness.'],
    tell: [
      'If you are pregnant or want to be: it can harm the child.',
      'If you vomit or have diarrhoea for more than a day.',
      'Before you take ibuprofen or salt substitutes with potassium.',
    ],
    urgent: ['Swelling of lips, tongue or face, trouble breathing.'],
  },
  {
    atc: 'C10AA05',
    does: 'Atorvastatin lowers cholesterol. That protects from heart attacks and strokes.',
    taking: ['Take it once a day, at any time, but always the same.', 'Avoid large amounts of grapefruit juice.'],
    common: ['Mild muscle ache, an upset stomach, headache.'],
    tell: ['If your muscles hurt or are weak without a reason.', 'If you are pregnant or want to be.'],
    urgent: ['Strong muscle pain with dark urine, yellow skin or eyes.'],
  },
];
