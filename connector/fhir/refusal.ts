import { CryptoError } from '#crypto/errors.ts';
import { FhirError } from '#fhir/parse.ts';
import { safetyRuleSystem } from '#fhir/safety.ts';
import { ConnectorError, type ConnectorErrorCode } from '../errors.ts';

/** https://hl7.org/fhir/R4/valueset-issue-type.html, as far as it is used here. */
export type IssueType =
  | ('structure' | 'required' | 'value' | 'invariant' | 'not-supported' | 'business-rule' | 'duplicate')
  | (
      | 'security'
      | 'login'
      | 'forbidden'
      | 'not-found'
      | 'conflict'
      | 'throttled'
      | 'too-long'
      | 'too-costly'
      | 'transient'
      | 'incomplete'
      | 'informational'
      | 'exception'
    );

export interface Issue {
  code: IssueType;
  /** `error` where it is not said. */
  severity?: 'warning' | 'information';
  /** In words, without contents. */
  diagnostics: string;
  /** FHIRPath of the element, where there is one. */
  expression?: string;
  /** Medloom's own code of the refusal. */
  detail?: string;
  /** The rule of the clinical check that found it. */
  rule?: { code: string; title: string };
}

/** A refusal as an HTTP status and the issues of an OperationOutcome. */
export class FhirRefusal extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    issues: readonly Issue[],
    { headers = {}, cause }: { headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(issues.map(({ code, diagnostics }) => `${code}: ${diagnostics}`).join('; '), { cause });
    this.name = 'FhirRefusal';
    this.status = status;
    this.issues = issues;
    this.headers = headers;
  }
}

/** One issue. */
export const refuse = (status: number, code: IssueType, diagnostics: string, expression?: string): FhirRefusal =>
  new FhirRefusal(status, [{ code, diagnostics, ...(expression !== undefined && { expression }) }]);

type Meaning = readonly [status: number, code: IssueType];
const forbidden: Meaning = [403, 'forbidden'];
const conflict: Meaning = [409, 'conflict'];
const rule: Meaning = [422, 'business-rule'];
const passing: Meaning = [503, 'transient'];

/** What the refusals of ledgers and connector are in FHIR; of others the state of the ledger forbids it. */
const meanings: Partial<Record<ConnectorErrorCode, Meaning>> = {
  NOT_AUTHORISED: forbidden,
  NOT_REGISTERED: forbidden,
  SUSPENDED: forbidden,
  LICENCE_INVALID: forbidden,
  DELEGATION_ENDED: forbidden,
  NO_CONSENT: forbidden,
  WRONG_CODE: [403, 'security'],
  CODE_VOID: [403, 'security'],
  NOT_FOUND: [404, 'not-found'],
  INVALID_ARGUMENT: [400, 'value'],
  REASON_REQUIRED: [422, 'required'],
  QUANTITY_EXCEEDED: rule,
  EXPIRED: rule,
  RECALLED: rule,
  LEDGER_CONFLICT: passing,
  LEDGER_UNAVAILABLE: passing,
  INTERNAL: [500, 'exception'],
};

/** Any failure as a refusal; what nobody expected says nothing of itself. */
export function refusalOf(error: unknown): FhirRefusal {
  if (error instanceof FhirRefusal) return error;
  if (error instanceof ConnectorError) {
    const [status, code] = meanings[error.code] ?? conflict;
    const issue = { code, diagnostics: status === 500 ? 'a fault of the connector' : error.detail, detail: error.code };
    const headers: Record<string, string> = status === 503 ? { 'retry-after': '2' } : {};
    return new FhirRefusal(status, [issue], { headers, cause: error });
  }
  if (error instanceof CryptoError && error.code.startsWith('ACCESS_CODE')) {
    const issue = { code: 'value', diagnostics: 'this is no access code', detail: error.code } as const;
    return new FhirRefusal(400, [issue], { cause: error });
  }
  if (error instanceof CryptoError || error instanceof FhirError) {
    const diagnostics = 'what is stored of this prescription cannot be opened';
    return new FhirRefusal(500, [{ code: 'exception', diagnostics, detail: error.code }], { cause: error });
  }
  return new FhirRefusal(500, [{ code: 'exception', diagnostics: 'a fault of the connector' }], { cause: error });
}

/** https://hl7.org/fhir/R4/operationoutcome.html */
export function outcomeOf(issues: readonly Issue[]) {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ code, severity = 'error', diagnostics, expression, ...more }) => ({
      ...{ severity, code },
      ...detailsOf(more),
      diagnostics,
      ...(expression !== undefined && { expression: [expression] }),
    })),
  };
}

function detailsOf({ detail, rule }: Pick<Issue, 'detail' | 'rule'>) {
  if (rule) return { details: { coding: [{ system: safetyRuleSystem, code: rule.code }], text: rule.title } };
  return detail === undefined ? {} : { details: { coding: [{ system: 'urn:medloom:error', code: detail }] } };
}
