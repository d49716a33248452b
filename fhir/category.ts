import type { Category } from '#chaincode/model/category.ts';
import type { CodeableConcept, Coding } from './r4/datatypes.ts';
import type { RecordResource } from './r4/resource.ts';

/** The code system of Medloom's own categories, where HL7 has no sensitivity code for them. */
export const categorySystem = 'urn:medloom:category';
export const actCodeSystem = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** HL7 v3 ActCode, `_InformationSensitivityPolicy`, by the category that they ask for; the first of each is the one written. */
export const sensitivityCodes = {
  mental: ['MH', 'PSY', 'BH', 'PSYTHPN'],
  substance: ['SUD', 'ETH', 'ETHUD', 'ALC', 'OPIOIDUD'],
  sexual: ['SEX', 'STD', 'SDV', 'REPRO'],
  hiv: ['HIV'],
  genetic: ['GDIS'],
} as const satisfies Partial<Record<Category, readonly string[]>>;
type Sensitive = keyof typeof sensitivityCodes;

/** Where a resource asks for several: what is named first here is shared most rarely. */
const mostGuarded: readonly Sensitive[] = ['hiv', 'genetic', 'sexual', 'substance', 'mental'];

/**
 * Codes that are sensitive by themselves, so that a resource without a label is not filed among what is shared lightly.
 * Prefixes of ICD-10 (WHO and CM), and single codes of LOINC and SNOMED CT; a floor, and no replacement for labels.
 */
const sensitiveByCode: Record<Sensitive, { icd: RegExp; codes: ReadonlySet<string> }> = {
  hiv: {
    icd: /^(?:B2[0-4]|Z21|R75|O98\.7)/,
    codes: new Set([
      ...['86406008', '165816005', '62479008', '186706006', '91947003'],
      ...['20447-9', '25836-8', '7917-8', '56888-1', '75622-1', '29893-5', '5017-9', '48345-3', '24467-3'],
    ]),
  },
  genetic: {
    icd: /^(?:Z1[45]|Z31\.[45])/,
    codes: new Set(['51969-4', '81247-9', '21636-6', '412734009', '412738006']),
  },
  sexual: {
    icd: /^(?:A5[0-9]|A6[0-4]|T74\.2|T76\.2|Z20\.2|Z11\.3|Z30|Z33\.2|O0[4-7]|Z64\.0)/,
    codes: new Set(['15628003', '76272004', '240589008', '8098009', '20507-0', '24111-7', '43304-5', '21613-5']),
  },
  substance: {
    icd: /^(?:F1[0-689]|Z71\.[45]|Z72\.[12]|Z50\.[23]|K70)/,
    codes: new Set(['7200002', '66214007', '191816009', '75544000', '5602001', '361055000', '75626-2', '82667-7']),
  },
  mental: {
    icd: /^F[2-6][0-9]/,
    codes: new Set([
      ...[
        '35489007',
        '370143000',
        '36923009',
        '13746004',
        '58214004',
        '197480006',
        '21897009',
        '47505003',
        '231504006',
      ],
      ...['44261-6', '69737-5', '70274-6', '44249-1', '55758-7'],
    ]),
  },
};
const isIcd = (system: string | undefined) => system !== undefined && /icd-?10/i.test(system);

/**
 * The category that a resource belongs to: by its security labels, then by codes that are sensitive by themselves, then by its
 * type. A resource has one category; where labels name several, the most guarded.
 */
export function categoryOf(resource: RecordResource): Category {
  const labels = securityLabels(resource);
  const labelled = mostGuarded.find((category) => labels.some((label) => isLabelOf(label, category)));
  if (labelled) return labelled;
  const own = labels.find(({ system, code }) => system === categorySystem && isOrdinary(code))?.code;
  if (own !== undefined && isOrdinary(own)) return own;
  const codes = mainConcepts(resource).flatMap((concept) => concept.coding ?? []);
  return mostGuarded.find((category) => codes.some((coding) => isOf(coding, category))) ?? categoryOfType(resource);
}

const ordinary = ['summary', 'clinical', 'medication', 'results', 'documents'] as const satisfies readonly Category[];
const isOrdinary = (code: string | undefined): code is (typeof ordinary)[number] =>
  ordinary.some((one) => one === code);

const isLabelOf = ({ system, code }: Coding, category: Sensitive) =>
  (system === categorySystem && code === category) ||
  // Labels are also met under the older URI of the code system, and without any.
  ((system === undefined || /ActCode$/.test(system)) && sensitivityCodes[category].some((known) => known === code));

const isOf = ({ system, code }: Coding, category: Sensitive) => {
  const { icd, codes } = sensitiveByCode[category];
  return code !== undefined && (isIcd(system) ? icd.test(code) : codes.has(code));
};

function securityLabels(resource: RecordResource): Coding[] {
  const own = resource.resourceType === 'DocumentReference' ? resource.securityLabel : undefined;
  return [...(resource.meta?.security ?? []), ...(own ?? []).flatMap((label) => label.coding ?? [])];
}

/** What a resource is about: its code, its reasons, and what it was found with. */
function mainConcepts(resource: RecordResource): CodeableConcept[] {
  const given = (...concepts: (CodeableConcept | readonly CodeableConcept[] | undefined)[]) =>
    concepts.flatMap((concept) => concept ?? []);
  switch (resource.resourceType) {
    case 'Observation':
      return given(resource.code, resource.valueCodeableConcept, resource.category);
    case 'AllergyIntolerance':
      return given(resource.code);
    case 'Condition':
      return given(resource.code);
    case 'Procedure':
      return given(resource.code, resource.reasonCode);
    case 'DiagnosticReport':
      return given(resource.code, resource.conclusionCode);
    case 'Encounter':
      return given(resource.type, resource.reasonCode);
    case 'DocumentReference':
      return given(resource.type);
    case 'MedicationStatement':
    case 'MedicationRequest':
      return given(resource.reasonCode);
    case 'Immunization':
      return given(resource.reasonCode);
    case 'Patient':
      return [];
  }
}

/** HL7 v2 table 0074, diagnostic service section. */
const geneticsService = 'GE';

function categoryOfType(resource: RecordResource): Category {
  switch (resource.resourceType) {
    case 'MedicationStatement':
    case 'MedicationRequest':
      return 'medication';
    case 'DocumentReference':
      return 'documents';
    case 'Observation':
      return hasCategory(resource.category, 'social-history') ? 'clinical' : 'results';
    case 'DiagnosticReport':
      return hasCategory(resource.category, geneticsService) ? 'genetic' : 'results';
    default:
      return 'clinical';
  }
}
const hasCategory = (concepts: readonly CodeableConcept[] | undefined, code: string) =>
  concepts?.some((concept) => concept.coding?.some((coding) => coding.code === code)) ?? false;

/** The label that a resource of a category carries, so that another system files it alike. */
export function labelOf(category: Category): Coding {
  const known = Object.entries(sensitivityCodes).find(([name]) => name === category)?.[1][0];
  return known === undefined ? { system: categorySystem, code: category } : { system: actCodeSystem, code: known };
}

/** The category that a label asks for; undefined where Medloom has none for it. */
export function categoryOfLabel(label: Coding): Category | undefined {
  const sensitive = mostGuarded.find((category) => isLabelOf(label, category));
  if (sensitive) return sensitive;
  return label.system === categorySystem && isOrdinary(label.code) ? label.code : undefined;
}
