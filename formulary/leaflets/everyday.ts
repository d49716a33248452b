import type { Leaflet } from './leaflet.ts';

/** Leaflets of medicines for stomach, sugar, thyroid, pain, breath and mind. */
export const everyday: readonly Leaflet[] = [
  {
    atc: 'A02BC01',
    does: 'Omeprazole makes the stomach produce less acid, so that heartburn and ulcers heal.',
    taking: ['Take it before breakfast. Swallow it whole.', 'It takes some days to work fully.'],
    common: ['Headache, stomach ache, loose or hard stools.'],
    tell: ['If you take clopidogrel.', 'If you still need it after some weeks: long use wants a check.'],
    urgent: ['Vomiting blood, black stools, trouble swallowing, losing weight without a reason.'],
  },
  {
    atc: 'A10BA02',
    does: 'Metformin lowers the blood sugar. It helps your body use its own insulin better.',
    taking: ['Take it with or after a meal.', 'Swallow prolonged-release tablets whole.'],
    common: ['Nausea, diarrhoea, a metallic taste, mostly in the first two weeks.'],
    tell: [
      'If you vomit, have diarrhoea or drink too little: pause it and call.',
      'Before an X-ray with contrast, or an operation.',
      'If your kidneys have become worse.',
    ],
    urgent: ['Deep fast breathing, cramps, great weakness, feeling very cold: it may be lactic acidosis.'],
  },
  {
    atc: 'H03AA01',
    does: 'Levothyroxine replaces the hormone that your thyroid makes too little of.',
    taking: [
      'Take it in the morning on an empty stomach with water, half an hour before breakfast and coffee.',
      'Leave four hours between it and iron, calcium or remedies against heartburn.',
      'Take the same brand where you can; a blood test shows whether the dose fits.',
    ],
    common: ['None at the right dose. Too much makes the heart race, sweat and sleep badly.'],
    tell: ['If you are pregnant: you may need more.', 'If your heart races or you lose weight.'],
    urgent: ['Chest pain, a very fast or uneven heartbeat.'],
  },
  {
    atc: 'M01AE01',
    does: 'Ibuprofen eases pain, swelling and fever.',
    taking: [
      'Take it with food, as little and as short as helps.',
      'Not together with aspirin, naproxen or diclofenac.',
    ],
    common: ['Heartburn, stomach ache, nausea.'],
    tell: [
      'If you have had a stomach ulcer, or have heart or kidney disease.',
      'If you take a medicine against clots or for blood pressure.',
      'If you are pregnant: not from the 20th week on.',
    ],
    urgent: ['Black stools, vomiting blood, chest pain, swelling of the face, wheezing.'],
  },
  {
    atc: 'N02AX02',
    does: 'Tramadol eases strong pain. It is an opioid.',
    taking: [
      'As little and as short as helps. Never more than prescribed, and never with alcohol.',
      'Do not drive or use machines while it makes you sleepy or dizzy.',
      'Keep it where nobody else can take it; bring what is left back to the pharmacy.',
    ],
    common: ['Nausea, dizziness, sleepiness, constipation, sweating.'],
    tell: [
      'If you take a medicine for mood, sleep or epilepsy.',
      'If you have had seizures, or your kidneys or liver are ill.',
      'If you are pregnant or breast-feeding.',
      'After some weeks do not stop it at once: ask how.',
    ],
    urgent: ['Slow or shallow breathing, someone who cannot be woken, a seizure, great unrest with fever.'],
  },
  {
    atc: 'N02BE01',
    does: 'Paracetamol eases pain and fever.',
    taking: [
      'At least four hours between doses, and never more than prescribed.',
      'Remedies for colds often contain it too: count them in.',
    ],
    common: ['None in the prescribed dose, as a rule.'],
    tell: ['If you have liver disease, weigh less than 50 kg, or drink alcohol every day.'],
    urgent: ['Too much taken, even if you feel well: get help at once, hours count.'],
  },
  {
    atc: 'N02CC01',
    does: 'Sumatriptan narrows the blood vessels of the head and stops a migraine attack.',
    taking: [
      'Take it as soon as the headache begins. It does not prevent attacks.',
      'If it comes back, take another after two hours at the earliest; if the first did nothing, do not repeat it.',
    ],
    common: ['Tingling, warmth, heaviness, dizziness, tiredness.'],
    tell: ['If you have heart disease, or high blood pressure.', 'If you need it on more than nine days a month.'],
    urgent: ['Pressure or pain in chest or throat, weakness of one side, trouble speaking.'],
  },
  {
    atc: 'N06AB06',
    does: 'Sertraline helps against depression and anxiety. It takes two to six weeks to be felt.',
    taking: ['Take it once a day at the same time.', 'Do not stop suddenly: the dose is lowered step by step.'],
    common: ['Nausea, loose stools, headache, restless sleep, less desire; the first usually pass.'],
    tell: ['If you take other medicines for the mind, for migraine or against clots.', 'If you are pregnant.'],
    urgent: ['Thoughts of harming yourself, fever with stiffness and confusion, seizures.'],
  },
  {
    atc: 'R03AC02',
    does: 'Salbutamol opens the airways within minutes. It eases breathlessness and does not treat its cause.',
    taking: ['Shake, breathe out, press while you breathe in slowly, hold your breath for ten seconds.'],
    common: ['Trembling hands, a fast heartbeat, headache.'],
    tell: ['If you need it more than two days a week: your asthma is not under control.'],
    urgent: ['If it does not help, or helps for less than four hours: get help at once.'],
  },
  {
    atc: 'R06AE07',
    does: 'Cetirizine eases hay fever, hives and itching.',
    taking: ['Take it once a day, best in the evening.'],
    common: ['Tiredness, a dry mouth. Do not drive if it makes you sleepy.'],
    tell: ['If you have kidney disease: you may need half.'],
    urgent: ['Swelling of the face or throat, trouble breathing.'],
  },
];
