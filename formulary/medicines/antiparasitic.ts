import { type Medicine, medicine } from '../product.ts';

/** ATC main group P: antiparasitic products. */
export const antiparasitic: readonly Medicine[] = [
  medicine('P01AB01', 'metronidazole', ['MP-38010', 'tablet', '400 mg', [21]]),
  medicine('P01BA02', 'hydroxychloroquine', ['MP-38020', 'tablet', '200 mg', [60]]),
  medicine('P01BB51', 'proguanil and atovaquone', ['MP-38030', 'tablet', '100 mg/250 mg', [12]]),
  medicine('P01BF01', 'artemether and lumefantrine', ['MP-38040', 'tablet', '20 mg/120 mg', [24]]),
  medicine('P02CA01', 'mebendazole', ['MP-38050', 'chewable tablet', '100 mg', [6]]),
  medicine('P02CA03', 'albendazole', ['MP-38060', 'tablet', '400 mg', [2]]),
  medicine('P02CF01', 'ivermectin', ['MP-38070', 'tablet', '3 mg', [4]]),
  medicine('P03AC04', 'permethrin', ['MP-38080', 'cream', '50 mg/g', [30]]),
];
