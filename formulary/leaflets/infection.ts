import type { Leaflet } from './leaflet.ts';

/** Leaflets of medicines against infections. */
export const infection: readonly Leaflet[] = [
  {
    atc: 'J01AA02',
    does: 'Doxycycline is an antibiotic: it stops bacteria from growing. It does not help against viruses.',
    taking: [
      'Swallow it upright with a full glass of water, and do not lie down for half an hour.',
      'Leave two hours between it and milk, iron, calcium or remedies against heartburn.',
      'Take it to the end, even when you feel better.',
    ],
    common: ['Nausea, diarrhoea, a rash after sun: protect your skin.'],
    tell: ['If you are pregnant or breast-feeding.', 'If swallowing hurts.'],
    urgent: ['Strong headache with blurred vision, severe rash, swelling of the face, bloody diarrhoea.'],
  },
  {
    atc: 'J01CA04',
    does: 'Amoxicillin is an antibiotic of the penicillins: it kills bacteria. It does not help against viruses.',
    taking: ['Space the doses evenly over the day.', 'Take it to the end, even when you feel better.'],
    common: ['Loose stools, nausea, a mild rash, thrush.'],
    tell: ['If you ever had a reaction to penicillin: do not take it.', 'If you are no better after three days.'],
    urgent: ['Hives, swelling of face or throat, trouble breathing, bloody or heavy diarrhoea.'],
  },
  {
    atc: 'J01FA10',
    does: 'Azithromycin is an antibiotic: it stops bacteria from growing. It works on for days after the last tablet.',
    taking: ['Take it once a day, with or without food.', 'Take all of it, even when you feel better.'],
    common: ['Loose stools, nausea, stomach ache.'],
    tell: ['If you have a heart rhythm problem, or take medicines for one.', 'If you take a medicine against clots.'],
    urgent: ['Fainting or a racing heart, swelling of the face, yellow skin or eyes, heavy diarrhoea.'],
  },
];
