import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type Fault, pointerOf } from './fault.ts';
import schema from './schema/epcis-2.0.json' with { type: 'json' };

const ajv = new Ajv({ strict: false, allErrors: true, verbose: true });
// Both ways that the package can be loaded: as it is by Node, or with what it exports bundled.
('default' in addFormats ? addFormats.default : addFormats)(ajv);
ajv.addSchema(schema);

function validator(definition: string): ValidateFunction {
  const found = ajv.getSchema(`${schema.$id}#/definitions/${definition}`);
  if (found === undefined) throw new Error(`the schema of EPCIS has no ${definition}`);
  return found;
}

const validators = {
  document: validator('epcisDocument'),
  query: validator('epcisQueryDocument'),
  event: validator('EPCIS-Document-Event'),
};

/** Keywords that only say that something below them failed. */
const composite = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'propertyNames', '$ref']);

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Pointer and sentence of one of the validator's errors, where it says something by itself. */
function faultOf({ keyword, instancePath, params, message = '', propertyName, data }: ErrorObject): Fault | undefined {
  const below = (name: string) => `${instancePath}${pointerOf([name])}`;
  if (propertyName !== undefined) {
    return { pointer: below(propertyName), message: `${propertyName} is neither of EPCIS here nor an extension.` };
  }
  if (composite.has(keyword)) return undefined;
  switch (keyword) {
    case 'required':
      return { pointer: below(params.missingProperty), message: `${params.missingProperty} is missing.` };
    case 'additionalProperties':
      return {
        pointer: below(params.additionalProperty),
        message: `${params.additionalProperty} does not stand here.`,
      };
    case 'enum':
      return { pointer: instancePath, message: `${quoted(data)} is none of what may stand here.` };
    case 'format':
      return {
        pointer: instancePath,
        message: `${quoted(data)} is no ${params.format === 'uri' ? 'URI' : params.format}.`,
      };
    case 'pattern':
      return { pointer: instancePath, message: `${quoted(data)} does not have the form that is due here.` };
    case 'not':
      return { pointer: instancePath, message: 'This stands in events with the action ADD only.' };
    default:
      return { pointer: instancePath, message: `This ${message}.` };
  }
}

/** The value to which a JSON pointer leads. */
function valueAt(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
      root,
    );
}

/** One sentence for each place: of a value that may be one of several things, that it is none of them. */
function condensed(root: unknown, errors: ErrorObject[]): Fault[] {
  const faults = new Map<string, Fault>();
  const alternatives = new Set(
    errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath),
  );
  for (const error of errors) {
    const fault = faultOf(error);
    if (fault === undefined || faults.has(fault.pointer)) continue;
    // Which other members are due depends on the action; it is they that are at fault.
    if (error.keyword === 'pattern' && error.instancePath.endsWith('/action')) continue;
    if (error.propertyName === undefined && ['enum', 'pattern', 'format'].includes(error.keyword)) {
      // Of a name that is refused, the validator also says why it is no name, at the place of the object that has it.
      if (error.data !== valueAt(root, error.instancePath)) continue;
      if (alternatives.has(error.instancePath)) {
        fault.message = `${quoted(error.data)} is neither a term of the vocabulary nor a URI of one's own.`;
      }
    }
    faults.set(fault.pointer, fault);
  }
  if (faults.size > 0) return [...faults.values()];
  return errors
    .slice(0, 1)
    .map(({ instancePath }) => ({ pointer: instancePath, message: 'This is nothing of EPCIS.' }));
}

/** What the published schema refuses, with pointers into the value. */
export function schemaFaults(kind: keyof typeof validators, value: unknown): Fault[] {
  const validate = validators[kind];
  return validate(value) ? [] : condensed(value, validate.errors ?? []);
}
