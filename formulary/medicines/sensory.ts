import { type Medicine, medicine } from '../product.ts';

/** ATC main group S: sensory organs. */
export const sensory: readonly Medicine[] = [
  medicine('S01AA01', 'chloramphenicol', ['MP-44010', 'eye drops', '5 mg/mL', [10]]),
  medicine('S01AE03', 'ciprofloxacin', ['MP-44020', 'eye drops', '3 mg/mL', [5]]),
  medicine('S01BA01', 'dexamethasone', ['MP-44030', 'eye drops', '1 mg/mL', [5]]),
  medicine('S01BA04', 'prednisolone', ['MP-44040', 'eye drops', '10 mg/mL', [5, 10]]),
  medicine('S01EA05', 'brimonidine', ['MP-44050', 'eye drops', '2 mg/mL', [5]]),
  medicine('S01EC03', 'dorzolamide', ['MP-44060', 'eye drops', '20 mg/mL', [5]]),
  medicine('S01ED01', 'timolol', ['MP-44070', 'eye drops', '5 mg/mL', [5]]),
  medicine('S01EE01', 'latanoprost', ['MP-44080', 'eye drops', '50 micrograms/mL', [2.5]]),
  medicine('S01FA01', 'atropine', ['MP-44090', 'eye drops', '10 mg/mL', [10]]),
  medicine('S01GX09', 'olopatadine', ['MP-44100', 'eye drops', '1 mg/mL', [5]]),
  medicine('S01KA02', 'hypromellose', ['MP-44110', 'eye drops', '3 mg/mL', [10]]),
  medicine('S02AA15', 'ciprofloxacin', ['MP-44120', 'ear drops', '3 mg/mL', [5]]),
];
