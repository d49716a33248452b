import type { RuleSource, Severity } from '#fhir/safety.ts';

/** Two groups of medicines that do something to each other, in either order. */
export interface Interaction {
  id: string;
  /** ATC codes, or beginnings of them. */
  one: readonly string[];
  other: readonly string[];
  severity: Severity;
  /** What happens, and what to do. */
  explanation: string;
  source: RuleSource;
}

export const interaction = (
  id: string,
  one: readonly string[],
  other: readonly string[],
  severity: Severity,
  explanation: string,
  source: RuleSource,
): Interaction => ({ id, one, other, severity, explanation, source });

/** Groups that several rows name. */
export const groups = {
  nsaids: ['M01A'],
  ssris: ['N06AB'],
  snris: ['N06AX16', 'N06AX21'],
  tricyclics: ['N06AA'],
  maois: ['N06AF', 'N06AG', 'N04BD', 'J01XX08'],
  opioids: ['N02A', 'N07BC02', 'R05DA04'],
  benzodiazepines: ['N05BA', 'N05CD', 'N05CF', 'N03AE01'],
  gabapentinoids: ['N02BF'],
  triptans: ['N02CC'],
  raas: ['C09A', 'C09B', 'C09C', 'C09D'],
  potassiumSparing: ['C03DA', 'C03DB'],
  thiazides: ['C03AA', 'C03BA'],
  loops: ['C03CA'],
  doacs: ['B01AE07', 'B01AF'],
  antiplatelets: ['B01AC04', 'B01AC06', 'B01AC24'],
  macrolideInhibitors: ['J01FA01', 'J01FA09'],
  azoles: ['J02AC', 'J02AB02'],
  nitrates: ['C01DA', 'C01DX16'],
  pde5: ['G04BE03', 'G04BE08', 'G04BE09', 'G04BE10'],
  betaBlockers: ['C07'],
  rateLimiting: ['C08DA01', 'C08DB01'],
  sulfonylureas: ['A10BB'],
  hormonal: ['G03AA', 'G03AB', 'G03AC'],
  inducers: ['J04AB02', 'N03AF01', 'N03AB02', 'N03AA02', 'N06AX25'],
  /** CredibleMeds, known risk of torsades de pointes, as far as the formulary has them. */
  qt: [
    ...['C01BD01', 'A04AA01', 'J01FA01', 'J01FA09', 'J01FA10', 'J01MA02', 'J01MA12', 'J01MA14', 'J02AC01'],
    ...['N05AD01', 'N07BC02', 'N06DA02', 'P01BA02', 'C07AA07'],
  ],
  /** Of the same list, those whose product information forbids others of it. */
  qtAlone: ['N06AB04', 'N06AB10', 'A03FA03'],
} as const;
