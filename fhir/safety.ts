import { z } from 'zod';
import { dateTime, longText, shortText, systems } from './coding.ts';

/**
 * The clinical check as it travels inside a MedicationRequest: each finding is a contained DetectedIssue
 * (http://hl7.org/fhir/R4/detectedissue.html) that `detectedIssue` refers to, and an extension says which table was asked, what
 * came of it, and what could not be checked.
 */

export const severities = ['contraindicated', 'serious', 'moderate', 'minor'] as const;
export type Severity = (typeof severities)[number];

export const findingKinds = ['allergy', 'interaction', 'duplicate', 'dose', 'kidney', 'pregnancy'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** What a check asks of a patient and of the table. */
export const checkedFacts = [
  ...(['age', 'sex', 'weight', 'kidney', 'pregnancy', 'allergies', 'medicines'] as const),
  /** The dose, against limits that the table may not have. */
  'dose',
  /** The check itself. */
  'check',
] as const;
export type CheckedFact = (typeof checkedFacts)[number];

/** Why something could not be checked. */
export const unknownReasons = [
  ...(['notShared', 'notRecorded', 'failed'] as const),
  /** Recorded so long ago that it may have changed. */
  'outdated',
  /** Recorded in words that the table does not know. */
  'notRecognised',
  /** The table has no rule for this medicine. */
  'noRule',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/**
 * `overridden`: signed although something was found. `incomplete`: nothing was found, but something could not be checked.
 * `clear`: everything was checked, and nothing found.
 */
export const safetyOutcomes = ['clear', 'overridden', 'incomplete'] as const;
export type SafetyOutcome = (typeof safetyOutcomes)[number];

/** Where a rule comes from: a public document and the section of it. */
export interface RuleSource {
  name: string;
  section: string;
  url?: string;
}

export interface RecordedFinding {
  /** Of the table's row. */
  rule: string;
  kind: FindingKind;
  severity: Severity;
  title: string;
  explanation: string;
  source: RuleSource;
  /** What of the patient it was found in: an allergy, another medicine, a value. */
  evidence: string;
  /** Why the prescriber prescribes all the same. */
  override?: string;
}

export interface UnknownFact {
  what: CheckedFact;
  why: UnknownReason;
  /** Parts of the record, an entry that was not recognised, the age of a value. */
  detail?: string;
}

/** What the prescriber answered in place of the record. */
export interface StatedFact {
  what: CheckedFact;
  value: string;
}

/** The part of a series for which a check was made. */
export interface CheckedPart {
  part: number;
  of: number;
  /** ISO 8601 instant from which it can be filled; the patient's age counts at it. */
  from: string;
}

export interface SafetyRecord {
  tableVersion: string;
  outcome: SafetyOutcome;
  /** ISO 8601 instant of the check. */
  at: string;
  /** 16 random bytes, base64url: without it nobody finds the details of the hash on the ledger by trying. */
  salt: string;
  findings: RecordedFinding[];
  unknown: UnknownFact[];
  stated: StatedFact[];
  /** Of a series; absent where a prescription stands alone. */
  part?: CheckedPart;
}

/** Codes of HL7 v3 ActCode for what was found. */
const kindCodes: Record<FindingKind, { code: string; display: string }> = {
  allergy: { code: 'ALGY', display: 'Allergy Alert' },
  interaction: { code: 'DRG', display: 'Drug Interaction Alert' },
  duplicate: { code: 'DUPTHPY', display: 'Duplicate Therapy Alert' },
  dose: { code: 'DOSE', display: 'Dosage problem' },
  kidney: { code: 'DOSECOND', display: 'dosage-condition alert' },
  pregnancy: { code: 'COND', display: 'Condition Alert' },
};
/** FHIR has three severities; ours stands beside it in `code`. */
const fhirSeverity = { contraindicated: 'high', serious: 'high', moderate: 'moderate', minor: 'low' } as const;

/** Of the identifiers of a DetectedIssue. */
export const safetyRuleSystem = 'urn:medloom:safety-rule';
const url = {
  check: 'urn:medloom:safety-check',
  rule: safetyRuleSystem,
  severity: 'urn:medloom:safety-severity',
  source: 'urn:medloom:safety-source',
} as const;

const kindCoding = z.strictObject({
  system: z.literal(systems.actCode),
  code: z.enum(findingKinds.map((kind) => kindCodes[kind].code)),
  display: shortText,
});
const severityCoding = z.strictObject({ system: z.literal(url.severity), code: z.enum(severities) });
const text = <Url extends string>(named: Url) => z.strictObject({ url: z.literal(named), valueString: shortText });

export const detectedIssue = z.strictObject({
  resourceType: z.literal('DetectedIssue'),
  id: z.string().regex(/^issue-\d{1,2}$/),
  extension: z.tuple([
    z.strictObject({ url: z.literal(url.source), extension: z.tuple([text('name'), text('section')]) }),
  ]),
  identifier: z.tuple([z.strictObject({ system: z.literal(url.rule), value: z.string().min(1).max(128) })]),
  status: z.literal('final'),
  code: z.strictObject({ coding: z.tuple([kindCoding, severityCoding]), text: shortText }),
  severity: z.enum(['high', 'moderate', 'low']),
  identifiedDateTime: dateTime,
  evidence: z.tuple([z.strictObject({ code: z.tuple([z.strictObject({ text: longText })]) })]),
  detail: longText,
  reference: z.url().max(300).optional(),
  mitigation: z.tuple([z.strictObject({ action: z.strictObject({ text: longText }), date: dateTime })]).optional(),
});

const code = <Url extends string, const Values extends readonly [string, ...string[]]>(named: Url, values: Values) =>
  z.strictObject({ url: z.literal(named), valueCode: z.enum(values) });

const unknownExtension = z.strictObject({
  url: z.literal('unknown'),
  extension: z.union([
    z.tuple([code('what', checkedFacts), code('why', unknownReasons)]),
    z.tuple([code('what', checkedFacts), code('why', unknownReasons), text('detail')]),
  ]),
});
const statedExtension = z.strictObject({
  url: z.literal('stated'),
  extension: z.tuple([code('what', checkedFacts), text('value')]),
});
const partNumber = z.int().min(1).max(12);
const partExtension = z.strictObject({
  url: z.literal('part'),
  extension: z.tuple([
    z.strictObject({ url: z.literal('number'), valueInteger: partNumber }),
    z.strictObject({ url: z.literal('of'), valueInteger: partNumber }),
    z.strictObject({ url: z.literal('from'), valueDateTime: dateTime }),
  ]),
});
export const safetyExtension = z.strictObject({
  url: z.literal(url.check),
  extension: z
    .tuple([
      text('tableVersion'),
      code('outcome', safetyOutcomes),
      z.strictObject({ url: z.literal('checkedAt'), valueDateTime: dateTime }),
      z.strictObject({ url: z.literal('salt'), valueString: z.string().regex(/^[A-Za-z0-9_-]{22}$/) }),
    ])
    .rest(z.union([unknownExtension, statedExtension, partExtension])),
});

/** So many findings a prescription carries at most; the check itself keeps the worst. */
export const mostFindings = 40;
const mostUnknown = 40;

const cut = (words: string, most: number) => (words.length <= most ? words : `${words.slice(0, most - 1)}…`);

function issueOf(finding: RecordedFinding, index: number, at: string): z.input<typeof detectedIssue> {
  const { kind, severity, source, override } = finding;
  return {
    resourceType: 'DetectedIssue',
    id: `issue-${index + 1}`,
    extension: [
      {
        url: url.source,
        extension: [
          { url: 'name', valueString: source.name },
          { url: 'section', valueString: source.section },
        ],
      },
    ],
    identifier: [{ system: url.rule, value: finding.rule }],
    status: 'final',
    code: {
      coding: [
        { system: systems.actCode, ...kindCodes[kind] },
        { system: url.severity, code: severity },
      ],
      text: finding.title,
    },
    severity: fhirSeverity[severity],
    identifiedDateTime: at,
    evidence: [{ code: [{ text: finding.evidence }] }],
    detail: finding.explanation,
    ...(source.url !== undefined && { reference: source.url }),
    ...(override !== undefined && { mitigation: [{ action: { text: override }, date: at }] }),
  };
}

/** The members that a check adds to a MedicationRequest; nothing where none was made. */
export function safetyMembers(safety: SafetyRecord | undefined) {
  if (safety === undefined) return { issues: [] };
  const { at, findings } = safety;
  const issues = findings.slice(0, mostFindings).map((finding, index) => issueOf(finding, index, at));
  const unknown = safety.unknown.slice(0, mostUnknown).map(({ what, why, detail }) => ({
    url: 'unknown' as const,
    extension: [
      { url: 'what', valueCode: what },
      { url: 'why', valueCode: why },
      ...(detail === undefined ? [] : [{ url: 'detail', valueString: cut(detail, 200) }]),
    ],
  }));
  const stated = safety.stated.map(({ what, value }) => ({
    url: 'stated' as const,
    extension: [
      { url: 'what', valueCode: what },
      { url: 'value', valueString: cut(value, 200) },
    ],
  }));
  const { part } = safety;
  const series = part && {
    url: 'part' as const,
    extension: [
      { url: 'number', valueInteger: part.part },
      { url: 'of', valueInteger: part.of },
      { url: 'from', valueDateTime: part.from },
    ],
  };
  return {
    issues,
    extension: {
      url: url.check,
      extension: [
        { url: 'tableVersion', valueString: safety.tableVersion },
        { url: 'outcome', valueCode: safety.outcome },
        { url: 'checkedAt', valueDateTime: at },
        { url: 'salt', valueString: safety.salt },
        ...unknown,
        ...stated,
        ...(series === undefined ? [] : [series]),
      ],
    },
  };
}

const kindOf = (written: string): FindingKind => {
  const found = findingKinds.find((kind) => kindCodes[kind].code === written);
  if (found === undefined) throw new TypeError(written);
  return found;
};

function findingOf(issue: z.output<typeof detectedIssue>): RecordedFinding {
  const [[kind, severity], [source]] = [issue.code.coding, issue.extension];
  const [name, section] = source.extension;
  const [mitigation] = issue.mitigation ?? [];
  return {
    rule: issue.identifier[0].value,
    kind: kindOf(kind.code),
    severity: severity.code,
    title: issue.code.text,
    explanation: issue.detail,
    source: {
      name: name.valueString,
      section: section.valueString,
      ...(issue.reference !== undefined && { url: issue.reference }),
    },
    evidence: issue.evidence[0].code[0].text,
    ...(mitigation !== undefined && { override: mitigation.action.text }),
  };
}

/** The check that a prescription carries; undefined where none was made. */
export function readSafety(
  issues: readonly z.output<typeof detectedIssue>[],
  extension: z.output<typeof safetyExtension> | undefined,
): SafetyRecord | undefined {
  if (extension === undefined) return undefined;
  const [table, outcome, at, salt, ...rest] = extension.extension;
  const unknown: UnknownFact[] = [];
  const stated: StatedFact[] = [];
  let part: CheckedPart | undefined;
  for (const each of rest) {
    if (each.url === 'unknown') {
      const [what, why, detail] = each.extension;
      unknown.push({
        what: what.valueCode,
        why: why.valueCode,
        ...(detail !== undefined && { detail: detail.valueString }),
      });
    } else if (each.url === 'part') {
      const [number, of, from] = each.extension;
      part = { part: number.valueInteger, of: of.valueInteger, from: from.valueDateTime };
    } else stated.push({ what: each.extension[0].valueCode, value: each.extension[1].valueString });
  }
  return {
    tableVersion: table.valueString,
    outcome: outcome.valueCode,
    at: at.valueDateTime,
    salt: salt.valueString,
    findings: issues.map(findingOf),
    unknown,
    stated,
    ...(part !== undefined && { part }),
  };
}
